from django.db import migrations


def forget_snapshots(apps, schema_editor):
    """Snapshots are derived, and written in another form now: entries answer until a new build."""
    apps.get_model("futureind", "SearchPosting").objects.all().delete()
    apps.get_model("futureind", "SearchSnapshot").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("futureind", "0009_merges")]

    operations = [migrations.RunPython(forget_snapshots, forget_snapshots, elidable=True)]
