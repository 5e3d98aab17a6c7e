from django.db import migrations, models

STATES = ["draft", "in-review", "published", "withdrawn"]


def kind(apps):
    kinds = apps.get_model("contenttypes", "ContentType").objects
    return kinds.filter(app_label="regions", model="coveragecheck").first()


def note_states(apps, schema_editor):
    """Write into the versions so far that they were public, as all were."""
    Revision = apps.get_model("futureind", "Revision")
    for revision in Revision.objects.filter(content_type=kind(apps)).iterator():
        revision.snapshot["fields"]["publication_state"] = "published"
        revision.save(update_fields=["snapshot"])


def forget_states(apps, schema_editor):
    """Take the states away, and with them what is not public: it would be, without one."""
    apps.get_model("regions", "CoverageCheck").objects.exclude(
        publication_state="published"
    ).delete()
    Revision = apps.get_model("futureind", "Revision")
    for revision in Revision.objects.filter(content_type=kind(apps)).iterator():
        revision.snapshot["fields"].pop("publication_state", None)
        revision.save(update_fields=["snapshot"])


def column(db_default):
    return models.CharField(
        choices=[(state, state.replace("-", " ")) for state in STATES],
        db_default=db_default,
        db_index=True,
        default="draft",
        editable=False,
        max_length=10,
        verbose_name="publication state",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0001_initial"),
        ("futureind", "0018_check_link_jobs"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        # What there is was public as soon as it was saved.
        migrations.AddField("CoverageCheck", "publication_state", column("published")),
        migrations.AlterField("CoverageCheck", "publication_state", column("draft")),
        migrations.AddConstraint(
            model_name="coveragecheck",
            constraint=models.CheckConstraint(
                condition=models.Q(publication_state__in=STATES), name="coverage_state_known"
            ),
        ),
        migrations.RunPython(note_states, forget_states),
    ]
