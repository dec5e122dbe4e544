"""Cases a fake office can begin with."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from clerk_app.domain.application import Application, Attachment, ReplyChannel
from clerk_app.domain.case import CaseAttachment
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, DocumentId, SubmissionId
from tests.ui.fake_store import NOW, FakeOffice, Seed, case_id_of
from tests.ui.fakes import fake_pdf

FORM = {
    "Antragstellende Person": {
        "Name": "Žaneta von der Heide-Šołćina",
        "Geburtsdatum": "14.03.1991",
        "Anschrift": "Musterweg 5 a, 00000 Musterhausen",
        "Identität": "BundID – Vertrauensniveau substanziell",
    },
    "Fahrzeug": {"Kennzeichen": "MH-ZS 91", "Halterin": "antragstellende Person", "Bereich": "A – Altstadt"},
    "Angaben zum Ausweis": {
        "Gültig ab": "01.12.2026",
        "Dauer": "12 Monate",
        "Gebühr": "30,70 € – bezahlt (ePayBL)",
    },
}


def seed(
    number: int,
    applicant: str,
    service: str,
    *,
    arrived_at: datetime | None = None,
    due_on: date | None = date(2026, 12, 8),
    files: tuple[str, ...] = (),
    warnings: dict[str, str] | None = None,
    channel: str | None = "idBundDeMailbox",
    content: bytes | None = None,
    quarantine: str | None = None,
    form: dict[str, dict[str, str]] | None = None,
) -> Seed:
    """One case; ``files`` are names of its attachments."""
    case_id = case_id_of(number)
    arrived = arrived_at or NOW - timedelta(minutes=number)
    submission_id = SubmissionId(str(uuid5(NAMESPACE_URL, f"submission-{number}")))
    attachments = tuple(_attachment(case_id, name) for name in files)
    body = content or json.dumps(form or FORM, ensure_ascii=False).encode()
    application = Application(
        submission_id,
        case_id,
        DestinationId("d0000000-0000-4000-8000-000000000001"),
        "service-bw",
        "urn:de:fim:leika:leistung:99108013104000",
        service,
        None,
        body,
        "application/json",
        hashlib.sha512(body).hexdigest(),
        {},
        attachments,
        arrived,
        reply_channel=ReplyChannel(channel, {"mailboxUuid": "m"}) if channel else None,
        portal_application_id=f"app-{number}",
    )
    return Seed(
        number,
        case_id,
        f"2026-7KQ4-M{number:03d}",
        service,
        applicant,
        arrived,
        due_on,
        [] if quarantine else [application],
        [CaseAttachment(a, submission_id, DocumentId(a.attachment_id), arrived) for a in attachments],
        warnings or {},
        quarantine,
    )


def _attachment(case_id: CaseId, name: str) -> Attachment:
    attachment_id = AttachmentId(str(uuid5(NAMESPACE_URL, case_id + name)))
    kind = "image/png" if name.endswith(".png") else "application/pdf"
    return Attachment(attachment_id, name, kind, 184_320, "0" * 128)


def fill(office: FakeOffice) -> None:
    """The cases of the pictures in the reference."""
    day = timedelta(days=1)
    found = [
        seed(
            1,
            "von der Heide-Šołćina, Žaneta",
            "Bewohnerparkausweis",
            arrived_at=NOW - timedelta(minutes=12),
            due_on=date(2026, 12, 1),
            files=("Fahrzeugschein.pdf", "Mietvertrag.pdf"),
        ),
        seed(
            2,
            "Özdemir, Kübra",
            "Wohngeld – Erstantrag",
            arrived_at=NOW - timedelta(minutes=33),
            due_on=date(2026, 11, 24),
            files=("Gehalt-09.pdf", "Gehalt-10.pdf", "Mietvertrag.pdf", "Ausweis.png"),
            warnings={"address": "Die Anschrift im Mietvertrag weicht vom Melderegister ab"},
        ),
        seed(
            3,
            "Đorđević, Nikola",
            "Hundesteueranmeldung",
            arrived_at=NOW - day,
            due_on=date(2026, 12, 8),
            files=("Impfpass.pdf",),
        ),
        seed(
            4,
            "Weiß GmbH & Co. KG",
            "Sondernutzung öffentlicher Straßen",
            arrived_at=NOW - day * 1.2,
            due_on=None,
            files=tuple(f"Plan-{n}.pdf" for n in range(6)),
            channel=None,
        ),
        seed(5, "Groß, Ben", "Meldebescheinigung", arrived_at=NOW - day * 4, due_on=date(2026, 12, 5)),
        seed(
            6,
            "Freiherr zu Musterau, Quirin",
            "Baumfällgenehmigung",
            arrived_at=NOW - day * 4.1,
            due_on=date(2026, 12, 15),
            files=("Foto-1.png", "Foto-2.png", "Lageplan.pdf"),
        ),
        seed(
            7,
            "Nguyễn Thị Minh",
            "Eheschließung – Anmeldung",
            arrived_at=NOW - day * 5,
            due_on=date(2026, 11, 23),
            files=("Geburtsurkunde.pdf",),
        ),
        seed(
            8,
            "",
            "Gewerbeanmeldung",
            arrived_at=NOW - day * 5.1,
            due_on=None,
            quarantine="HASH_MISMATCH",
        ),
    ]
    for one in found:
        office.add(one)
        for item in one.attachments:
            title = (item.attachment.filename or "").rsplit(".", 1)[0] + " (Muster)"
            lines = ["C.1.3  Alte Gasse 12, 00000 Musterhausen"] + ["─" * 42] * 14
            office.contents[item.attachment.attachment_id] = fake_pdf(title, lines, pages=2)
