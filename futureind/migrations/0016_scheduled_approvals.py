from django.db import migrations, models


def forget_approvals(apps, schema_editor):
    """Remove, on the way back, what the former constraints do not know."""
    apps.get_model("futureind", "Schedule").objects.filter(move="approve").delete()
    steps = apps.get_model("futureind", "ProposalStep").objects
    steps.filter(step__in=["scheduled", "stopped", "refused"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("futureind", "0015_work_notes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="proposalstep",
            name="proposal_step_known",
        ),
        migrations.RemoveConstraint(
            model_name="schedule",
            name="schedule_move_known",
        ),
        migrations.AddField(
            model_name="schedule",
            name="proposal_version",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="version of the proposal"
            ),
        ),
        migrations.AlterField(
            model_name="proposalstep",
            name="step",
            field=models.CharField(
                choices=[
                    ("proposed", "proposed"),
                    ("edited", "edited"),
                    ("merged", "taken together with newer changes"),
                    ("returned", "sent back"),
                    ("approved", "approved"),
                    ("given-up", "given up"),
                    ("scheduled", "approved for a set time"),
                    ("stopped", "approval at a set time called off"),
                    ("refused", "not written at the set time"),
                ],
                max_length=10,
                verbose_name="step",
            ),
        ),
        migrations.AlterField(
            model_name="schedule",
            name="move",
            field=models.CharField(
                choices=[("publish", "publish"), ("withdraw", "withdraw"), ("approve", "approve")],
                max_length=10,
                verbose_name="what happens",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "step__in",
                        [
                            "proposed",
                            "edited",
                            "merged",
                            "returned",
                            "approved",
                            "given-up",
                            "scheduled",
                            "stopped",
                            "refused",
                        ],
                    )
                ),
                name="proposal_step_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("move__in", ["publish", "withdraw", "approve"])),
                name="schedule_move_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("move", "approve"), ("proposal_version__isnull", False)),
                    models.Q(
                        models.Q(("move", "approve"), _negated=True), ("proposal_version", None)
                    ),
                    _connector="OR",
                ),
                name="schedule_approves_a_version",
            ),
        ),
        # Last, so that it comes first on the way back.
        migrations.RunPython(migrations.RunPython.noop, forget_approvals),
    ]
