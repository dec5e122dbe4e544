"""Listeners are told, in spite of each other."""

from __future__ import annotations

import threading

import pytest

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.ids import CaseId
from clerk_app.store.bus import ChangeBus

CHANGES = ChangeSet(changed=frozenset({CaseId("a")}))


def test_every_listener_is_told_until_it_leaves() -> None:
    bus = ChangeBus()
    first: list[ChangeSet] = []
    second: list[ChangeSet] = []
    leave = bus.subscribe(first.append)
    bus.subscribe(second.append)
    bus.publish(CHANGES)
    leave()
    leave()
    bus.publish(CHANGES)
    assert (len(first), len(second)) == (1, 2)


def test_nothing_changed_is_not_told() -> None:
    bus = ChangeBus()
    told: list[ChangeSet] = []
    bus.subscribe(told.append)
    bus.publish(ChangeSet())
    assert told == []


def test_a_failing_listener_does_not_silence_the_others(caplog: pytest.LogCaptureFixture) -> None:
    bus = ChangeBus()
    told: list[ChangeSet] = []

    def failing(changes: ChangeSet) -> None:
        raise ValueError("Anna Müller")

    bus.subscribe(failing)
    bus.subscribe(told.append)
    bus.publish(CHANGES)
    assert told == [CHANGES]
    assert "ValueError" in caplog.text
    assert "Müller" not in caplog.text


def test_listeners_come_and_go_while_others_publish() -> None:
    bus = ChangeBus()
    stop = threading.Event()

    def come_and_go() -> None:
        while not stop.is_set():
            bus.subscribe(lambda changes: None)()

    thread = threading.Thread(target=come_and_go)
    thread.start()
    told: list[ChangeSet] = []
    bus.subscribe(told.append)
    for _ in range(500):
        bus.publish(CHANGES)
    stop.set()
    thread.join(10)
    assert len(told) == 500
