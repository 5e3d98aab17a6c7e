"""The migrations, back to an empty database and forth again."""

import pytest

from tests.processes import run_python

pytestmark = [pytest.mark.django_db, pytest.mark.mostly_one_database]

# Run in one process of its own, on a migrated database.
BACK_AND_FORTH = """
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.utils import timezone
from futureind.publishing.models import Proposal, ProposalStep, Revision, Schedule

def migrate(*target):
    call_command("migrate", *target, verbosity=0)

kind = ContentType.objects.get_for_model(Revision)
about = {"content_type": kind, "object_id": 1, "record_name": "x"}
for action in ("corrected", "returned", "submitted"):
    base = Revision.objects.create(
        **about, action=action, origin="import", note="Because", snapshot={}
    )
proposal = Proposal.objects.create(**about, base=base, snapshot={}, origin="revert")
for step in ("scheduled", "stopped", "refused", "approved"):
    ProposalStep.objects.create(proposal=proposal, step=step)
Schedule.objects.create(
    **about, move="approve", due_at=timezone.now(), revision=base, proposal_version=1
)
migrate("regions", "zero")
migrate("catalog", "zero")
call_command("showmigrations", "catalog", "regions")
print("AND FORTH")
migrate()
call_command("showmigrations")
for revision in Revision.objects.all():
    print(revision.action, revision.note)
"""


@pytest.mark.long
def test_migrations_go_back_and_forth(migrated, tmp_path):
    environment = {"DATABASE_URL": migrated.url, "VAR_DIR": str(tmp_path)}

    written = run_python("manage.py", "shell", "-v0", "-c", BACK_AND_FORTH, **environment)

    back, _and, forth = written.partition("AND FORTH")
    assert "[ ] 0001_initial" in back
    assert "[X]" not in back
    assert "[X] 0001_initial" in forth
    assert "[ ]" not in forth
    assert "submitted Because" in forth
