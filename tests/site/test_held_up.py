"""Somebody else holds the write lock for long: nobody waits for ever, and nothing typed is lost."""

import pytest

from tests.admin_browser import FormReader
from tests.conftest import slowness
from tests.own_database import copy, is_postgres
from tests.site.held_up import hold_up, served

SAVES = 10


@pytest.mark.long
def test_saves_that_get_no_turn_are_given_back(templates, tmp_path):
    database = copy(templates.filled, tmp_path)
    with served(database, tmp_path, LOCK_SECONDS="8") as (url, passwords):
        person, before, meanwhile, typed, answers, log_in = hold_up(
            database, url, passwords, saves=SAVES, seconds=60
        )
        print(before, meanwhile, sorted(round(a.seconds, 1) for a in answers.values()))  # noqa: T201

        assert len(answers) == SAVES
        for address, answer in answers.items():
            assert answer.status == 503, answer.text[:2000]
            assert answer.seconds < 25
            assert typed[address] in answer.text
        # More than wait are answered at once.
        assert min(answer.seconds for answer in answers.values()) < 2 * slowness()
        # PostgreSQL lets it write its session beside the change that is under way.
        assert log_in.status == (200 if is_postgres() else 503)
        assert passwords["reviewer"] not in log_in.text
        for name, seconds in meanwhile.items():
            assert seconds < (1 + before[name]) * slowness(), name

        for address, answer in answers.items():
            form = FormReader(answer.text).fields
            again = person.ask(address, form)
            assert again.status == 200, again.text[:2000]
            assert "/proposal/" in again.address or typed[address] in person.ask(address).text
    database.drop()
