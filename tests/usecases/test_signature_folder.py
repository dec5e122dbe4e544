"""The signature folder: nothing is signed unseen or stale, one PIN for all, what is done stays done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest

from clerk_app.domain.case import CaseStatus
from clerk_app.domain.decision import FindingLevel, Outcome, Wording
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.folder import DraftPlace, EndReason, FolderRun, PaperResult, PaperState
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.texts.findings import finding_sentence
from clerk_app.usecases.case_work import readable_case
from tests.usecases.house import UNKNOWN, Desk, House, code_of

P = PaperState


@dataclass
class Pin:
    """A person who is asked for the PIN."""

    answer: str | None = "123456"
    asked: int = 0

    def __call__(self) -> str | None:
        self.asked += 1
        return self.answer


@dataclass
class Key:
    """What the key does at each signature, by number from 1."""

    house: House
    fails: dict[int, ClerkError] = field(default_factory=dict)
    then: dict[int, Callable[[], object]] = field(default_factory=dict)
    tries: int = 0

    def __post_init__(self) -> None:
        self.house.letters.while_signing = self._signing

    def _signing(self) -> None:
        self.tries += 1
        self.then.get(self.tries, lambda: None)()
        self.house.letters.fail = self.fails.get(self.tries)


def lay(house: House, case_id: CaseId | None = None, desk: Desk | None = None) -> EntryId:
    clerk = desk or house.desk
    draft = clerk.deciding.draft(case_id or house.arrives(), Outcome.GRANTED)
    return clerk.folder.add(draft).draft_id


def look(house: House, *draft_ids: EntryId, desk: Desk | None = None) -> None:
    clerk = desk or house.desk
    for draft_id in draft_ids:
        clerk.drafts.seen(draft_id, clerk.drafts.paper(draft_id))


def lay_seen(house: House, number: int) -> list[EntryId]:
    found = [lay(house) for _ in range(number)]
    look(house, *found)
    return found


def states(run: FolderRun) -> list[PaperState]:
    return [result.state for result in run.results]


def decisions(house: House) -> list[EntryId]:
    return [entry.entry_id for entry in house.outbox() if entry.kind is OutboxKind.DECISION]


def place(house: House, draft_id: EntryId) -> tuple[DraftPlace, EndReason | None]:
    found = house.desk.drafts.known(draft_id)
    return found.place, found.end_reason


def test_what_was_laid_in_waits_with_its_paper_and_survives_the_ledger_check(house: House) -> None:
    case_id = house.arrives()
    draft = house.desk.deciding.draft(
        case_id, Outcome.PARTLY_GRANTED, Wording("Nur ein Hund", provisions=("Leine",), enclosures=("Plan",))
    )
    laid = house.desk.folder.add(draft)

    (waiting,) = house.desk.folder.waiting()
    assert waiting == laid
    assert (waiting.case_id, waiting.frozen_by, waiting.authors) == (case_id, "clerk", frozenset({"clerk"}))
    assert house.desk.ledger.frozen_draft(draft.entry_id).draft == draft, "the letter comes back as it was"
    assert house.desk.drafts.paper(draft.entry_id) == house.desk.deciding.preview(draft)
    assert house.outbox() == [], "nothing is queued yet"
    assert house.desk.ledger.verify_chain() > 0


def test_nothing_is_signed_that_was_not_shown(house: House) -> None:
    seen, unseen = lay(house), lay(house)
    look(house, seen)

    run = house.desk.folder.sign([unseen, seen], Pin())

    assert states(run) == [P.SKIPPED, P.SIGNED]
    assert run.results[0].code is ErrorCode.DRAFT_NOT_SEEN
    assert place(house, unseen) == (DraftPlace.FOLDER, None)
    assert decisions(house) == [seen]


def test_only_a_look_at_this_very_paper_counts_and_only_ones_own(house: House) -> None:
    laid, other = lay(house), lay(house)
    assert code_of(lambda: house.desk.drafts.seen(laid, b"%PDF another")) is ErrorCode.DRAFT_CHANGED
    colleague = house.another_desk("colleague")
    look(house, laid, desk=colleague)

    assert house.desk.folder.sign([laid], Pin()).results[0].code is ErrorCode.DRAFT_NOT_SEEN
    assert colleague.folder.sign([other], Pin()).results[0].code is ErrorCode.DRAFT_NOT_SEEN
    assert states(colleague.folder.sign([laid], Pin())) == [P.SIGNED]


def test_many_are_signed_with_one_pin_and_each_is_told(house: House) -> None:
    laid, pin = lay_seen(house, 5), Pin()
    told: list[tuple[int, int, PaperResult]] = []

    run = house.desk.folder.sign(laid, pin, progress=lambda *step: told.append(step))

    assert states(run) == [P.SIGNED] * 5
    assert pin.asked == 1
    assert [(done, total) for done, total, _ in told] == [(n, 5) for n in range(1, 6)]
    assert tuple(result for _, _, result in told) == run.results
    assert sorted(decisions(house)) == sorted(laid)
    for result in run.results:
        frozen = house.desk.ledger.outgoing(result.draft_id)
        pdf = house.store.documents().read(frozen.case_id, frozen.documents[0].document_id)
        assert pdf == house.desk.drafts.paper(result.draft_id) + b" signed", "what was seen is what is signed"
        assert (frozen.documents[0].sha256, result.channel) == (result.sha256, "idBundDeMailbox")
        assert place(house, result.draft_id) == (DraftPlace.SIGNED, None)
    assert house.desk.folder.waiting() == ()
    assert run.rest == ()
    house.desk.ledger.verify_chain()


@pytest.mark.parametrize("at", [1, 3])
@pytest.mark.parametrize(
    "error",
    [
        ClerkError(ErrorCode.SIGNING_PASSWORD_WRONG),
        ClerkError(ErrorCode.SIGNING_PASSWORD_NEEDED),
        ClerkError(ErrorCode.SIGNING_FAILED, {"cause": "ObjectHandleInvalid"}),
        ClerkError(ErrorCode.SIGNING_KEY_MISSING),
        ClerkError(ErrorCode.SIGNATURE_INVALID, {}, Disposition.BUG),
        ClerkError(ErrorCode.DISK_FULL),
    ],
    ids=lambda error: error.code.value,
)
def test_a_failure_of_the_key_ends_the_run_at_once(house: House, at: int, error: ClerkError) -> None:
    laid = lay_seen(house, 4)
    key = Key(house, {at: error})

    run = house.desk.folder.sign(laid, Pin())

    assert key.tries == at, "not one try more"
    assert states(run) == [P.SIGNED] * (at - 1) + [P.FAILED] + [P.NOT_REACHED] * (4 - at)
    assert run.stopped is error.code
    assert run.rest == tuple(laid[at - 1 :])
    assert sorted(decisions(house)) == sorted(laid[: at - 1]), "done ones stay done"
    assert [each.draft_id for each in house.desk.folder.waiting()] == laid[at - 1 :]

    key.fails.clear()
    assert states(house.desk.folder.sign(run.rest, Pin())) == [P.SIGNED] * (5 - at)
    assert sorted(decisions(house)) == sorted(laid)


def test_who_gives_no_pin_is_asked_once(house: House) -> None:
    pin = Pin(None)
    house.letters.fail = ClerkError(ErrorCode.SIGNING_PASSWORD_NEEDED)

    house.desk.folder.sign(lay_seen(house, 3), pin)

    assert pin.asked == 1


def test_a_case_that_moved_on_goes_back_with_the_reason_and_the_others_go_on(house: House) -> None:
    case_id = house.arrives()
    stale, good = lay(house, case_id), lay(house)
    look(house, stale, good)
    house.arrives(case_id)

    run = house.desk.folder.sign([stale, good], Pin())

    assert states(run) == [P.FAILED, P.SIGNED]
    assert (run.results[0].code, run.results[0].given_back) == (
        ErrorCode.CASE_CHANGED,
        EndReason.CASE_CHANGED,
    )
    assert place(house, stale) == (DraftPlace.ENDED, EndReason.CASE_CHANGED)
    assert decisions(house) == [good]
    assert run.stopped is None


def test_what_arrives_while_the_pin_is_typed_counts(house: House) -> None:
    case_id = house.arrives()
    laid = lay(house, case_id)
    look(house, laid)
    Key(house, then={1: lambda: house.arrives(case_id)})

    run = house.desk.folder.sign([laid], Pin())

    assert run.results[0].code is ErrorCode.CASE_CHANGED
    assert decisions(house) == []


def test_a_text_written_since_voids_what_lies_in_the_folder(house: House) -> None:
    case_id = house.arrives()
    laid = lay(house, case_id)
    look(house, laid)
    house.desk.cases.save_draft(case_id, Outcome.REFUSED, Wording("Doch nicht"))
    assert house.desk.drafts.worthless(house.desk.drafts.known(laid)) is EndReason.DRAFT_CHANGED

    run = house.desk.folder.sign([laid], Pin())

    assert run.results[0].code is ErrorCode.DRAFT_CHANGED
    assert place(house, laid) == (DraftPlace.ENDED, EndReason.DRAFT_CHANGED)
    assert decisions(house) == []


def test_a_decision_made_on_the_spot_ends_what_lies_in_the_folder(house: House) -> None:
    case_id = house.arrives()
    laid = lay(house, case_id)
    look(house, laid)
    house.desk.deciding.sign(house.desk.deciding.draft(case_id, Outcome.GRANTED), Pin())

    run = house.desk.folder.sign([laid], Pin())

    assert (run.results[0].state, run.results[0].code) == (P.SKIPPED, ErrorCode.DRAFT_NOT_WAITING)
    assert place(house, laid) == (DraftPlace.ENDED, EndReason.ALREADY_DECIDED)
    assert len(decisions(house)) == 1


@pytest.mark.parametrize("where", [DraftPlace.FOLDER, DraftPlace.REVIEW])
def test_a_paper_that_waits_is_told_of_before_it_is_overtaken_and_in_the_history_after(
    house: House, where: DraftPlace
) -> None:
    case_id = house.arrives()
    deciding = house.desk.deciding
    laid = deciding.draft(case_id, Outcome.GRANTED)
    codes = [found.code for found in deciding.preflight(laid)]
    house.desk.drafts.fix(laid, where)

    other = deciding.draft(case_id, Outcome.REFUSED, Wording("Kein Hund"))
    (told,) = [found for found in deciding.preflight(other) if found.code.startswith("paper-in-")]
    assert told.code == f"paper-in-{where.value}"
    assert told.level is FindingLevel.WARN
    assert dict(told.params)["who"] == "clerk"
    sentence = finding_sentence(told)
    assert "(von clerk)" in sentence
    assert "{" not in sentence
    assert [found.code for found in deciding.preflight(laid)] == codes, "nothing of itself"

    deciding.sign(other, Pin())
    assert place(house, laid.entry_id) == (DraftPlace.ENDED, EndReason.ALREADY_DECIDED)
    history = readable_case(house.desk.reads, case_id).history
    ended = [event for event in history if event.kind == ActKind.DRAFT_GIVEN_BACK.value]
    assert [event.details["reason"] for event in ended] == ["already-decided"]
    assert house.desk.ledger.verify_chain() > 0


def test_what_a_colleague_takes_out_while_the_card_works_is_not_queued(house: House) -> None:
    colleague = house.another_desk("colleague")
    first, second = lay_seen(house, 2)
    Key(house, then={1: lambda: colleague.drafts.take_out(first)})

    run = house.desk.folder.sign([first, second], Pin())

    assert states(run) == [P.SKIPPED, P.SIGNED]
    assert run.results[0].code is ErrorCode.DRAFT_NOT_WAITING
    assert decisions(house) == [second]


def test_between_two_documents_a_run_can_be_ended_and_taken_up_again(house: House) -> None:
    laid, told = lay_seen(house, 4), list[int]()

    run = house.desk.folder.sign(
        laid,
        Pin(),
        progress=lambda done, _total, _result: told.append(done),
        cancelled=lambda: len(told) == 2,
    )

    assert run.cancelled
    assert states(run) == [P.SIGNED] * 2 + [P.NOT_REACHED] * 2
    assert run.rest == tuple(laid[2:])
    assert states(house.desk.folder.sign(run.rest, Pin())) == [P.SIGNED] * 2


def test_an_unknown_or_damaged_document_fails_alone(house: House) -> None:
    damaged, good = lay_seen(house, 2)
    waiting = house.desk.drafts.known(damaged)
    path = house.store.documents().path(waiting.case_id, waiting.document_id, "document")
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    run = house.desk.folder.sign([damaged, EntryId(UNKNOWN), good, good], Pin())

    assert states(run) == [P.FAILED, P.FAILED, P.SIGNED], "the same document twice is one document"
    assert [result.code for result in run.results[:2]] == [
        ErrorCode.DOCUMENT_DAMAGED,
        ErrorCode.DRAFT_UNKNOWN,
    ]


@dataclass(frozen=True)
class DyingLedger:
    """The process ends before COMMIT."""

    real: object

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)

    @contextmanager
    def transaction(self, name: str):  # type: ignore[no-untyped-def]
        with self.real.transaction(name) as write:  # type: ignore[attr-defined]
            yield write
            raise KeyboardInterrupt


def test_death_between_signature_and_commit_leaves_nothing_half(house: House) -> None:
    first, second = lay_seen(house, 2)
    desk = house.desk
    dying = replace(desk.deciding, ledger=DyingLedger(desk.ledger))  # type: ignore[arg-type]

    with pytest.raises(KeyboardInterrupt):
        replace(desk.folder, deciding=dying).sign([first, second], Pin())

    assert house.outbox() == []
    assert [each.draft_id for each in desk.folder.waiting()] == [first, second]
    desk.ledger.verify_chain()
    house.machine.unseal_missing()
    assert house.outbox() == [], "the sealed copy of what was never committed does not come back"
    assert states(desk.folder.sign([first, second], Pin())) == [P.SIGNED] * 2


def test_taking_out_makes_it_a_draft_again(house: House) -> None:
    case_id = house.arrives()
    draft = house.desk.deciding.draft(case_id, Outcome.REFUSED, Wording("Kein Platz"))
    laid = house.desk.folder.add(draft).draft_id

    house.desk.drafts.take_out(laid)

    assert place(house, laid) == (DraftPlace.ENDED, EndReason.TAKEN_OUT)
    (saved,) = [event.details for event in house.file(case_id).history if event.kind == "drafted"]
    assert (saved["outcome"], Wording.from_payload(saved)) == ("refused", draft.wording)
    assert code_of(lambda: house.desk.drafts.take_out(laid)) is ErrorCode.DRAFT_NOT_WAITING
    assert code_of(lambda: house.desk.drafts.take_out(EntryId(UNKNOWN))) is ErrorCode.DRAFT_UNKNOWN
    lay(house, case_id)


def test_one_case_lies_in_the_folder_once_and_a_worthless_paper_makes_room(house: House) -> None:
    case_id = house.arrives()
    first = lay(house, case_id)
    assert code_of(lambda: lay(house, case_id)) is ErrorCode.DRAFT_ALREADY_WAITING
    assert [each.draft_id for each in house.desk.folder.waiting()] == [first]

    house.arrives(case_id)
    second = lay(house, case_id)

    assert [each.draft_id for each in house.desk.folder.waiting()] == [second]
    assert place(house, first) == (DraftPlace.ENDED, EndReason.CASE_CHANGED)


def test_what_could_not_be_signed_is_not_laid_in(house: House) -> None:
    case_id = house.arrives()
    draft = house.desk.deciding.draft(case_id, Outcome.REFUSED)
    assert code_of(lambda: house.desk.folder.add(draft)) is ErrorCode.REASONS_MISSING
    stale = house.desk.deciding.draft(case_id, Outcome.GRANTED)
    house.arrives(case_id)
    assert code_of(lambda: house.desk.folder.add(stale)) is ErrorCode.CASE_CHANGED
    assert house.desk.folder.waiting() == ()


def test_a_withdrawn_decision_does_not_bring_its_paper_back_to_life(house: House) -> None:
    case_id = house.arrives()
    laid = lay(house, case_id)
    look(house, laid)
    house.desk.folder.sign([laid], Pin())
    house.desk.outbox.withdraw(laid)

    assert house.desk.folder.sign([laid], Pin()).results[0].code is ErrorCode.DRAFT_NOT_WAITING
    assert house.state(laid) is OutboxState.WITHDRAWN
    assert house.status(case_id) is not CaseStatus.DECIDED


def test_a_draft_is_named_by_the_beginning_of_its_id_or_its_case(house: House) -> None:
    first, second = lay(house), lay(house)
    reference = house.desk.drafts.known(second).case_reference
    assert house.desk.drafts.resolve(first[:13]) == first
    assert house.desk.drafts.resolve(reference.lower()) == second
    for text in ("", "zz", "2026-"):
        assert code_of(lambda text=text: house.desk.drafts.resolve(text)) is ErrorCode.DRAFT_UNKNOWN  # type: ignore[misc]
