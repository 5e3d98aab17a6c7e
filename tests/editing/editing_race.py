"""Eight people at the same records.

Usage: python -m tests.editing.editing_race SECONDS, which prints what happened.

Works on the database of DATABASE_URL (or VAR_DIR), which it fills and which must be empty.
Everybody goes on adding a word of their own to a text, as a browser would, while reviewers publish,
approve and withdraw. A save is acknowledged by a redirect, or by the page of a conflict that keeps
it.
"""

import json
import os
import re
import sys
import threading
import time
from collections import Counter
from itertools import pairwise

from tests.chance import dice

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "futureind.settings")
WRITERS = {f"writer-{number}": "contributors" for number in range(5)}
JUDGES = {f"judge-{number}": "reviewers" for number in range(3)}
PEOPLE = WRITERS | JUDGES
RECORDS = 4
KINDS = {"saved", "proposed", "decided"}
# Seconds beyond the end until each kind has happened.
PATIENCE = 240
LONGEST_WAIT = 20


def prepare():
    """Fill the empty database with people and records, half of them public."""
    import django

    django.setup()
    from django.conf import settings

    # As in all tests.
    settings.ALLOWED_HOSTS = ["testserver"]
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static}
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    from futureind.accounts.roles import write_groups
    from tests.conftest import wait_longer_for_turns
    from tests.factories import make_agency

    wait_longer_for_turns()
    call_command("migrate", verbosity=0)
    groups = write_groups()
    for name, group in PEOPLE.items():
        user = get_user_model().objects.create_user(name, password=name, is_staff=True)
        user.groups.add(groups[group])
    return [make_agency(published=number % 2 == 0).pk for number in range(RECORDS)]


class Person(threading.Thread):
    """Somebody who edits, and decides where they may, until it is over."""

    def __init__(self, name, records, is_over):
        super().__init__(name=name)
        self.records, self.is_over = records, is_over
        self.words, self.counts, self.slowest = [], Counter(), 0.0
        self.failures = []
        self.dice = dice(name)

    def run(self):
        from django.db import connection

        from tests.conftest import signed_in

        self.client = signed_in(self.name)
        self.client.raise_request_exception = False
        number = 0
        while not self.is_over():
            number += 1
            record = self.dice.choice(self.records)
            began = time.monotonic()
            try:
                # One judge writes nothing: when all have written in a draft, nobody may publish it.
                decides = self.name == "judge-0" or (self.name in JUDGES and number % 2)
                self.decide(record) if decides else self.edit(record, f"{self.name}.{number}")
            except Exception as error:
                self.failures.append(repr(error))
            self.slowest = max(self.slowest, time.monotonic() - began)
        connection.close()

    def edit(self, record, word):
        """Add a word to the text that the form shows."""
        from tests.admin_browser import read_form

        url = f"/admin/catalog/agency/{record}/change/"
        data = read_form(self.client, url)
        data["role_en"] = [f"{data['role_en'][0]} {word}".strip()]
        answer = self.client.post(url, data | {"_save": "1"})
        if answer.status_code == 302 or answer.status_code == 409:
            kind = "conflict" if answer.status_code == 409 else "saved"
            if "/proposal/" in answer.headers.get("Location", ""):
                kind = "proposed"
            self.counts[kind] += 1
            self.words.append((record, word, kind))
        else:
            self.failures.append(f"{answer.status_code} for {word}: {answer.content[:200]!r}")

    def decide(self, record):
        """Publish what is not public; approve what waits for a public record, or withdraw it.

        Which of the two is chance, so that no state of the records is the last one: a proposal
        that has been overtaken is never approved, and would keep its record public for good.
        """
        from catalog.models import Agency
        from futureind.publishing.models.proposals import Proposal

        agency = Agency.objects.get(pk=record)
        waiting = Proposal.objects.of(agency).filter(state="in-review").first()
        if agency.publication_state in ("draft", "withdrawn"):
            url = f"/admin/catalog/agency/{record}/review/"
            html = self.client.get(url).content.decode()
            seen = re.search(r'name="seen" value="(\d+)"', html)
            if seen is None:
                # One's own work: somebody else has to publish it.
                return
            data = {"_publish": "1", "seen": seen[1]}
        elif waiting is not None and self.dice.random() < 0.6:
            url = f"/admin/publishing/proposal/{waiting.pk}/change/"
            data = {"_approve": "1", "seen": waiting.version}
        else:
            url = f"/admin/catalog/agency/{record}/withdraw/"
            data = {"confirmed": "yes", "change_reason": "For a while."}
        answer = self.client.post(url, data)
        self.counts["decided"] += 1
        if answer.status_code != 302:
            self.failures.append(f"{answer.status_code} for {sorted(data)}")


def lost_words(people):
    """Return the acknowledged words that are nowhere, and those that a later version dropped."""
    from catalog.models import Agency
    from futureind.publishing.models.proposals import Proposal
    from futureind.publishing.models.revisions import Revision

    nowhere, dropped = [], []
    for pk in {record for person in people for record, _word, _kind in person.words}:
        agency = Agency.objects.get(pk=pk)
        texts = [
            set(revision.snapshot["fields"]["role_en"].split())
            for revision in Revision.objects.of(agency).order_by("id")
        ]
        proposed = set()
        for proposal in Proposal.objects.of(agency):
            proposed |= set(proposal.snapshot["fields"]["role_en"].split())
        for person in people:
            for record, word, kind in person.words:
                kept = set().union(*texts) if kind == "saved" else proposed
                if record == pk and word not in kept:
                    nowhere.append(word)
        for before, after in pairwise(texts):
            dropped += sorted(before - after)
        if set(agency.role_en.split()) != texts[-1]:
            dropped.append(f"the record {pk} is not as its last version")
    return nowhere, dropped


def race(seconds):
    """Let everybody work for so long; return what happened, as a dictionary."""
    records = prepare()
    end = time.monotonic() + seconds

    def is_over():
        # On a busy machine a few seconds may be too few for each kind of thing to happen once.
        now = time.monotonic()
        done = sum((person.counts for person in people), Counter())
        return now > end and (set(done) >= KINDS or now > end + PATIENCE)

    people = [Person(name, records, is_over) for name in PEOPLE]
    for person in people:
        person.start()
    for person in people:
        person.join()
    nowhere, dropped = lost_words(people)
    return {
        "seconds": seconds,
        **sum((person.counts for person in people), Counter()),
        "failures": [failure for person in people for failure in person.failures],
        "nowhere": nowhere,
        "dropped": dropped,
        "slowest": round(max(person.slowest for person in people), 2),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(race(float(sys.argv[1]))) + "\n")
