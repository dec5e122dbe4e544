"""Four eyes: two different people, one very paper, and no way around it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.folder import DraftPlace, EndReason, ReviewPolicy
from clerk_app.domain.ids import CaseId, EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.outbox import OutboxKind
from clerk_app.usecases.draft_rules import FourEyesRule
from tests.usecases.house import Desk, House, code_of


@pytest.fixture
def anna(house: House) -> Desk:
    house.four_eyes = True
    return house.desk


@pytest.fixture
def bert(house: House) -> Desk:
    return house.another_desk("bert")


def pin() -> str | None:
    return "123456"


def submit(house: House, desk: Desk, case_id: CaseId | None = None) -> EntryId:
    draft = desk.deciding.draft(case_id or house.arrives(), Outcome.GRANTED)
    return desk.reviewing.submit(draft).draft_id


def look(desk: Desk, draft_id: EntryId) -> None:
    desk.drafts.seen(draft_id, desk.drafts.paper(draft_id))


def release(desk: Desk, draft_id: EntryId) -> None:
    look(desk, draft_id)
    desk.reviewing.release(draft_id)


def sign(desk: Desk, draft_id: EntryId) -> ErrorCode | None:
    look(desk, draft_id)
    return desk.folder.sign([draft_id], pin).results[0].code


def decisions(house: House) -> list[EntryId]:
    return [entry.entry_id for entry in house.outbox() if entry.kind is OutboxKind.DECISION]


def test_released_by_another_it_lies_in_the_folder_and_can_be_signed(
    house: House, anna: Desk, bert: Desk
) -> None:
    draft_id = submit(house, anna)
    assert [each.draft_id for each in bert.reviewing.waiting()] == [draft_id]
    assert bert.folder.waiting() == ()

    release(bert, draft_id)

    assert anna.reviewing.waiting() == ()
    (laid,) = anna.folder.waiting()
    assert (laid.draft_id, laid.released_by, laid.authors) == (draft_id, "bert", frozenset({"clerk"}))
    assert sign(anna, draft_id) is None
    assert decisions(house) == [draft_id]
    anna.ledger.verify_chain()


def test_without_a_release_nothing_is_signed_on_any_way(house: House, anna: Desk, bert: Desk) -> None:
    case_id = house.arrives()
    draft = anna.deciding.draft(case_id, Outcome.GRANTED)
    assert anna.deciding.needs_review(case_id)
    assert code_of(lambda: anna.deciding.sign(draft, pin)) is ErrorCode.REVIEW_MISSING
    assert code_of(lambda: anna.folder.add(draft)) is ErrorCode.REVIEW_MISSING
    anna.reviewing.submit(draft)
    for desk in (anna, bert):
        assert sign(desk, draft.entry_id) is ErrorCode.REVIEW_MISSING
        assert code_of(lambda desk=desk: desk.deciding.sign(draft, pin)) is ErrorCode.REVIEW_MISSING  # type: ignore[misc]
    assert "sign" not in house.letters.asked, "said before anybody types a PIN"
    assert house.outbox() == []


def test_a_paper_laid_in_before_the_rule_came_is_not_signed(house: House, anna: Desk) -> None:
    house.four_eyes = False
    draft_id = anna.folder.add(anna.deciding.draft(house.arrives(), Outcome.GRANTED)).draft_id
    house.four_eyes = True

    assert sign(anna, draft_id) is ErrorCode.REVIEW_MISSING
    assert anna.drafts.known(draft_id).place is DraftPlace.FOLDER
    assert house.outbox() == []


def test_nobody_releases_what_they_submitted(house: House, anna: Desk) -> None:
    draft_id = submit(house, anna)
    look(anna, draft_id)
    assert anna.reviewing.why_not_release(anna.drafts.known(draft_id)) is ErrorCode.REVIEW_OWN_DRAFT
    assert code_of(lambda: anna.reviewing.release(draft_id)) is ErrorCode.REVIEW_OWN_DRAFT
    assert code_of(lambda: anna.reviewing.send_back(draft_id, "nein")) is ErrorCode.REVIEW_OWN_DRAFT


def test_nobody_releases_what_they_wrote_on_even_if_another_submits(
    house: House, anna: Desk, bert: Desk
) -> None:
    case_id = house.arrives()
    bert.cases.save_draft(case_id, Outcome.GRANTED, Wording("Erster Wurf"))
    anna.cases.save_draft(case_id, Outcome.GRANTED, Wording())
    draft_id = submit(house, anna, case_id)

    look(bert, draft_id)
    assert code_of(lambda: bert.reviewing.release(draft_id)) is ErrorCode.REVIEW_OWN_DRAFT
    release(house.another_desk("carla"), draft_id)


def test_who_wrote_on_the_decision_before_may_review_the_next_one(
    house: House, anna: Desk, bert: Desk
) -> None:
    case_id = house.arrives()
    house.four_eyes = False
    bert.cases.save_draft(case_id, Outcome.GRANTED, Wording())
    first = bert.deciding.sign(bert.deciding.draft(case_id, Outcome.GRANTED), pin)
    bert.outbox.withdraw(first.entry_id)
    house.four_eyes = True

    release(bert, submit(house, anna, case_id))


def test_the_database_refuses_a_self_release_whatever_a_use_case_does(house: House, anna: Desk) -> None:
    draft_id = submit(house, anna)
    case_id = anna.drafts.known(draft_id).case_id

    def forge(subject: EntryId) -> None:
        with anna.ledger.transaction("forge") as write:
            write.append(Act(ActKind.REVIEW_RELEASED, case_id, subject, {"sha256": "", "change_token": ""}))

    assert code_of(lambda: forge(draft_id)) is ErrorCode.INTERNAL
    assert code_of(lambda: forge(EntryId("never-submitted"))) is ErrorCode.INTERNAL
    assert anna.drafts.known(draft_id).place is DraftPlace.REVIEW


def test_nobody_releases_what_they_did_not_look_at(house: House, anna: Desk, bert: Desk) -> None:
    draft_id = submit(house, anna)
    assert bert.reviewing.why_not_release(bert.drafts.known(draft_id)) is ErrorCode.DRAFT_NOT_SEEN
    assert code_of(lambda: bert.reviewing.release(draft_id)) is ErrorCode.DRAFT_NOT_SEEN
    look(anna, draft_id)
    assert code_of(lambda: bert.reviewing.release(draft_id)) is ErrorCode.DRAFT_NOT_SEEN


def test_sent_back_with_words_it_is_a_draft_again(house: House, anna: Desk, bert: Desk) -> None:
    case_id = house.arrives()
    draft_id = submit(house, anna, case_id)
    for blank in ("", " \n\x00"):
        assert code_of(lambda blank=blank: bert.reviewing.send_back(draft_id, blank)) is (  # type: ignore[misc]
            ErrorCode.REVIEW_REASON_MISSING
        )

    returned = bert.reviewing.send_back(draft_id, "Die Gebühr stimmt nicht\x1b")

    assert (returned.place, returned.end_reason, returned.remark) == (
        DraftPlace.ENDED,
        EndReason.RETURNED,
        "Die Gebühr stimmt nicht",
    )
    assert code_of(lambda: bert.reviewing.release(draft_id)) is ErrorCode.DRAFT_NOT_WAITING
    event = house.file(case_id).history[-1]
    assert (event.kind, event.actor, event.details["text"]) == (
        "review-returned",
        "bert",
        "Die Gebühr stimmt nicht",
    )
    release(bert, submit(house, anna, case_id))


@pytest.mark.parametrize("released", [False, True])
@pytest.mark.parametrize("change", ["arrival", "text", "request"])
def test_a_change_voids_submission_and_release(
    house: House, anna: Desk, bert: Desk, released: bool, change: str
) -> None:
    case_id = house.arrives()
    draft_id = submit(house, anna, case_id)
    look(bert, draft_id)
    if released:
        bert.reviewing.release(draft_id)
    changes: dict[str, Callable[[], object]] = {
        "arrival": lambda: house.arrives(case_id),
        "text": lambda: anna.cases.save_draft(case_id, Outcome.REFUSED, Wording("Doch nicht")),
        "request": lambda: anna.requesting.request(case_id, ["Nachweis"]),
    }
    changes[change]()

    if released:
        wanted = ErrorCode.REVIEW_OUTDATED if change == "text" else ErrorCode.CASE_CHANGED
        assert sign(anna, draft_id) is wanted
    else:
        assert bert.reviewing.why_not_release(bert.drafts.known(draft_id)) is ErrorCode.REVIEW_OUTDATED
        assert code_of(lambda: bert.reviewing.release(draft_id)) is ErrorCode.REVIEW_OUTDATED
    found = anna.drafts.known(draft_id)
    reason = EndReason.DRAFT_CHANGED if change == "text" else EndReason.CASE_CHANGED
    assert (found.place, found.end_reason) == (DraftPlace.ENDED, reason)
    assert decisions(house) == []


def test_the_reviewer_who_writes_another_text_is_no_reviewer_any_more(
    house: House, anna: Desk, bert: Desk
) -> None:
    case_id = house.arrives()
    draft_id = submit(house, anna, case_id)
    release(bert, draft_id)
    bert.cases.save_draft(case_id, Outcome.GRANTED, Wording("Noch ein Satz"))

    assert sign(anna, draft_id) is ErrorCode.REVIEW_OUTDATED
    again = submit(house, anna, case_id)
    look(bert, again)
    assert code_of(lambda: bert.reviewing.release(again)) is ErrorCode.REVIEW_OWN_DRAFT


def test_taken_out_after_the_release_it_needs_a_new_one(house: House, anna: Desk, bert: Desk) -> None:
    case_id = house.arrives()
    draft = anna.deciding.draft(case_id, Outcome.GRANTED)
    draft_id = anna.reviewing.submit(draft).draft_id
    release(bert, draft_id)
    anna.drafts.take_out(draft_id)

    assert code_of(lambda: anna.deciding.sign(draft, pin)) is ErrorCode.DRAFT_NOT_WAITING
    assert code_of(lambda: anna.folder.add(anna.deciding.draft(case_id, Outcome.GRANTED))) is (
        ErrorCode.REVIEW_MISSING
    )
    assert code_of(lambda: bert.reviewing.release(draft_id)) is ErrorCode.DRAFT_NOT_WAITING


def test_both_at_once_only_one_of_release_and_return_counts(house: House, anna: Desk, bert: Desk) -> None:
    draft_id = submit(house, anna)
    carla = house.another_desk("carla")
    release(bert, draft_id)
    assert code_of(lambda: carla.reviewing.send_back(draft_id, "nein")) is ErrorCode.DRAFT_NOT_WAITING
    assert anna.drafts.known(draft_id).released_by == "bert"


@pytest.mark.parametrize(
    ("policy", "of_service", "due"),
    [
        (ReviewPolicy.ALWAYS, False, True),
        (ReviewPolicy.NEVER, True, False),
        (ReviewPolicy.BY_SERVICE, False, False),
        (ReviewPolicy.BY_SERVICE, True, True),
    ],
)
def test_office_and_service_say_when_four_eyes_are_due(
    house: House, policy: ReviewPolicy, of_service: bool, due: bool
) -> None:
    case = house.file(house.arrives())
    assert FourEyesRule(policy, lambda _case: of_service)(case) is due
