"""What arrives is kept as received, stored once, and joins its case in any order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from clerk_app.domain.case import CaseFile, CaseQuery, CaseStatus, CaseView
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.ids import AttachmentId, CaseId
from clerk_app.store import sealed
from clerk_app.store.connection import Connection
from clerk_app.store.home import HomePaths, Store
from clerk_app.sync.ports import (
    Defective,
    IntakeState,
    Opened,
    Original,
    Problem,
    StoredPage,
    StorePage,
    Unreadable,
)
from tests.store.making import MAILBOX, START, make_opened, make_original, new_id, page


def quarantined(original: Original, fingerprint: str = "keys-1") -> StorePage:
    return StorePage([], [], [(Unreadable(original, ErrorCode.KEY_UNKNOWN, {"kid": "k"}), fingerprint)])


def whole(store: Store, case_id: CaseId) -> CaseFile:
    found = store.reads().case_file(case_id)
    assert found is not None
    return found


def test_a_page_stored_twice_is_stored_once(store: Store) -> None:
    told: list[ChangeSet] = []
    store.bus.subscribe(told.append)
    intake = store.intake()
    first, second = make_opened(), make_opened(applicant="Bernd Groß")
    cases = frozenset({first[0].application.case_id, second[0].application.case_id})
    assert intake.store(MAILBOX, page(first, second)) == StoredPage(cases, frozenset())
    assert intake.store(MAILBOX, page(first, second)) == StoredPage(frozenset(), frozenset())
    assert told == [ChangeSet(arrived=cases)]
    assert len(store.reads().list(CaseQuery())) == 2


def test_an_answer_joins_its_case(store: Store) -> None:
    intake = store.intake()
    first = make_opened()
    case_id = first[0].application.case_id
    intake.store(MAILBOX, page(first))
    answer = make_opened(
        case_id=case_id, applicant="", text="Meldebescheinigung", at=START + timedelta(days=3)
    )
    assert intake.store(MAILBOX, page(answer)) == StoredPage(frozenset(), frozenset({case_id}))
    found = whole(store, case_id)
    assert found.applications == (first[0].application, answer[0].application)
    assert [attachment.submission_id for attachment in found.attachments] == [
        first[0].application.submission_id,
        answer[0].application.submission_id,
    ]
    assert found.row.applicant == "Anna Müller"
    assert found.row.attachment_count == 2
    for text in ("hauptstr", "meldebesch", "hauptstr meldebesch"):
        assert [row.case_id for row in store.reads().list(CaseQuery(text=text))] == [case_id]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_any_order_of_arrival_gives_the_same_case(store: Store, order: tuple[int, ...]) -> None:
    case_id = new_id()
    pages = [
        page(make_opened(case_id=case_id, applicant=name, channel=channel, at=START + timedelta(days=day)))
        for day, (name, channel) in enumerate([("Anna Müller", None), ("", "fitConnect"), ("", "eMail")])
    ]
    intake = store.intake()
    for number in order:
        intake.store(MAILBOX, pages[number])
    row = whole(store, CaseId(case_id)).row
    assert (row.applicant, row.channel, row.arrived_at) == ("Anna Müller", "fitConnect", START)
    assert row.row_id == round(START.timestamp() * 1000)
    assert [found.case_id for found in store.reads().list(CaseQuery(text="müller"))] == [case_id]


def test_cases_of_the_same_moment_all_get_a_place(store: Store) -> None:
    store.intake().store(MAILBOX, page(*(make_opened() for _ in range(5))))
    assert len(set(store.reads().ids(CaseQuery()))) == 5


def test_more_cases_than_a_second_has_milliseconds(store: Store) -> None:
    """A portal tells whole seconds. The thousandth case of one goes on into the next, whose own follow."""
    for part in range(0, 1003, 17):
        store.intake().store(MAILBOX, page(*(make_opened() for _ in range(min(17, 1003 - part)))))
    later = make_opened(at=START + timedelta(seconds=1))
    store.intake().store(MAILBOX, page(later))
    ids = store.reads().ids(CaseQuery())
    first = round(START.timestamp() * 1000)
    assert sorted(ids) == list(range(first, first + 1004))
    assert store.reads().rows(ids[:1])[0].case_id == later[0].original.waiting.case_id


def test_what_cannot_be_read_is_kept_and_shown(store: Store) -> None:
    original = make_original()
    case_id = original.waiting.case_id
    intake = store.intake()
    intake.store(MAILBOX, quarantined(original))
    known = intake.known([original.waiting.submission_id])[original.waiting.submission_id]
    assert (known.state, known.fingerprint) == (IntakeState.QUARANTINED, "keys-1")
    found = whole(store, case_id)
    assert (found.row.status, found.quarantine_code) == (CaseStatus.QUARANTINED, "KEY_UNKNOWN")
    assert found.applications == ()
    assert store.original(case_id, original.waiting.submission_id) == original
    assert store.reads().list(CaseQuery(view=CaseView.QUARANTINE)) == [found.row]


def test_what_can_be_read_later_leaves_the_quarantine(store: Store) -> None:
    original = make_original()
    intake = store.intake()
    intake.store(MAILBOX, quarantined(original))
    opened = make_opened(original)
    case_id = original.waiting.case_id
    assert intake.store(MAILBOX, page(opened)) == StoredPage(frozenset({case_id}), frozenset())
    found = whole(store, case_id)
    assert (found.row.status, found.quarantine_code) == (CaseStatus.NEW, None)
    assert intake.known([original.waiting.submission_id])[original.waiting.submission_id].state is (
        IntakeState.STORED
    )


def test_a_quarantined_follow_up_leaves_the_case_readable(store: Store) -> None:
    first = make_opened()
    case_id = first[0].application.case_id
    intake = store.intake()
    intake.store(MAILBOX, page(first))
    intake.store(MAILBOX, quarantined(make_original(case_id, at=START + timedelta(days=1))))
    found = whole(store, case_id)
    assert (found.row.status, found.quarantine_code) == (CaseStatus.NEW, "KEY_UNKNOWN")


def test_what_will_be_rejected_is_kept_but_is_no_case(store: Store) -> None:
    original = make_original()
    problem = Problem("https://problems/hash-mismatch", "Prüfsumme", "…", "metadata")
    intake = store.intake()
    done = intake.store(
        MAILBOX, StorePage([], [Defective(original, ErrorCode.HASH_MISMATCH, (problem,), "schema")])
    )
    assert done == StoredPage(frozenset(), frozenset())
    assert store.reads().list(CaseQuery()) == []
    (known,) = intake.unsettled(MAILBOX)
    assert (known.state, known.problems, known.event_schema) == (IntakeState.TO_REJECT, (problem,), "schema")
    assert store.original(original.waiting.case_id, original.waiting.submission_id) == original


def test_settling_ends_the_question(store: Store) -> None:
    opened: Opened
    opened, facts = make_opened()
    submission_id = opened.application.submission_id
    intake = store.intake()
    intake.store(MAILBOX, page((opened, facts)))
    (known,) = intake.unsettled(MAILBOX)
    assert (known.waiting, known.tags, known.event_schema) == (
        opened.original.waiting,
        opened.tags,
        opened.event_schema,
    )
    assert intake.unsettled(replace(MAILBOX, portal="amt24")) == []
    intake.settle({submission_id: IntakeState.ACCEPTED})
    assert intake.unsettled(MAILBOX) == []
    kinds = [event.kind for event in whole(store, opened.application.case_id).history]
    assert kinds == ["portal:submit-submission", "portal:accept-submission"]


def test_originals_come_back_as_received_large_ones_as_files(store: Store, tmp_path: Path) -> None:
    spooled = tmp_path / "spooled"
    spooled.write_bytes(b"large" * 500_000)
    large, small = AttachmentId(new_id()), AttachmentId(new_id())
    original = make_original(attachments={large: spooled, small: b"small"})
    store.intake().store(MAILBOX, page(make_opened(original)))
    (kept,) = store.intake().originals()
    assert kept.attachments[small] == b"small"
    body = kept.attachments[large]
    assert isinstance(body, Path)
    assert body.read_bytes() == spooled.read_bytes()
    body.unlink()
    assert replace(kept, attachments={}) == replace(original, attachments={})


def test_the_log_a_submission_came_with_is_read_without_its_attachments(store: Store) -> None:
    original = make_original(attachments={AttachmentId(new_id()): b"x" * 10})
    place = original.waiting
    store.intake().store(MAILBOX, page(make_opened(original)))

    log = store.arrival_log(place.case_id, place.submission_id)
    assert (log.tokens, log.fetched_at) == (original.event_log, original.fetched_at)
    assert log.keys == original.verification_keys


def test_a_lost_cache_is_built_again_from_the_originals(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    intake = store.intake()
    items = {}
    for number in range(4):
        item = make_opened(applicant=f"Person {number}", at=START + timedelta(hours=number))
        items[item[0].application.submission_id] = item
        intake.store(MAILBOX, page(item))
    settled = next(iter(items))
    intake.settle({settled: IntakeState.ACCEPTED})
    before = store.reads().list(CaseQuery())
    store.close()
    for path in paths.home.glob("cache.db*"):
        path.unlink()

    store = open_store()
    assert store.needs_rebuild
    assert store.reads().list(CaseQuery()) == []
    intake = store.intake()
    for original in intake.originals():
        opened, facts = items[original.waiting.submission_id]
        intake.store(MAILBOX, page((replace(opened, original=original), facts)))
    told: list[ChangeSet] = []
    store.bus.subscribe(told.append)
    store.rebuilt()
    assert told == [ChangeSet(everything=True)]
    assert store.reads().list(CaseQuery()) == before
    states = {known.waiting.submission_id for known in intake.unsettled(MAILBOX)}
    assert states == set(items) - {settled}, "what was accepted need not be accepted again"
    store.close()
    assert not open_store().needs_rebuild


def test_an_accepted_submission_that_no_longer_opens_is_shown_and_a_rejected_one_is_not(
    paths: HomePaths, open_store: Callable[[], Store]
) -> None:
    store = open_store()
    intake = store.intake()
    kept, refused = make_opened(applicant="Eins"), make_opened(applicant="Zwei")
    intake.store(MAILBOX, page(kept))
    defective = Defective(refused[0].original, ErrorCode.HASH_MISMATCH, ())
    intake.store(MAILBOX, StorePage([], [defective]))
    ids = [each.original.waiting.submission_id for each in (kept[0], refused[0])]
    intake.settle({ids[0]: IntakeState.ACCEPTED, ids[1]: IntakeState.REJECTED})
    store.close()
    for path in paths.home.glob("cache.db*"):
        path.unlink()

    store = open_store()
    intake = store.intake()
    unreadable = [(Unreadable(o, ErrorCode.KEY_UNKNOWN, {}), "") for o in intake.originals()]
    intake.store(MAILBOX, StorePage([], [], unreadable))

    (row,) = store.reads().list(CaseQuery())
    assert (row.case_id, row.status) == (kept[0].original.waiting.case_id, CaseStatus.QUARANTINED)
    assert {known.state for known in intake.known(ids).values()} == {
        IntakeState.QUARANTINED,
        IntakeState.REJECTED,
    }


def test_unstorable_characters_are_replaced_but_the_received_bytes_are_not(store: Store) -> None:
    opened, facts = make_opened(applicant="Anna \ud800 Müller")
    raw = b'{"name":"\\ud800"}'
    application = replace(
        opened.application, content=raw, sender_reference="x\udfff", metadata={"\ud800": ["\udc00"]}
    )
    store.intake().store(MAILBOX, page((replace(opened, application=application), facts)))
    found = whole(store, application.case_id)
    assert found.first.content == raw
    assert found.first.sender_reference == "x\ufffd"
    assert found.first.metadata == {"\ufffd": ["\ufffd"]}
    assert found.row.applicant == "Anna \ufffd Müller"


def test_hostile_ids_stay_inside_the_home(store: Store, paths: HomePaths) -> None:
    original = make_original(
        "../../../outside", submission_id="../evil", attachments={AttachmentId("/etc/x"): b"j"}
    )
    before = set(paths.home.parent.iterdir())
    store.intake().store(MAILBOX, quarantined(original))
    assert set(paths.home.parent.iterdir()) == before
    waiting = original.waiting
    assert store.original(waiting.case_id, waiting.submission_id) == original
    (directory,) = paths.documents.glob("[!.]*")
    assert directory.parent == paths.documents


def test_garbled_events_are_passed_over(store: Store) -> None:
    original = replace(make_original(), event_log=("", "a.b.c", "e30.e30.x", "e30.bnVsbA.x", "\ud800"))
    opened = make_opened(original)
    store.intake().store(MAILBOX, page(opened))
    assert whole(store, opened[0].application.case_id).history == ()


def test_the_last_round_is_that_of_the_most_silent_mailbox(store: Store) -> None:
    intake = store.intake()
    reads = store.reads()
    assert reads.last_sync_at() is None
    intake.synced(MAILBOX, START)
    intake.synced(replace(MAILBOX, portal="amt24"), START + timedelta(hours=1))
    assert reads.last_sync_at() == START
    intake.synced(MAILBOX, START + timedelta(hours=2))
    assert reads.last_sync_at() == START + timedelta(hours=1)


def test_an_incomplete_original_is_sealed_again(store: Store, paths: HomePaths) -> None:
    """After a power loss the envelope's name may have survived without an attachment's."""
    attachment_id = AttachmentId(new_id())
    original = make_original(attachments={attachment_id: b"jwe"})
    intake = store.intake()
    intake.store(MAILBOX, quarantined(original))
    for path in paths.documents.glob("*/*.jwe"):
        path.unlink()
    intake.store(MAILBOX, page(make_opened(original)))
    kept = store.original(original.waiting.case_id, original.waiting.submission_id)
    assert kept.attachments == {attachment_id: b"jwe"}


def test_originals_are_durable_before_their_rows_are(
    store: Store, paths: HomePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real_sync, real_transaction = sealed.sync_directory, Connection.transaction

    def sync(path: Path) -> None:
        real_sync(path)
        steps.append(path.name)

    def transaction(self: Connection, name: str) -> AbstractContextManager[None]:
        steps.append(name)
        return real_transaction(self, name)

    monkeypatch.setattr(sealed, "sync_directory", sync)
    monkeypatch.setattr(Connection, "transaction", transaction)
    first, second = make_opened(), make_opened()
    store.intake().store(MAILBOX, page(first, second))
    *syncs, commit = steps
    assert commit == "intake page"
    assert syncs[-1] == paths.documents.name
    assert set(syncs[:-1]) == {first[0].application.case_id, second[0].application.case_id}


def test_contested_submissions_stay_contested_in_a_new_cache(
    open_store: Callable[[], Store], paths: HomePaths
) -> None:
    store = open_store()
    opened = make_opened()
    submission_id = opened[0].application.submission_id
    intake = store.intake()
    intake.store(MAILBOX, page(opened))
    intake.settle({submission_id: IntakeState.CONTESTED})
    store.close()
    for path in paths.home.glob("cache.db*"):
        path.unlink()
    intake = open_store().intake()
    intake.store(MAILBOX, page(opened))
    assert intake.known([submission_id])[submission_id].state is IntakeState.CONTESTED
