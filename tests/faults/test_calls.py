"""Rows 7 and 8: every named fault at every kind of call, a body cut anywhere; nothing lost, doubled, half.

`make soak` (``CLERK_SOAK=1``) does every cell in a job of its own; else one job carries a fault at each kind
of call, and a seeded sample of the cells is done.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from clerk_app.domain.case import CaseQuery
from clerk_app.portal.opening import _Opening
from clerk_app.portal.transport import Transport
from clerk_app.sandbox import http as sandbox_http
from clerk_app.sandbox.faults import FAULTS
from clerk_app.sync.receive import Receiver
from tests.faults.calls import Office, cells, disturb, office
from tests.matrix import record, trials

ROW_7 = "7 network faults × calls"
ROW_8 = "8 bodies cut at each 1/100"
_JOBS_PER_OFFICE = 8
SEED = 20261127


@pytest.fixture
def key_cache(cache_dir: Path) -> Path:
    return cache_dir / "sandbox-keys"


def kinds_of(made: Office) -> list[str]:
    """The distinct calls of whole jobs over every way back, in their order."""
    found = dict.fromkeys(call.kind for _ in range(2) for call in made.job({}, applications=4))
    assert made.judged() == [], "a quiet job"
    return list(found)


def test_every_fault_at_every_call(tmp_path: Path, key_cache: Path) -> None:
    waiting: list[tuple[str, str]] = []
    sample, happened, found, number = 0, 0, [], 0
    while number == 0 or (waiting and number < trials(5, 400)):
        with (
            pytest.MonkeyPatch.context() as patch,
            office(tmp_path / str(number), key_cache, patch, seed=number + 1) as made,
        ):
            if number == 0:
                kinds = kinds_of(made)
                assert len(kinds) >= 16, kinds
                waiting = cells(kinds)
                assert {fault for _kind, fault in waiting} == set(FAULTS)
                random.Random(SEED).shuffle(waiting)
                del waiting[trials(240, len(waiting)) :]
                sample = len(waiting)
            together = trials(1, 0) == 1
            happened += disturb(made, waiting, jobs=_JOBS_PER_OFFICE, together=together)
            found += made.judged()
        number += 1
    record(ROW_7, happened, len(found))
    assert found == []
    assert happened > sample * 0.8, "most cells must have come to pass"


def test_an_announcement_in_another_case_is_not_believed(tmp_path: Path, key_cache: Path) -> None:
    """Its receipt would be looked for in a log that never tells of it."""
    cell = ("pushing POST /replies", "bit-flip")
    with pytest.MonkeyPatch.context() as patch, office(tmp_path, key_cache, patch) as made:
        assert disturb(made, [cell], jobs=6, together=False) == 1
        assert made.judged() == []


# -- clients broken on purpose ---------------------------------------------------------------------------


def believes_any_content(patch: pytest.MonkeyPatch) -> None:
    """Content types and statuses are not looked at: a sign-in page is an answer."""
    judge = Transport._judge

    def careless(self: Transport, response: httpx.Response, host: str, expect: Any, begun: float) -> Any:
        if response.status_code == 206:
            response.status_code = 200
        for at, (name, _value) in enumerate(response.headers.raw):
            if name.lower() == b"content-type" and expect.content_types:
                wanted = sorted(expect.content_types)[0].encode()
                raw = [each for each in response.headers.raw if each[0].lower() != b"content-type"]
                response.headers = httpx.Headers([*raw, (response.headers.raw[at][0], wanted)])
                break
        return judge(self, response, host, expect, begun)

    patch.setattr(Transport, "_judge", careless)


def refuses_at_the_first_damage(patch: pytest.MonkeyPatch) -> None:
    """What came damaged once is refused or put aside for good."""

    def once(self: Receiver, mailbox: Any, batch: Any) -> Any:
        def fetch_and_open(item: Any) -> Any:
            return mailbox.open(mailbox.fetch(item, self.spool))

        return [self.pool.submit(fetch_and_open, item) for item in batch]

    patch.setattr(Receiver, "_submit", once)


def checks_no_tags(patch: pytest.MonkeyPatch) -> None:
    """Authentication tags and hashes of what came are not compared with what was sent."""

    def any_tag(self: Any, received: Any, stated: object, where: str, found: list[Any]) -> str:
        return stated if isinstance(stated, str) else ""

    from clerk_app.portal import mailbox, opening

    patch.setattr(_Opening, "_tag", any_tag)
    patch.setattr(
        mailbox.FitConnectMailbox, "_checked", lambda self, submission, waiting: _decoded(submission)
    )
    patch.setattr(opening, "hashlib", _AnyHash())


def _decoded(submission: bytes) -> Any:
    from clerk_app.portal import wire

    return wire.decode(submission, wire.SubmissionBody)


class _AnyHash:
    """Says of everything what was expected of it."""

    def sha512(self, content: bytes = b"") -> _AnyHash:
        return self

    def update(self, content: bytes) -> None: ...

    def hexdigest(self) -> Any:
        class Same(str):
            __slots__ = ()

            def __ne__(self, other: object) -> bool:
                return False

            __hash__ = str.__hash__

        return Same("0" * 128)


def sends_again_after_a_lost_answer(patch: pytest.MonkeyPatch) -> None:
    """What may have been submitted is announced anew without a look into the event log."""
    from clerk_app.domain.outbox import OutboxState
    from clerk_app.sync.push import Pusher

    def start_over(self: Pusher, entry: Any, state: OutboxState, *_: object) -> OutboxState:
        self.outbox.move(entry.entry_id, OutboxState.QUEUED, expected=state)
        return OutboxState.QUEUED

    patch.setattr(Pusher, "_settle", start_over)


def forgets_what_it_has(patch: pytest.MonkeyPatch) -> None:
    """A list without what was accepted before is taken as the truth: what is not listed is never settled."""
    from clerk_app.sync import receive
    from clerk_app.sync.plan import plan_sync

    def forgetful(waiting: Any, known: Any, unsettled: Any, *rest: Any) -> Any:
        return plan_sync(waiting, {}, (), *rest)

    patch.setattr(receive, "plan_sync", forgetful)


MUTANTS: dict[Callable[[pytest.MonkeyPatch], None], list[tuple[str, str]]] = {
    believes_any_content: [
        ("receiving GET /submissions/{id}/attachments/{id}", fault)
        for fault in ("html-login", "partial-content", "wrong-content-type")
    ],
    refuses_at_the_first_damage: [
        ("receiving GET /submissions/{id}/attachments/{id}", "bit-flip"),
        ("receiving GET /cases/{id}/events", "reordered-events"),
        ("receiving GET /submissions/{id}/attachments/{id}", "half-body"),
    ],
    checks_no_tags: [
        ("receiving GET /submissions/{id}", "hash-mismatch"),
        ("receiving GET /submissions/{id}", "wrong-submission"),
    ],
    sends_again_after_a_lost_answer: [
        ("pushing PUT /submissions/{id}", "drop-after-receiving"),
        ("pushing PUT /submissions/{id}", "502-html"),
    ],
    forgets_what_it_has: [
        ("receiving POST /cases/{id}/events", "drop-after-receiving"),
        ("receiving GET /submissions", "restored-from-backup"),
    ],
}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_broken_client_is_caught(
    tmp_path: Path, key_cache: Path, mutant: Callable[[pytest.MonkeyPatch], None]
) -> None:
    """A harness that catches no broken client is blind."""
    with pytest.MonkeyPatch.context() as patch, office(tmp_path, key_cache, patch) as made:
        with pytest.MonkeyPatch.context() as breaking:
            mutant(breaking)
            happened = disturb(made, list(MUTANTS[mutant]), jobs=6, together=False)
        assert happened >= 1
        assert made.judged() != []


# -- row 8 -----------------------------------------------------------------------------------------------


def test_a_body_cut_anywhere_arrives_whole(tmp_path: Path, key_cache: Path) -> None:
    """Attachments cut at each hundredth, on the socket. The client asks for no ranges (an attachment is
    sealed as a whole): a cut one is fetched once more, at once, and nothing else is."""
    shares = [share / 100 for share in range(100)]
    cut: dict[str, float] = {}
    with pytest.MonkeyPatch.context() as patch, office(tmp_path, key_cache, patch) as made:

        def once_each(kind: str, path: str) -> str | None:
            if (
                not kind.startswith("receiving GET /submissions/{id}/attachments/")
                or path in cut
                or not shares
            ):
                return None
            cut[path] = shares.pop()
            patch.setattr(sandbox_http, "CUT_AT", cut[path])
            return "truncated-body"

        made.line.every = once_each
        with made.opened() as (_premises, engine, desk):
            one_by_one = replace(engine, workers=1)
            while shares:
                made.filed += made.portal.file(10)
                made.settle(one_by_one, desk)
            for row in desk.reads.list(CaseQuery()):
                case = desk.reads.case_file(row.case_id)
                assert case is not None
                for document in case.first.attachments:
                    sink = BytesIO()
                    desk.attachments.write_to(
                        row.case_id, case.first.submission_id, document.attachment_id, sink
                    )
                    assert hashlib.sha512(sink.getvalue()).hexdigest() == document.sha512
        fetched = Counter(call.path for call in made.line.made if call.path in cut)
        found = made.judged()
    again = sum(fetched.values()) - len(cut)
    record(ROW_8, len(cut), len(found))
    assert found == []
    assert len(cut) == 100
    assert again == 100, "each is fetched once more and no more often"
