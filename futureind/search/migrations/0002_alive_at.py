from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.RenameField(model_name="searchsnapshot", old_name="begun_at", new_name="alive_at"),
    ]
