"""From the outbox to the citizen over HTTP: never said more than the portal says, never less."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from clerk_app.bootstrap.desk_side import open_desk
from clerk_app.bootstrap.premises import open_premises
from clerk_app.bootstrap.sync_side import open_engine
from clerk_app.domain.case import CaseQuery
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState
from clerk_app.sandbox.model import State
from clerk_app.sandbox.server import RunningSandbox
from clerk_app.store.ledger import LedgerStore
from clerk_app.sync.engine import SyncEngine
from clerk_app.sync.status import StatusBoard
from clerk_app.texts.outbox_words import entry_words
from clerk_app.usecases.desk import Desk
from tests.journeys.conftest import Office, StartPortal

S = OutboxState
HANDED_OVER = {State.SUBMITTED, State.FORWARDED, State.ACCEPTED, State.REJECTED}


@pytest.mark.parametrize("version", [1, 2])
def test_who_refused_an_electronic_decision_gets_a_letter_though_there_is_a_mailbox(
    start_portal: StartPortal, tmp_path: Path, version: int
) -> None:
    portal = start_portal(60, defective=0)
    profile = portal.profiles[0].with_name(f"version-{version}.toml")
    text = portal.profiles[0].read_text("utf-8")
    profile.write_text(text.replace("api_version = 2", f"api_version = {version}"), "utf-8")
    office = Office(tmp_path / "home", profile)
    office.json("sync")
    rows = {row["case_id"]: row for row in office.json("cases")}
    filed = json.loads((portal.directory / "applications.json").read_text())
    refusing = [
        entry
        for entry in filed
        if entry["caseId"] in rows and entry["digitalConsent"] is False and entry["mailboxUuid"]
    ]
    assert refusing, "the practice portal has somebody who refuses"
    case_id = refusing[0]["caseId"]

    # a request may still go electronically: it decides nothing
    portal.switch_fault("no-answer-from-citizen")
    request = office.json("request-documents", case_id, "--item", "Foto", "--now")
    assert request["channel"] == "idBundDeMailbox"
    assert office.json("sync")["delivered"] == 1
    decision = office.json("decide", case_id, "--outcome", "granted", "--now")
    assert (decision["channel"], decision["state"]) == (None, "TO_POST")
    assert office.json("sync")["sent"] == 0
    messages = portal.citizens.mailbox(refusing[0]["mailboxUuid"]).messages
    assert len(messages) == 1, "the request, not the decision"
    told = next(e for e in office.json("outbox") if e["entry_id"] == decision["entry_id"])
    assert told["state_text"] == "zur Post"

    printed = tmp_path / "print.pdf"
    job = office.json("outbox", "print", "--output", str(printed))
    assert (job["entries"], job["pages"] >= 2) == ([decision["entry_id"]], True)
    assert printed.read_bytes().startswith(b"%PDF-")
    states = portal.citizens.states(refusing[0]["applicationId"] or "")
    assert "COMPLETED" not in [each["status"] for each in states]


@dataclass
class Street:
    """An office and a portal, watched from outside after every round."""

    portal: RunningSandbox
    desk: Desk
    engine: SyncEngine
    seen: set[OutboxState] = field(default_factory=set)

    def entry(self, entry_id: EntryId) -> OutboxEntry:
        found = self.desk.reads.outbox_entry(entry_id)
        assert found is not None
        return found

    def portal_has(self, entry: OutboxEntry) -> bool:
        if entry.remote is None:
            return False
        there = self.portal.portal.submissions.get(entry.remote.remote_id) or self.portal.portal.replies.get(
            entry.remote.remote_id
        )
        return there is not None and there.state in HANDED_OVER

    def round(self, entry_id: EntryId) -> OutboxEntry:
        """One round; what the outbox says afterwards is held against what the portal holds."""
        self.engine.run_once(force=True)
        entry = self.entry(entry_id)
        self.seen.add(entry.state)
        words = entry_words(entry, self.engine.clock.now())
        has = self.portal_has(entry)
        if entry.state in (S.SUBMITTED, S.DELIVERED) or words.word in ("übergeben", "zugestellt"):
            assert has, (entry.state, words)
        if entry.state is S.DELIVERED:
            assert entry.receipt is not None
            assert "/accept-" in entry.receipt.event
        if entry.state is S.RETURNED or words.word in ("zurückgekommen", "zurückgehalten"):
            assert not has, (entry.state, words)
        return entry

    def case_offering(self, channel: str) -> CaseId:
        rows = self.desk.reads.list(CaseQuery())
        return next(row.case_id for row in rows if row.channel == channel)

    def arrived(self) -> int:
        """Messages and replies that citizens have."""
        boxes = {each.mailboxUuid for each in self.portal.filing.filed if each.mailboxUuid}
        messages = sum(len(self.portal.citizens.mailbox(box).messages) for box in boxes)
        return messages + len(self.portal.citizens.replies)


@pytest.fixture
def street(start_portal: StartPortal, tmp_path: Path) -> Iterator[Street]:
    portal = start_portal(24, defective=0)
    with ExitStack() as stack:
        premises = stack.enter_context(open_premises(tmp_path / "home", portal.profiles[0], lock=True))
        engine = stack.enter_context(open_engine(premises, StatusBoard()))
        desk = open_desk(premises)
        stack.callback(desk.close)
        engine.run_once()
        portal.switch_fault("no-answer-from-citizen")
        yield Street(portal, desk, engine)


_STEPS = ("/submissions", "/replies", "/attachments/", "/events")
_FAULTS = (
    "drop-before-receiving",
    "drop-after-receiving",
    "5xx",
    "truncated-body",
    "html-login",
    "wrong-content-type",
)
_OF_THE_LOG = ("forged-event", "reordered-events", "expired-token", "slow-bridge")


@pytest.mark.parametrize("channel", ["idBundDeMailbox", "fitConnect"])
def test_whatever_breaks_the_outbox_says_what_the_portal_says(street: Street, channel: str) -> None:
    case_id = street.case_offering(channel)
    plans = [f"{fault}:1:{step}" for fault in _FAULTS for step in _STEPS] + list(_OF_THE_LOG)
    for plan in plans:
        before = street.arrived()
        entry_id = street.desk.requesting.request(case_id, [f"Unterlage {plan}"], at_once=True).entry_id
        street.portal.switch_fault(plan)
        street.round(entry_id)
        street.round(entry_id)
        street.portal.switch_fault(plan.split(":", 1)[0], on=False)
        street.portal.bridge.handle_held()
        for _ in range(3):
            if street.round(entry_id).state is S.DELIVERED:
                break
        assert street.entry(entry_id).state is S.DELIVERED, plan
        assert street.arrived() == before + 1, plan
    assert {S.QUEUED, S.SUBMITTED, S.DELIVERED} <= street.seen
    street.desk.ledger.verify_chain()


def test_an_answer_lost_at_the_hand_over_is_in_doubt_until_the_log_tells(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = street.case_offering("idBundDeMailbox")
    before = street.arrived()
    entry_id = street.desk.requesting.request(case_id, ["Foto"], at_once=True).entry_id
    street.portal.switch_fault("drop-after-receiving:1:/attachments/")
    assert street.round(entry_id).state is S.ANNOUNCED
    move = LedgerStore.move

    def moved(self: LedgerStore, entry: EntryId, to: OutboxState, **details: Any) -> bool:
        done = move(self, entry, to, **details)
        if to is S.UPLOADED:  # all that comes now is the hand-over
            street.portal.switch_fault("drop-after-receiving:1:/submissions/")
        return done

    with monkeypatch.context() as patch:
        patch.setattr(LedgerStore, "move", moved)
        assert street.round(entry_id).state is S.IN_DOUBT
    assert street.round(entry_id).state is S.DELIVERED
    assert street.arrived() == before + 1
    story = street.desk.watch.story(entry_id)
    assert story is not None
    assert [step.details["to"] for step in story.steps if "to" in step.details][-1] == "DELIVERED"


def test_what_the_mailbox_refuses_comes_back_goes_by_post_and_is_posted_on_a_day(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = street.case_offering("idBundDeMailbox")
    entry_id = street.desk.requesting.request(case_id, ["Foto"], at_once=True).entry_id
    with monkeypatch.context() as closed:
        closed.setattr(street.portal.citizens, "has_mailbox", lambda _mailbox: False)
        street.engine.run_once(force=True)
        street.engine.run_once(force=True)
    refused = street.entry(entry_id)
    assert (refused.state, [each.rpartition("/")[2] for each in refused.problems]) == (
        S.RETURNED,
        ["invalid-content"],
    )
    assert refused.receipt is not None
    assert entry_words(refused, street.engine.clock.now()).word == "zurückgewiesen"

    assert street.desk.outbox.send_by_post(entry_id).state is S.TO_POST
    job = street.desk.post.print_job([entry_id])
    assert job.pages >= 2
    assert street.entry(entry_id).state is S.TO_POST
    posted = street.desk.outbox.mark_posted(entry_id)
    assert posted.state is S.POSTED
    assert posted.posted_on is not None


def test_a_decision_the_applicants_answer_has_overtaken_stays_here(street: Street) -> None:
    """The decision waits for a disturbed portal, the answer arrives in the same round, and it is held."""
    case_id = street.case_offering("idBundDeMailbox")
    street.portal.switch_fault("no-answer-from-citizen", on=False)
    street.portal.switch_fault("late-answer")
    request = street.desk.requesting.request(case_id, ["Foto"], at_once=True).entry_id
    assert street.round(request).state is S.DELIVERED
    street.engine.run_once(force=True)  # the state in the account
    draft = street.desk.deciding.draft(case_id, Outcome.GRANTED)
    decision = street.desk.deciding.sign(draft, lambda: None, at_once=True).entry_id
    before = street.arrived()
    assert street.portal.citizens.answer_now() == 1
    street.portal.switch_fault("5xx:1:/submissions")

    street.engine.run_once(force=True)
    assert street.entry(decision).state in (S.QUEUED, S.RETURNED)
    street.engine.run_once(force=True)
    held = street.round(decision)
    assert (held.state, held.problems) == (S.RETURNED, ("HELD_CASE_CHANGED",))
    assert street.arrived() == before
    (arrival,) = street.desk.outbox.arrived_since(held)
    assert arrival.at is not None

    street.desk.outbox.send_nevertheless(decision, [arrival.submission_id])
    for _ in range(3):
        street.round(decision)
    assert street.entry(decision).state is S.DELIVERED
    assert street.arrived() == before + 1


def test_within_the_minute_nothing_is_called_and_taking_back_leaves_draft_and_journal(
    street: Street,
) -> None:
    case_id = street.case_offering("idBundDeMailbox")
    street.desk.cases.save_draft(case_id, Outcome.GRANTED, Wording("weil es so ist"))
    decision = street.desk.deciding.sign(street.desk.deciding.draft(case_id, Outcome.GRANTED), lambda: None)
    announced = len(street.portal.portal.submissions)

    street.engine.run_once(force=True)
    assert len(street.portal.portal.submissions) == announced
    assert street.entry(decision.entry_id).state is S.QUEUED
    assert street.desk.outbox.withdraw(decision.entry_id).state is S.WITHDRAWN
    street.engine.run_once(force=True)
    assert len(street.portal.portal.submissions) == announced

    case = street.desk.reads.case_file(case_id)
    assert case is not None
    kinds = [event.kind for event in case.history]
    assert ActKind.DRAFTED.value in kinds
    last = [e for e in case.history if e.kind == ActKind.MOVED.value and e.actor == "machine"]
    assert last == [], "the machine had no hand in it"
    taken = [e for e in case.history if e.details.get("to") == "WITHDRAWN"]
    assert {e.details["kind"] for e in taken} >= {OutboxKind.DECISION.value}
    assert {e.actor for e in taken} == {street.desk.office.actor}
