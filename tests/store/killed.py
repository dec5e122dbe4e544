"""Kills a writer at every numbered point: run as ``python -m tests.store.killed SCENARIO DIRECTORY``.

For n = 1, 2, … a child process does the scenario on its own home and ends with ``os._exit`` at its n-th
statement, sync or rename, until one child gets through. Prints one JSON document: what each child promised.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from clerk_app.domain.ids import AttachmentId, CaseId, EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxState, RemoteRef
from clerk_app.store import connection
from clerk_app.store.home import HomePaths, Store
from tests.store.making import DATA_KEY, MAILBOX, START, make_opened, make_original, make_outgoing, page

KILLED = 77
CASE = CaseId("22222222-2222-4222-8222-222222222222")
ENTRY = EntryId("33333333-3333-4333-8333-333333333333")
SUBMISSIONS = ("44444444-4444-4444-8444-444444444441", "44444444-4444-4444-8444-444444444442")
ATTACHMENT = AttachmentId("55555555-5555-4555-8555-555555555555")
JWE = b"header.key.iv." + b"x" * 100_000 + b".tag"

Promise = Callable[[str], None]


def note_twice(store: Store, promise: Promise) -> None:
    ledger = store.ledger("anna")
    for number in range(2):
        with ledger.transaction("note") as write:
            write.append(Act(ActKind.OPENED, CASE))
            write.append(Act(ActKind.NOTED, CASE, payload={"text": f"note {number}"}))
        promise(f"note {number}")


def decide_and_announce(store: Store, promise: Promise) -> None:
    ledger = store.ledger("anna")
    outgoing = make_outgoing(CASE)
    object.__setattr__(outgoing, "entry_id", ENTRY)
    with ledger.transaction("decide") as write:
        write.append(Act(ActKind.DRAFTED, CASE, ENTRY))
        write.queue(outgoing, START)
    promise("queued")
    remote = RemoteRef("remote-1", "case-1")
    ledger.move(ENTRY, OutboxState.ANNOUNCED, expected=OutboxState.QUEUED, remote=remote)
    promise("announced")
    ledger.move(ENTRY, OutboxState.DELIVERED, expected=OutboxState.ANNOUNCED)
    promise("delivered")


def take_in(store: Store, promise: Promise) -> None:
    intake = store.intake()
    for submission_id in SUBMISSIONS:
        original = make_original(CASE, submission_id=submission_id, attachments={ATTACHMENT: JWE})
        intake.store(MAILBOX, page(make_opened(original)))
        promise(submission_id)


SCENARIOS: dict[str, Callable[[Store, Promise], None]] = {
    "note": note_twice,
    "decide": decide_and_announce,
    "intake": take_in,
}


def _count_down(points: int) -> None:
    left = [points]

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os._exit(KILLED)
            return function(*args, **kwargs)

        return wrapper

    writer = connection.Connection
    for name in ("execute", "execute_many", "one", "rows"):
        setattr(writer, name, counted(getattr(writer, name)))
    for module, name in ((os, "fsync"), (Path, "replace"), (os, "link"), (Path, "unlink")):
        setattr(module, name, counted(getattr(module, name)))


def main(scenario: str, directory: Path) -> None:
    promised: list[list[str]] = []
    while True:
        number = len(promised) + 1
        home = HomePaths(directory / f"{number}")
        Store.open(home, DATA_KEY).close()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                store = Store.open(home, DATA_KEY)
                _count_down(number)
                SCENARIOS[scenario](store, partial(_say, writing))
            except BaseException as error:  # noqa: BLE001 - the child's last word
                os.write(2, repr(error).encode())
                os._exit(1)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            promised.append(pipe.read().splitlines())
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == 0:
            break
        if code != KILLED:
            raise SystemExit(f"the child failed at point {number}")
    print(json.dumps(promised))


def _say(pipe: int, what: str) -> None:
    os.write(pipe, f"{what}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
