"""Hearing before an adverse decision: found missing, waited for, waived with a reason that is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from clerk_app.domain.correspondence import Correspondence, QueuedLetter
from clerk_app.domain.decision import DraftDecision, FindingLevel, Outcome, Wording
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.letter import LetterKind
from clerk_app.domain.letter_templates import HearingDuty
from clerk_app.domain.outbox import OutboxState
from clerk_app.services.office_rules import OfficeRules
from tests.usecases.house import House

S = OutboxState
SENT = (S.ANNOUNCED, S.UPLOADED, S.SUBMITTED, S.DELIVERED)
ADVERSE = [Outcome.REFUSED, Outcome.PARTLY_GRANTED]


@pytest.fixture
def duty(monkeypatch: pytest.MonkeyPatch) -> Callable[[HearingDuty], None]:
    """Sets what the service says."""

    def set_(value: HearingDuty) -> None:
        monkeypatch.setattr(OfficeRules, "hearing_duty", lambda *_: value)

    return set_


def hear(house: House, case_id: CaseId) -> QueuedLetter:
    work = house.desk.corresponding
    return work.send(work.draft(case_id, Correspondence(LetterKind.HEARING, "Es fehlt am Wohnsitz.")))


def refusal(house: House, case_id: CaseId, outcome: Outcome = Outcome.REFUSED) -> DraftDecision:
    return house.desk.deciding.draft(case_id, outcome, Wording(reasons="Weil es so ist."))


def found(house: House, draft: DraftDecision) -> list[tuple[str, FindingLevel]]:
    findings = house.desk.deciding.preflight(draft)
    return [(f.code, f.level) for f in findings if f.code.startswith("hearing")]


@pytest.mark.parametrize("outcome", ADVERSE)
def test_by_default_a_refusal_without_a_hearing_is_told_and_may_be_signed(
    house: House, outcome: Outcome
) -> None:
    draft = refusal(house, house.arrives(), outcome)
    assert found(house, draft) == [("hearing-advised", FindingLevel.WARN)]
    house.desk.deciding.sign(draft, lambda: None)


def test_a_grant_needs_no_hearing(house: House) -> None:
    draft = house.desk.deciding.draft(house.arrives(), Outcome.GRANTED)
    assert house.desk.deciding.preflight(draft) == ()


def test_where_it_is_required_nothing_is_signed_without(
    house: House, duty: Callable[[HearingDuty], None]
) -> None:
    duty(HearingDuty.REQUIRED)
    draft = refusal(house, house.arrives())
    assert found(house, draft) == [("hearing-missing", FindingLevel.BLOCK)]
    with pytest.raises(ClerkError) as caught:
        house.desk.deciding.sign(draft, lambda: None)
    assert caught.value.code is ErrorCode.HEARING_MISSING
    assert house.letters.asked == [], "said before anybody types a PIN"


def test_a_service_can_switch_it_off(house: House, duty: Callable[[HearingDuty], None]) -> None:
    duty(HearingDuty.NONE)
    assert found(house, refusal(house, house.arrives())) == []


@pytest.mark.parametrize(
    ("value", "level"), [(HearingDuty.REQUIRED, FindingLevel.BLOCK), (HearingDuty.ADVISED, FindingLevel.WARN)]
)
def test_a_hearing_counts_once_its_period_is_over(
    house: House, duty: Callable[[HearingDuty], None], value: HearingDuty, level: FindingLevel
) -> None:
    duty(value)
    case_id = house.arrives()
    hearing = hear(house, case_id)
    assert found(house, refusal(house, case_id)) == [("hearing-open", level)], "not even sent"
    house.goes(hearing.entry_id, *SENT)
    assert hearing.due_on is not None
    house.clock.pass_(days=(hearing.due_on - house.clock.now().date()).days)
    draft = refusal(house, case_id)
    assert found(house, draft) == [("hearing-open", level)], "the last day belongs to the applicant"
    assert dict(house.desk.deciding.preflight(draft)[0].params) == {"due_on": hearing.due_on.isoformat()}

    house.clock.pass_(days=1)
    draft = refusal(house, case_id)
    assert found(house, draft) == []
    house.desk.deciding.sign(draft, lambda: None)


def test_an_answer_ends_the_wait(house: House, duty: Callable[[HearingDuty], None]) -> None:
    duty(HearingDuty.REQUIRED)
    case_id = house.arrives()
    house.goes(hear(house, case_id).entry_id, *SENT)
    house.clock.pass_(hours=1)
    house.arrives(case_id)
    assert found(house, refusal(house, case_id)) == []


def test_a_hearing_nobody_got_is_none(house: House, duty: Callable[[HearingDuty], None]) -> None:
    duty(HearingDuty.REQUIRED)
    taken_back, returned, waiting = house.arrives(), house.arrives(), house.arrives()
    house.desk.outbox.withdraw(hear(house, taken_back).entry_id)
    house.goes(hear(house, returned).entry_id, S.ANNOUNCED, S.RETURNED)
    hear(house, waiting)
    house.clock.pass_(days=60)
    codes = [found(house, refusal(house, case_id))[0][0] for case_id in (taken_back, returned, waiting)]
    assert codes == ["hearing-missing", "hearing-missing", "hearing-open"]


def test_another_letter_is_no_hearing(house: House, duty: Callable[[HearingDuty], None]) -> None:
    duty(HearingDuty.REQUIRED)
    case_id = house.arrives()
    work = house.desk.corresponding
    sent = work.send(work.draft(case_id, Correspondence(LetterKind.NOTIFICATION, "Nur so.")))
    house.goes(sent.entry_id, *SENT)
    house.clock.pass_(days=60)
    assert found(house, refusal(house, case_id)) == [("hearing-missing", FindingLevel.BLOCK)]


def test_a_reason_for_none_lets_it_pass_and_is_kept(
    house: House, duty: Callable[[HearingDuty], None]
) -> None:
    duty(HearingDuty.REQUIRED)
    case_id = house.arrives()
    wording = Wording(reasons="Weil es so ist.", no_hearing_reason="Gefahr im Verzug\x00 ")
    draft = house.desk.deciding.draft(case_id, Outcome.REFUSED, wording)
    assert found(house, draft) == [("hearing-waived", FindingLevel.WARN)]
    signed = house.desk.deciding.sign(draft, lambda: None)

    (event,) = [e for e in house.file(case_id).history if e.kind == ActKind.HEARING_WAIVED.value]
    assert event.details == {"reason": "Gefahr im Verzug", "entry_id": signed.entry_id}
    assert "Gefahr" not in house.desk.ledger.outgoing(signed.entry_id).text
    house.desk.ledger.verify_chain()


def test_a_reason_nobody_needed_is_not_recorded(house: House) -> None:
    case_id = house.arrives()
    draft = house.desk.deciding.draft(case_id, Outcome.GRANTED, Wording(no_hearing_reason="unnötig"))
    house.desk.deciding.sign(draft, lambda: None)
    assert ActKind.HEARING_WAIVED.value not in {e.kind for e in house.file(case_id).history}


def test_it_is_asked_again_when_signing(house: House, duty: Callable[[HearingDuty], None]) -> None:
    draft = refusal(house, house.arrives())
    duty(HearingDuty.REQUIRED)
    with pytest.raises(ClerkError) as caught:
        house.desk.deciding.sign(replace(draft), lambda: None)
    assert caught.value.code is ErrorCode.HEARING_MISSING
