"""Chores, which every worker does again and again besides its jobs."""

import threading

import pytest
from django.db import OperationalError

from futureind.jobs import chores
from futureind.publishing import scheduling

pytestmark = pytest.mark.django_db


def test_a_worker_leaves_what_the_database_refuses_to_its_next_round(monkeypatch):
    done = []

    def refused():
        raise OperationalError("busy")

    monkeypatch.setattr(chores, "CHORES", {refused: 1, lambda: done.append(1): 1})
    chores.do_all(chores.CHORES)
    chores.do_all(chores.CHORES)

    assert done == [1, 1]


def test_a_chore_that_fails_ends_neither_the_worker_nor_the_others(monkeypatch, caplog):
    done = threading.Event()

    def broken():
        raise ValueError("never seen before")

    monkeypatch.setattr(chores, "CHORES", {broken: 0.01, done.set: 0.01})
    monkeypatch.setattr(chores, "ROUND", 0.01)
    rounds = chores.Rounds()
    rounds.start()
    try:
        for _round in range(2):
            done.clear()
            assert done.wait(10)
        assert rounds.is_alive()
    finally:
        rounds.stop()
    assert "never seen before" in caplog.text


def test_a_chore_is_done_again_after_its_time(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(chores.time, "monotonic", lambda: now[0])
    often, rarely = (lambda: None), (lambda: None)
    monkeypatch.setattr(chores, "CHORES", {often: 1, rarely: 3600})
    rounds = chores.Rounds()

    assert rounds.due() == [often, rarely]
    rounds.done_at = {often: 100.0, rarely: 100.0}
    now[0] = 101.0
    assert rounds.due() == [often]
    now[0] = 3700.0
    assert rounds.due() == [often, rarely]


def test_workers_do_what_is_due():
    assert scheduling.run_due in chores.CHORES
