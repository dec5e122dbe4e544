"""What is missing in a case: one letter, the answer ticks it off, the rest is the next letter."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clerk_app.domain.application import Attachment
from clerk_app.domain.case import AttachmentKey, CaseStatus
from clerk_app.domain.correspondence import Correspondence
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.gaps import GapState
from clerk_app.domain.ids import AttachmentId, CaseId, SubmissionId
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.letter import BulletList, LetterKind, NumberedList
from clerk_app.domain.service_package import CheckLevel
from tests.usecases.house import FORM, RULES, UNKNOWN, House, code_of

COMPLETE = {**FORM, "hund": {**FORM["hund"], "chipnummer": "276098106123456"}}
LIABILITY = "Nachweis der Haftpflichtversicherung für den Hund (Versicherungsschein oder Bestätigung)"


def states(house: House, case_id: CaseId) -> dict[str, GapState]:
    return {item.text: item.state for item in house.desk.gaps.of_case(case_id).items}


def attachment(name: str) -> Attachment:
    return Attachment(AttachmentId(f"00000000-0000-4000-8000-{abs(hash(name)) % 10**12:012d}"), name,
                      "application/pdf", 1, "0" * 128)  # fmt: skip


def answer(*lines: tuple[str, str]) -> dict[str, object]:
    return {
        "nachreichung": {"unterlagen": [{"angefordert": text, "dateiname": name} for text, name in lines]}
    }


def test_everything_missing_goes_into_one_letter_and_the_answer_ticks_it_off(house: House) -> None:
    case_id = house.arrives(form=COMPLETE)
    house.desk.requesting.request(case_id, ["Foto des Hundes", "Impfpass", "Kaufvertrag", LIABILITY])
    assert set(states(house, case_id).values()) == {GapState.ASKED}
    assert not house.desk.gaps.draft(case_id).called_for, "the applicant's turn"

    house.clock.pass_(days=3)
    names = ("a.pdf", "b.pdf", "haftpflicht.pdf")
    house.arrives(
        case_id,
        form=answer(("Foto des Hundes", "a.pdf"), ("Impfpass", "b.pdf")),
        attachments=tuple(map(attachment, names)),
    )

    draft = house.desk.gaps.draft(case_id)
    assert [item.text for item in draft.items] == ["Kaufvertrag"]
    assert [item.text for item in draft.received] == [LIABILITY, "Foto des Hundes", "Impfpass"]
    assert (draft.called_for, draft.reminder) == (True, 1)

    letter = house.desk.requesting.preview(case_id, draft.items)
    assert letter.subject.startswith("Erinnerung: ")
    assert [block.items for block in letter.blocks if isinstance(block, BulletList)] == [("Kaufvertrag",)]
    assert [block.items for block in letter.blocks if isinstance(block, NumberedList)] == [
        (LIABILITY, "Foto des Hundes", "Impfpass")
    ]
    assert letter.facts["received"] == [LIABILITY, "Foto des Hundes", "Impfpass"]

    queued = house.desk.requesting.request(case_id, draft.items)
    structured = house.desk.ledger.outgoing(queued.entry_id).structured
    assert (structured["items"], structured["reminder"]) == ([{"text": "Kaufvertrag"}], 1)


def test_a_request_names_what_the_service_knows_by_its_key(house: House) -> None:
    case_id = house.arrives(form=COMPLETE)
    (missing,) = house.desk.gaps.draft(case_id).items

    by_item = house.desk.requesting.request(case_id, [missing])
    house.desk.outbox.withdraw(by_item.entry_id)
    assert states(house, case_id) == {LIABILITY: GapState.MISSING}
    by_words = house.desk.requesting.request(case_id, [f" {LIABILITY} "])

    for queued in (by_item, by_words):
        assert house.desk.ledger.outgoing(queued.entry_id).structured["items"] == [
            {"text": LIABILITY, "origin": "evidence", "key": "liability"}
        ]


@pytest.mark.parametrize(
    "words",
    [
        "liability",
        "evidence:liability",
        "  nachweis der  HAFTPFLICHTVERSICHERUNG ",
        "Proof of liability insurance",
        LIABILITY.upper(),
    ],
)
def test_a_clerks_words_for_what_the_service_knows_become_that(house: House, words: str) -> None:
    case_id = house.arrives(form=COMPLETE)
    queued = house.desk.requesting.request(case_id, [words])
    assert (queued.items, queued.here) == ((LIABILITY,), ())
    assert house.desk.ledger.outgoing(queued.entry_id).structured["items"] == [
        {"text": LIABILITY, "origin": "evidence", "key": "liability"}
    ]
    assert [each.gap_id for each in house.desk.gaps.of_case(case_id).items] == ["evidence:liability"]


def test_what_every_service_may_ask_for_and_statements_are_known_by_their_names(house: House) -> None:
    case_id = house.arrives()
    queued = house.desk.requesting.request(case_id, ["Ausweiskopie", "authorisation", "chip", "Impfpass"])
    items = house.desk.ledger.outgoing(queued.entry_id).structured["items"]
    assert isinstance(items, list)
    assert [(each.get("origin"), each.get("key")) for each in items] == [
        ("evidence", "identity"), ("evidence", "authorisation"), (None, None), ("statement", "chip")
    ]  # fmt: skip
    assert queued.items[0] == "Kopie Ihres Personalausweises oder Reisepasses (Vorder- und Rückseite)"
    assert len([item for item in house.desk.gaps.of_case(case_id).items if item.asked_by]) == 4


def test_what_nobody_missed_may_be_there_all_the_same(house: House) -> None:
    case_id = house.arrives(form=COMPLETE, attachments=(attachment("Reisepass.pdf"),))
    assert "identity" not in {item.key for item in house.desk.gaps.of_case(case_id).items}
    (item,) = house.desk.requesting.asked_before(case_id, ["Ausweiskopie", "Vollmacht"]).here
    assert (item.key, item.state) == ("identity", GapState.ARRIVED)


def test_what_is_there_already_is_asked_for_with_a_warning(house: House) -> None:
    case_id = house.arrives(form=COMPLETE, attachments=(attachment("Haftpflicht.pdf"),))
    assert house.desk.requesting.asked_before(case_id, ["liability"]).here[0].state is GapState.ARRIVED
    (item,) = house.desk.requesting.request(case_id, ["liability"]).here
    assert item.gap_id == "evidence:liability"
    assert states(house, case_id)[LIABILITY] is GapState.ASKED, "the clerk wants it again on purpose"


def test_the_same_is_not_asked_for_twice_before_the_answer_is_due(house: House) -> None:
    case_id = house.arrives(form=COMPLETE)
    requesting = house.desk.requesting
    due_on = requesting.request(case_id, ["liability"]).due_on
    house.clock.pass_(minutes=1)
    made = len(house.desk.letters.asked)
    items = house.desk.gaps.draft(case_id).items
    assert code_of(lambda: requesting.request(case_id, items)) is ErrorCode.ALREADY_ASKED
    assert len(house.desk.letters.asked) == made, "no letter is left behind"
    assert requesting.asked_before(case_id, items).due_on == due_on
    assert requesting.asked_before(case_id, [*items, "Foto"]).due_on is None
    requesting.request(case_id, items, again=True)

    house.clock.pass_(days=60)
    requesting.request(case_id, items)


def test_a_clerk_says_what_is_there_and_the_ledger_keeps_it(house: House) -> None:
    case_id = house.arrives(form=COMPLETE)
    gaps = house.desk.gaps

    assert code_of(lambda: gaps.waive(case_id, "liability", " \n")) is ErrorCode.GAP_REASON_MISSING
    assert code_of(lambda: gaps.settle(case_id, "lease")) is ErrorCode.GAP_UNKNOWN
    assert code_of(lambda: gaps.settle(UNKNOWN, "liability")) is ErrorCode.CASE_UNKNOWN
    wrong = AttachmentKey(SubmissionId("s"), AttachmentId("a"))
    assert code_of(lambda: gaps.settle(case_id, "liability", "", [wrong])) is ErrorCode.ATTACHMENT_UNKNOWN
    assert not [event for event in house.file(case_id).history if event.kind == ActKind.GAP_SETTLED]

    waived = gaps.waive(case_id, "liability", "Der Versicherer hat angerufen.")
    assert (waived.state, waived.reason, waived.decided_by) == (
        GapState.WAIVED, "Der Versicherer hat angerufen.", "clerk"
    )  # fmt: skip
    assert gaps.reopen(case_id, "evidence:liability").state is GapState.MISSING
    assert gaps.settle(case_id, "liability", "auf Papier gesehen").state is GapState.SETTLED
    assert len([event for event in house.file(case_id).history if event.kind == ActKind.GAP_SETTLED]) == 3
    assert house.desk.ledger.verify_chain()


def test_what_fits_nothing_is_offered_and_a_clerk_says_what_it_is(house: House) -> None:
    case_id = house.arrives(form=COMPLETE)
    house.desk.requesting.request(case_id, ["Kaufvertrag"])
    house.clock.pass_(days=1)
    house.arrives(case_id, attachments=(attachment("scan.pdf"),))

    found = house.desk.gaps.of_case(case_id)
    assert found.items[-1].state is GapState.ASKED
    item = house.desk.gaps.settle(case_id, found.items[-1].key, attachments=found.loose)

    assert (item.state, item.attachments) == (GapState.SETTLED, found.loose)
    assert house.desk.gaps.of_case(case_id).loose == ()


def test_the_clock_stands_from_the_letter_to_the_answer_and_again(house: House) -> None:
    case_id = house.arrives(form=COMPLETE)
    house.desk.requesting.request(case_id, ["x", "y"], date(2026, 12, 20))
    house.clock.pass_(days=5)
    (pause,) = house.desk.gaps.of_case(case_id).pauses
    assert (pause.since, pause.until, pause.days(date(2026, 11, 29))) == (date(2026, 11, 24), None, 5)

    house.arrives(case_id, form=answer(("x", "a.pdf")), attachments=(attachment("a.pdf"),))
    assert house.status(case_id) is CaseStatus.ANSWERED
    found = house.desk.gaps.of_case(case_id)
    assert [(each.until, each.days(date(2027, 1, 1))) for each in found.pauses] == [(date(2026, 11, 29), 5)]
    assert found.target is not None
    assert found.target.paused_until == date(2026, 11, 29)

    house.clock.pass_(days=1)
    house.desk.requesting.request(case_id, house.desk.gaps.draft(case_id).items, date(2026, 12, 20))
    assert house.desk.gaps.of_case(case_id).waiting


def test_when_the_day_is_over_a_reminder_is_called_for(house: House) -> None:
    case_id = house.arrives(form={**FORM, "hund": {"name": "Bello"}})
    due_on = house.desk.requesting.request(case_id, house.desk.gaps.draft(case_id).items).due_on
    house.clock.time += (due_on - date(2026, 11, 24)) + timedelta(hours=1)
    assert not house.desk.gaps.draft(case_id).called_for
    house.clock.pass_(days=1)
    assert house.desk.gaps.draft(case_id).called_for


@pytest.mark.parametrize(
    ("level", "word"), [(1, "Erinnerung: "), (2, "Zweite Erinnerung: "), (3, "Weitere Erinnerung: ")]
)
def test_each_letter_about_the_same_says_how_often(house: House, level: int, word: str) -> None:
    case_id = house.arrives(form=COMPLETE)
    for _ in range(level):
        house.desk.requesting.request(case_id, ["Kaufvertrag"], again=True)
        house.clock.pass_(days=20)
    assert house.desk.requesting.preview(case_id, ["Kaufvertrag"]).subject.startswith(word)
    fresh = house.desk.requesting.preview(case_id, ["etwas anderes"])
    assert "Erinnerung" not in fresh.subject, "nobody asked for this before"


def test_when_all_is_ticked_off_it_is_the_offices_turn_again(house: House) -> None:
    case_id = house.arrives(form=COMPLETE)
    house.desk.requesting.request(case_id, ["Foto", "Impfpass"])
    house.clock.pass_(days=2)
    foto, impfpass = (item.gap_id for item in house.desk.gaps.of_case(case_id).items if item.asked_by)
    house.desk.gaps.settle(case_id, foto, "kam mit der Post")
    assert house.status(case_id) is CaseStatus.REQUESTED
    house.desk.gaps.settle(case_id, impfpass)
    assert house.status(case_id) is CaseStatus.ANSWERED
    (pause,) = house.desk.gaps.of_case(case_id).pauses
    assert (pause.until, pause.days(date(2026, 12, 24))) == (date(2026, 11, 26), 2)

    house.clock.pass_(minutes=1)
    house.desk.gaps.reopen(case_id, foto)
    assert house.status(case_id) is CaseStatus.REQUESTED
    house.desk.gaps.waive(case_id, foto, "nicht nötig")
    assert house.status(case_id) is CaseStatus.ANSWERED
    house.clock.pass_(minutes=1)
    house.desk.requesting.request(case_id, ["Kaufvertrag"])
    assert house.status(case_id) is CaseStatus.REQUESTED


def test_a_hearing_that_waits_is_not_over_because_a_document_is_ticked_off(house: House) -> None:
    case_id = house.arrives(form=COMPLETE)
    house.desk.requesting.request(case_id, ["Foto"])
    hearing = Correspondence(LetterKind.HEARING, "Sie wohnen nicht hier.", date(2026, 12, 20))
    house.desk.corresponding.send(house.desk.corresponding.draft(case_id, hearing), lambda: None)
    house.clock.pass_(days=1)
    for item in house.desk.gaps.of_case(case_id).open_items:
        house.desk.gaps.settle(case_id, item.gap_id)
    assert house.status(case_id) is CaseStatus.REQUESTED


def test_a_check_point_goes_by_what_the_clerk_said_of_its_evidence(house: House) -> None:
    case_id = house.arrives(form=COMPLETE, attachments=(attachment("Haftpflicht.pdf"),))

    def level() -> CheckLevel:
        results = RULES.checks(house.file(case_id))
        return next(each.level for each in results if each.check_id == "liability")

    assert level() is CheckLevel.OK
    house.desk.gaps.reopen(case_id, "liability")
    assert level() is CheckLevel.WARN, "the file is something else"
    house.desk.gaps.settle(case_id, "liability", "auf Papier")
    assert level() is CheckLevel.OK


def test_a_statement_is_asked_for_in_a_sentence_of_its_own_and_arrives_with_a_form(house: House) -> None:
    case_id = house.arrives()
    items = house.desk.gaps.draft(case_id).items
    assert [item.gap_id for item in items] == ["evidence:liability", "statement:chip"]
    letter = house.desk.requesting.preview(case_id, items)
    assert [block.items for block in letter.blocks if isinstance(block, BulletList)] == [
        (LIABILITY,), (items[1].text,)
    ]  # fmt: skip
    house.desk.requesting.request(case_id, items)
    house.clock.pass_(days=1)
    house.arrives(case_id, form={"nachreichung": {"mitteilung": "Das weiß ich nicht."}})
    found = {item.gap_id: item for item in house.desk.gaps.of_case(case_id).items}
    assert (found["statement:chip"].state, found["statement:chip"].left_out) == (GapState.ASKED, True)
    house.clock.pass_(days=1)
    house.arrives(case_id, form={"hund": {"chipnummer": "276098106123456"}})
    assert [item.gap_id for item in house.desk.gaps.of_case(case_id).open_items] == ["evidence:liability"]
