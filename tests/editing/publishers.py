"""Eight publishers at once in a process of their own; ends well where the index is as if rebuilt.

Usage: python -m tests.editing.publishers, with the settings of an empty, migrated database.
"""

import contextlib
import sys
from concurrent.futures import ThreadPoolExecutor

import django

from tests.chance import dice

PUBLISHERS = 8
CHANGES = 10


def main():
    from catalog.models import IndustryField
    from tests.conftest import wait_longer_for_turns
    from tests.factories import make_plan, make_technology, make_track

    wait_longer_for_turns()
    fields = [
        IndustryField.objects.create(
            slug=f"field-{number}", code=number, name_en=f"Field {number}", name_zh=f"领域{number}"
        )
        for number in range(3)
    ]
    technologies = [make_technology(published=True) for _ in range(3)]
    plans = [make_plan(published=True) for _ in range(4)]
    for plan in plans:
        make_track(plan=plan)
    with ThreadPoolExecutor(PUBLISHERS) as pool:
        for done in [pool.submit(publish, n, plans, fields, technologies) for n in range(8)]:
            done.result()

    from django.core.management import call_command

    from futureind.search.entries import SearchEntry

    kept = entries()
    SearchEntry.objects.all().delete()
    call_command("rebuild_search", verbosity=0)
    if kept != entries():
        sys.exit("The index differs from a rebuilt one.")
    sys.stdout.write(f"{PUBLISHERS * CHANGES} changes, {len(kept)} entries\n")


def publish(number, plans, fields, technologies):
    """Make changes that meet those of the other publishers on the same records."""
    from django.db import connection

    from futureind.publishing import history, workflow
    from futureind.publishing.models.revisions import Action

    rng = dice(f"publisher {number}")
    try:
        for change in range(CHANGES):
            plan = type(plans[0]).objects.get(pk=rng.choice(plans).pk)
            kind = rng.choice(["rename", "title", "tracks", "state"])
            with history.in_turn():
                if kind == "rename":
                    plan.region.name_en = f"Region {number} {change}"
                    plan.region.save()
                    history.record(plan.region, Action.EDITED)
                elif kind == "title":
                    plan.document.title_en = f"Plan {number} {change}"
                    plan.document.save()
                    history.record(plan.document, Action.EDITED)
                elif kind == "tracks":
                    edit_tracks(plan, rng.choice(fields), rng.choice(technologies), number, change)
                    history.record(plan, Action.EDITED)
                else:
                    turn_over(workflow, plan)
    finally:
        connection.close()


def edit_tracks(plan, field, technology, number, change):
    plan.horizon_year = 2030 + change
    plan.save()
    track = plan.tracks.first()
    track.name_en = f"Track {number} {change}"
    track.save()
    track.field_mappings.all().delete()
    track.field_mappings.create(field=field)
    track.technology_mappings.all().delete()
    track.technology_mappings.create(technology=technology)


def turn_over(workflow, plan):
    """Withdraw a plan that is public, publish one that is not; another may have been faster."""
    change = workflow.withdraw if plan.is_public else workflow.publish
    with contextlib.suppress(workflow.TransitionError):
        change(plan, user=None, note="turned over")


def entries():
    from futureind.search.entries import SearchEntry

    columns = ("kind", "object_id", "order", "facets", "title_terms", "terms", "names", "aliases")
    found = SearchEntry.objects.filter(removed=False).order_by("kind", "object_id")
    return list(found.values(*columns))


if __name__ == "__main__":
    django.setup()
    main()
