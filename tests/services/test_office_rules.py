"""One authority's rules over whole cases: facts, checks, deadlines, letters; and the practice portal's
forms.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clerk_app.domain.application import Application, Attachment, PersonFacts
from clerk_app.domain.case import CaseAttachment, CaseFile, CaseRow, CaseStatus, HistoryEvent
from clerk_app.domain.deadlines import DeadlineKind, StepKind
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.document_request import DocumentRequest
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.gaps import RequestItem
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, DocumentId, EntryId, SubmissionId
from clerk_app.domain.letter import AppealNotice, NumberedList, Paragraph, Table
from clerk_app.domain.outbox import OutboxEntry, OutboxKind, OutboxState
from clerk_app.domain.service_package import CheckLevel
from clerk_app.services.catalogue import ServiceCatalogue
from clerk_app.services.letter_matter import LetterHead
from clerk_app.services.office_rules import OfficeRules

NOW = datetime(2026, 11, 24, 7, 14, tzinfo=UTC)
HEAD = LetterHead(
    "Stadt Musterhausen", "081110000000", "BW", "Bürgerservice", "Rathausplatz 1", "70999", "Musterhausen"
)
FORM: dict[str, Any] = {
    "antragsteller": {
        "vorname": "Žofia",
        "nachname": "Müller",
        "geburtsdatum": "1990-05-01",
        "anschrift": {"strasse": "Weg", "hausnummer": "5", "plz": "70999", "ort": "Musterhausen"},
    },
    "hund": {"name": "Bello", "rasse": "Dackel", "chipnummer": "276000000000000", "listenhund": False},
    "haltung": {"beginn": "2026-11-01"},
    "ermaessigung": {"beantragt": False},
    "erklaerung": {"richtigkeit": True},
}
RULES = OfficeRules(HEAD)


def attachment(filename: str, description: str | None = None) -> Attachment:
    return Attachment(
        AttachmentId(filename), filename, "application/pdf", 1, "0" * 128, description=description
    )


def application(
    form: Any = FORM,
    key: str | None = "99102013104000",
    *attachments: Attachment,
    at: datetime = NOW,
    name: str = "Hundesteuer",
) -> Application:
    content = form if isinstance(form, bytes) else json.dumps(form).encode()
    return Application(
        SubmissionId("s"), CaseId("c"), DestinationId("d"), "service-bw",
        f"urn:de:fim:leika:leistung:{key}" if key else None, name, None, content, "application/json",
        "0" * 128, {}, tuple(attachments), at,
    )  # fmt: skip


def case(first: Application, *outgoing: OutboxEntry, history: tuple[HistoryEvent, ...] = ()) -> CaseFile:
    facts = RULES.facts(first)
    row = CaseRow(
        1, CaseId("c"), "2026-7KQ4-M2XR", facts.service, facts.leika_key, facts.applicant, facts.municipality,
        first.submitted_at, facts.due_on, CaseStatus.NEW, "service-bw", None, len(first.attachments), True,
    )  # fmt: skip
    attachments = tuple(
        CaseAttachment(item, first.submission_id, DocumentId("x"), first.submitted_at)
        for item in first.attachments
    )
    return CaseFile(row, (first,), attachments, history, outgoing, (), "token")


def entry(kind: OutboxKind, state: OutboxState, at: datetime) -> OutboxEntry:
    return OutboxEntry(EntryId("e"), CaseId("c"), kind, None, "service-bw", state, at, at, at)


def test_facts_of_a_known_service() -> None:
    facts = RULES.facts(application(FORM, "99102013104000", attachment("haftpflicht-hund.pdf")))
    assert facts.person == PersonFacts(
        "Žofia", "Müller", "", date(1990, 5, 1), "Weg", "5", "70999", "Musterhausen"
    )
    assert facts.service == "Hundesteuer, Anmeldung"
    assert facts.leika_key == "99102013104000"
    assert facts.applicant == "Müller, Žofia"
    assert facts.applicant_sort_key == "Müller Žofia"
    assert facts.municipality == "Stadt Musterhausen"
    assert facts.due_on == date(2026, 12, 22)
    for word in ("Žofia", "Bello", "276000000000000", "haftpflicht-hund.pdf"):
        assert word in facts.search_text


@pytest.mark.parametrize("content", [b"not json", b"", b"\xff" * 50, b"[]", b'"x"', b"[" * 10_000])
def test_facts_of_an_unreadable_form_are_what_is_left(content: bytes) -> None:
    facts = RULES.facts(application(content, None, name="Fischereischein"))
    assert (facts.service, facts.leika_key, facts.applicant) == ("Fischereischein", None, "")
    assert facts.due_on == date(2027, 2, 22)
    shown = case(application(content, None))
    assert RULES.checks(shown)
    assert RULES.form(shown, shown.first).raw or content in (b"", b"[]", b'"x"')


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("Obersorbisch", "hsb"), ("hsb-DE", "hsb"), ("EN", "en"), ("English", "en"), ("eng", "en"),
        ("deutsch", "de"), ("de_DE", "de"), ("pt-BR", "pt"), ("  Ukrainisch ", "uk"),
        ("Leichte Sprache bitte, in großer Schrift, danke", "Leichte Sprache bitte, in großer Schrift"),
        ("  ", ""),
    ],
)  # fmt: skip
def test_the_language_a_form_asks_for_is_kept(written: str, language: str) -> None:
    asked = {**FORM, "antragsteller": {**FORM["antragsteller"], "sprache": written}}
    assert RULES.facts(application(asked)).language == language
    assert RULES.facts(application(FORM)).language == ""


def test_a_land_knows_what_its_own_language_is_called() -> None:
    asked = application({**FORM, "sprache": "Sorbisch"})
    saxon = OfficeRules(replace(HEAD, ars="146250200000", land="SN"))
    assert (saxon.facts(asked).language, RULES.facts(asked).language) == ("hsb", "Sorbisch")


def test_checks_warn_first_and_answers_clear_them() -> None:
    results = RULES.checks(case(application()))
    assert [result.check_id for result in results if result.level is CheckLevel.WARN] == ["liability"]
    assert results[0].check_id == "liability"
    assert results[0].evidence == "liability"
    later = case(
        application(FORM, "99102013104000", attachment("nachweis-1.pdf", "Nachweis der Haftpflicht"))
    )
    assert all(result.level is CheckLevel.OK for result in RULES.checks(later))


@pytest.mark.parametrize(
    ("change", "check_id"),
    [
        ({"hund": {"listenhund": True, "chipnummer": "1"}}, "listed-breed"),
        ({"hund": {"listenhund": False}}, "chip"),
        ({"haltung": {"beginn": "2026-11-25"}}, "keeping-begun"),
        ({"ermaessigung": {"beantragt": True}}, "reduction"),
        ({"erklaerung": {"richtigkeit": False}}, "declared"),
        ({"antragsteller": {"nachname": "X", "anschrift": {"ort": "Anderswo", "plz": "1"}}}, "municipality"),
        ({"antragsteller": {"geburtsdatum": "2030-01-01", "nachname": "X"}}, "birth-plausible"),
        ({"antragsteller": {"vorname": "X", "anschrift": {"plz": "1"}}}, "applicant-named"),
    ],
)
def test_each_check_point_can_warn(change: dict[str, Any], check_id: str) -> None:
    warned = {
        item.check_id for item in RULES.checks(case(application({**FORM, **change}))) if item.level == "warn"
    }
    assert check_id in warned
    assert check_id not in {
        item.check_id for item in RULES.checks(case(application())) if item.level == "warn"
    }


def test_minors_are_noticed_to_the_day() -> None:
    def warned(born: str) -> bool:
        form = {"antragsteller": {"nachname": "X", "geburtsdatum": born}}
        results = RULES.checks(case(application(form, "99050012104000")))
        return any(item.check_id == "adult" and item.level == "warn" for item in results)

    assert not warned("2008-11-24")
    assert warned("2008-11-25")


def test_the_catalogue_of_evidence_begins_with_what_is_missing() -> None:
    kinds = [
        kind.key
        for kind in RULES.evidence(case(application(FORM, "99107023037000", attachment("Mietvertrag.pdf"))))
    ]
    assert kinds[0] == "income"
    assert kinds[-1] == "lease"


def test_a_new_case_has_its_target_and_a_warning_before_it() -> None:
    target, warning = RULES.deadlines(case(application()), NOW)
    assert (target.kind, target.due_on) == (DeadlineKind.PROCESSING, date(2026, 12, 22))
    assert [step.kind for step in target.steps] == [StepKind.ARRIVED, StepKind.DAYS]
    assert (warning.kind, warning.due_on) == (DeadlineKind.WARNING, date(2026, 12, 15))


def test_a_request_adds_the_day_of_the_answer() -> None:
    asked = entry(OutboxKind.DOCUMENT_REQUEST, OutboxState.DELIVERED, NOW + timedelta(days=1))
    first, second, _warning = RULES.deadlines(case(application(), asked), NOW)
    assert (first.kind, first.due_on) == (DeadlineKind.ANSWER, date(2026, 12, 9))
    assert second.kind is DeadlineKind.PROCESSING
    chosen = HistoryEvent(NOW, "clerk", "queued", {"entry_id": "e", "due_on": "2026-12-30"})
    first, _second, _warning = RULES.deadlines(case(application(), asked, history=(chosen,)), NOW)
    assert (first.due_on, first.steps[-1].kind) == (date(2026, 12, 30), StepKind.CHOSEN)


def test_an_answer_or_a_withdrawal_ends_the_waiting() -> None:
    asked = entry(OutboxKind.DOCUMENT_REQUEST, OutboxState.DELIVERED, NOW + timedelta(days=1))
    file = case(application(), asked)
    answered = replace(file, applications=(*file.applications, application(at=NOW + timedelta(days=3))))
    withdrawn = case(application(), replace(asked, state=OutboxState.WITHDRAWN))
    for shown in (answered, withdrawn):
        found = RULES.deadlines(shown, NOW)
        assert [item.kind for item in found] == [DeadlineKind.PROCESSING, DeadlineKind.WARNING]


def test_a_sent_decision_has_notification_and_appeal() -> None:
    sent = entry(OutboxKind.DECISION, OutboxState.POSTED, datetime(2026, 2, 2, 9, tzinfo=UTC))
    notified, appeal = RULES.deadlines(case(application(FORM, "99050012104000"), sent), NOW)
    assert (notified.due_on, appeal.due_on) == (date(2026, 2, 6), date(2026, 3, 6))
    assert notified.assumed
    certificate = case(application(FORM, "99027002012000"), sent)
    assert [item.kind for item in RULES.deadlines(certificate, NOW)] == [DeadlineKind.NOTIFICATION]
    waiting = case(application(), replace(sent, state=OutboxState.QUEUED))
    assert RULES.deadlines(waiting, NOW) == ()


def test_the_proposed_day_is_a_working_day() -> None:
    day = datetime(2026, 12, 11, 8, tzinfo=UTC)  # + 14 days: the first day of Christmas, then a weekend
    assert RULES.request_due_on(case(application()), day) == date(2026, 12, 28)
    assert RULES.today(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)) == date(2026, 11, 25)


def test_a_decision_is_a_complete_letter() -> None:
    letter = RULES.decision(case(application()), Outcome.GRANTED, Wording(), NOW)
    letter.require_complete()
    assert letter.subject == "Anmeldung Ihres Hundes zur Hundesteuer"
    assert letter.recipient == ("Žofia Müller", "Weg 5", "70999 Musterhausen")
    texts = "\n".join(letter.texts())
    assert "§ 9 Absatz 3 des Kommunalabgabengesetzes Baden-Württemberg" in texts
    assert "Sächs" not in texts
    assert "{" not in texts.replace(letter.words.page_of, "")
    (table,) = [block for block in letter.blocks if isinstance(block, Table)]
    assert table.rows == (
        ("Rufname", "Bello"),
        ("Rasse", "Dackel"),
        ("Chipnummer", "276000000000000"),
        ("Beginn der Haltung", "01.11.2026"),
    )
    (appeal,) = [block for block in letter.blocks if isinstance(block, AppealNotice)]
    assert "Stadt Musterhausen, Rathausplatz 1, 70999 Musterhausen" in appeal.text
    assert "innerhalb eines Monats" in appeal.text


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("key", [*ServiceCatalogue().keys(), "99999999999999"])
@pytest.mark.parametrize("form", [FORM, {}])
def test_every_service_and_outcome_makes_a_letter_without_open_blanks(
    key: str, outcome: Outcome, form: Any
) -> None:
    wording = Wording(reasons="Weil es so ist.")
    letter = RULES.decision(case(application(form, key)), outcome, wording, NOW)
    assert "{" not in "\n".join(letter.texts()).replace(letter.words.page_of, "")
    assert any(isinstance(block, NumberedList) and block.items for block in letter.blocks)
    json.loads(letter.facts_json())


def test_an_unknown_template_is_an_error() -> None:
    with pytest.raises(ClerkError) as caught:
        RULES.decision(case(application()), Outcome.GRANTED, Wording(template="no-such"), NOW)
    assert caught.value.code is ErrorCode.TEMPLATE_UNKNOWN


def test_a_request_names_items_and_day() -> None:
    items = (RequestItem("Haftpflicht"), RequestItem("Foto"))
    letter = RULES.document_request(case(application()), DocumentRequest(items, date(2026, 12, 9)), NOW)
    letter.require_complete()
    text = RULES.message_text(letter)
    assert "- Haftpflicht\n- Foto" in text
    assert "9.\u00a0Dezember 2026" in text
    assert any(isinstance(block, Paragraph) and "§ 90" in block.text for block in letter.blocks)


def test_forms_of_the_practice_portal_are_fully_described() -> None:
    """Every field its citizens fill in has a label here, and every applicant is recognised."""
    from clerk_app.sandbox.generator.names import People
    from clerk_app.sandbox.generator.services import SERVICES, applicant

    rng = random.Random(7)
    people = People(rng)
    for number in range(len(SERVICES) * 12):
        plan = SERVICES[number % len(SERVICES)]
        person = people.draw("BW", "70999", "Musterhausen")
        form = {
            "$schema": plan.schema_uri,
            "antragsteller": applicant(person),
            **plan.fill_in(rng, person, date(2026, 11, 24)),
        }
        filed = application(form, plan.leika_key)
        opened = case(filed)
        undescribed = [row.path for row in RULES.form(opened, filed).rows() if not row.described]
        assert undescribed == []
        found = RULES.applicant(opened)
        assert found.family_name == person.family
        assert RULES.facts(filed).applicant.startswith(person.family)
        assert len(found.address_lines) >= 3
        wanted = {evidence.title for evidence in plan.evidence}
        attached = case(
            application(
                form, plan.leika_key, *(attachment(item.filename, item.title) for item in plan.evidence)
            )
        )
        missing = [
            item for item in RULES.checks(attached) if item.level == "warn" and "fehlt" in str(item.text)
        ]
        assert [item.check_id for item in missing if item.check_id not in ("chip",)] in (
            [],
            ["neighbours"],
        ), wanted
