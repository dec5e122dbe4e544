"""Letters and certificates for the tests of this room."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from clerk_app.domain.letter import (
    Align,
    AppealNotice,
    Block,
    BulletList,
    Enclosures,
    Heading,
    Letter,
    LetterKind,
    LetterSender,
    NumberedList,
    Paragraph,
    SignaturePlace,
    Table,
    Translation,
)

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PASSWORD = "Straße 17"
REASONS = (
    "Die Voraussetzungen für die Erteilung der beantragten Erlaubnis liegen vor. Die Prüfung der vorgelegten "
    "Unterlagen (Lageplan, Verkehrszeichenplan, Zustimmung der Anlieger) hat ergeben, dass öffentliche "
    "Belange nicht entgegenstehen; das Ermessen wurde pflichtgemäß ausgeübt."
)
FEE = (
    "Für diesen Bescheid wird eine Gebühr von 148,50 € erhoben. Sie ist innerhalb von vier Wochen nach "
    "Bekanntgabe auf das unten genannte Konto zu überweisen."
)
APPEAL = (
    "Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Widerspruch bei der Stadt "
    "Musterhausen, Rathausplatz 1, 12345 Musterhausen, erhoben werden."
)
SENDER = LetterSender(
    name="Stadt Musterhausen",
    unit="Ordnungsamt – Straßenverkehr",
    street="Rathausplatz 1",
    postcode="12345",
    city="Musterhausen",
)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def decision(*blocks: Block, practice: bool = False) -> Letter:
    """A granted decision; ``blocks`` replace its text."""
    text: tuple[Block, ...] = blocks or (
        Paragraph("auf Ihren Antrag vom 2. November 2026 ergeht folgender"),
        Heading("Bescheid:"),
        NumberedList(
            (
                "Die Sondernutzung wird für die Zeit vom 1. Dezember 2026 bis 31. Januar 2027 erlaubt.",
                FEE,
            )
        ),
        Heading("Begründung"),
        Paragraph(REASONS),
        AppealNotice(
            "Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Widerspruch bei der Stadt "
            "Musterhausen, Rathausplatz 1, 12345 Musterhausen, erhoben werden."
        ),
        SignaturePlace(),
    )
    return Letter(
        kind=LetterKind.DECISION_GRANTED,
        title="Bescheid 32.1-00001/2026",
        sender=SENDER,
        recipient=("Frau", "Dženana Müller-Ćwikła", "Größenstraße 12", "12345 Musterhausen"),
        reference="32.1-00001/2026",
        date_on=date(2026, 11, 24),
        subject="Sondernutzungserlaubnis nach § 18 StrG – Aufstellen eines Baugerüsts",
        salutation="Guten Tag Dženana Müller-Ćwikła,",
        blocks=text,
        closing="Mit freundlichen Grüßen\nIm Auftrag",
        signatory="Jörg Schäfer",
        info=(("Auskunft", "Jörg Schäfer"), ("E-Mail", "ordnung@musterhausen.example")),
        footer=(("Sprechzeiten", "Mo–Fr 8–12 Uhr"), ("Sparkasse", "IBAN DE02 1203 0000 0000 2020 51")),
        facts={"outcome": "granted", "case_reference": "32.1-00001/2026", "fee": {"amount": "148.50"}},
        practice=practice,
    )


def long_decision(rows: int = 60) -> Letter:
    """Several pages with a table that runs over them and one row longer than most."""
    table = Table(
        ("Nr.", "Gebührentatbestand", "Betrag"),
        tuple(
            (
                f"{row}",
                f"Position {row}: Aufstellfläche Gehweg, Tarifstelle 4.{row}" + (f" {REASONS}" * (row == 6)),
                f"{row * 35},50 €",
            )
            for row in range(1, rows + 1)
        ),
        (Align.LEFT, Align.LEFT, Align.RIGHT),
        summary="Gebührenpositionen",
    )
    return decision(
        Heading("Begründung"),
        *[Paragraph(REASONS)] * 4,
        BulletList(("Lageplan im Maßstab 1 : 500", "Verkehrszeichenplan", REASONS)),
        Heading("Berechnung der Gebühren"),
        table,
        AppealNotice("Gegen diesen Bescheid kann Widerspruch erhoben werden."),
        SignaturePlace(),
    )


def every_kind(pages: int = 1, *, to_sign: bool = True) -> dict[str, Letter]:
    """One letter of every kind by the kind's value, of 1 or 6 ``pages``; ``to_sign``: with a place for it."""
    letters = {}
    for kind in LetterKind:
        blocks: list[Block] = [*_TEXTS[kind]]
        if pages > 1:
            blocks += [
                Heading("Aufstellung"),
                Table(
                    ("Nr.", "Gegenstand", "Betrag"),
                    (
                        *(
                            (f"{row}", f"Position {row}: {REASONS.partition('; ')[0][:119]}", f"{row},50 €")
                            for row in range(1, 101)
                        ),
                        ("", "Summe", "5.100,00 €"),
                    ),
                    (Align.LEFT, Align.LEFT, Align.RIGHT),
                    summary="Aufstellung der Positionen",
                    totals=1,
                ),
            ]
        if kind.is_decision:
            blocks.append(AppealNotice(APPEAL))
        blocks.append(Enclosures(("Lageplan im Maßstab 1 : 500", "Verkehrszeichenplan")))
        if to_sign:
            blocks.append(SignaturePlace())
        title, subject = f"{kind.value} 32.1-00001/2026", f"{_SUBJECTS[kind]} – Aufstellen eines Baugerüsts"
        letters[kind.value] = dataclasses.replace(
            decision(*blocks), kind=kind, title=title, subject=subject, facts={"kind": kind.value}
        )
    return letters


_SUBJECTS = {
    LetterKind.DECISION_GRANTED: "Sondernutzungserlaubnis",
    LetterKind.DECISION_REFUSED: "Ablehnung der Sondernutzungserlaubnis",
    LetterKind.DECISION_PARTLY_GRANTED: "Teilweise Erlaubnis der Sondernutzung",
    LetterKind.DOCUMENT_REQUEST: "Fehlende Unterlagen",
    LetterKind.HEARING: "Anhörung",
    LetterKind.INTERIM_NOTICE: "Zwischennachricht",
    LetterKind.FORWARDING_NOTICE: "Abgabe Ihres Antrags",
    LetterKind.RECEIPT: "Eingangsbestätigung",
    LetterKind.NOTIFICATION: "Mitteilung",
}
_DECIDED: tuple[Block, ...] = (
    Paragraph("auf Ihren Antrag vom 2. November 2026 ergeht folgender Bescheid:"),
    NumberedList(
        ("Über die Sondernutzung wird für die Zeit bis 31. Januar 2027 wie folgt entschieden.", FEE)
    ),
    Heading("Nebenbestimmungen"),
    NumberedList(
        ("Die Fläche ist nachts zu beleuchten.", "Der Gehweg bleibt 1,50 m breit begehbar."), start=3
    ),
    Heading("Begründung"),
    Paragraph(REASONS.partition(".")[0] + "."),
)
_ASKED: tuple[Block, ...] = (
    Paragraph(
        "vielen Dank für Ihren Antrag vom 2. November 2026. Bitte reichen Sie bis 7. Dezember 2026 nach:"
    ),
    BulletList(("Lageplan", "Zustimmung der Anlieger, auch von Dženana C̨̆ovi K̕oda", "Verkehrszeichenplan")),
    Paragraph(
        "Am einfachsten geht das über https://www.musterhausen.example/nachreichen?az=32.1-00001/2026."
    ),
)
_TOLD: tuple[Block, ...] = (
    Paragraph("Ihr Antrag vom 2. November 2026 ist am selben Tag bei uns eingegangen."),
    Paragraph("Fragen beantwortet Ihnen gern ordnung@musterhausen.example, Telefon 01234 567-89."),
    Paragraph(REASONS),
)
_TEXTS: dict[LetterKind, tuple[Block, ...]] = {
    LetterKind.DECISION_GRANTED: _DECIDED,
    LetterKind.DECISION_REFUSED: _DECIDED,
    LetterKind.DECISION_PARTLY_GRANTED: _DECIDED,
    LetterKind.DOCUMENT_REQUEST: _ASKED,
    LetterKind.HEARING: (
        Paragraph("wir beabsichtigen, Ihren Antrag vom 2. November 2026 abzulehnen. Dafür ist maßgeblich:"),
        Paragraph(REASONS),
        Paragraph("Sie können sich dazu bis 7. Dezember 2026 äußern (§ 28 Abs. 1 VwVfG)."),
    ),
    LetterKind.INTERIM_NOTICE: _TOLD,
    LetterKind.FORWARDING_NOTICE: _TOLD,
    LetterKind.RECEIPT: _TOLD,
    LetterKind.NOTIFICATION: _TOLD,
}


def bilingual(*blocks: Block) -> Letter:
    """A granted decision in German and Upper Sorbian; ``blocks`` replace the translated text."""
    text: tuple[Block, ...] = blocks or (
        Paragraph("na Wašu próstwu wot 2. nowembra 2026 so takle rozsudźi:"),
        NumberedList(("Wosebite wužiwanje so dowoli.", "Popłatk wučinja 148,50 €.")),
        Heading("Wopodstatnjenje"),
        Paragraph("Wuměnjenja su spjelnjene, hlejće https://www.sorbisch.example/prawo?čo=ř."),
        AppealNotice("Přećiwo tutej rozsudźe móže so w běhu měsaca znapřećiwjenje zapodać.", "Poučenje"),
        Enclosures(("Połoženski plan",), "Přiłohi"),
    )
    translation = Translation(
        language="hsb",
        notice="Übersetzung. Verbindlich ist der deutsche Text.\nPřełožk. Zwjazowacy je němski tekst.",
        subject="Dowolnosć za wosebite wužiwanje",
        salutation="Dobry dźeń Dženana Müller-Ćwikła,",
        blocks=text,
        closing="Z přećelnym postrowom",
    )
    return dataclasses.replace(every_kind()["decision-granted"], translation=translation)


def with_facts(letter: Letter, **facts: object) -> Letter:
    """The same letter with another machine-readable decision."""
    return dataclasses.replace(letter, facts=facts)


def name(common: str) -> x509.Name:
    """An X.509 name."""
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def certificate(
    key: Key,
    *,
    issuer: tuple[Key, x509.Certificate] | None = None,
    common: str = "Siegel Musterhausen",
    begins_at: datetime = AT - timedelta(days=100),
    ends_at: datetime = AT + timedelta(days=700),
    usage: tuple[str, ...] | None = ("digital_signature", "content_commitment"),
    authority: bool = False,
) -> x509.Certificate:
    """A certificate; without ``issuer`` it is self-signed."""
    signer, issued_by = (issuer[0], issuer[1].subject) if issuer else (key, name(common))
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(issued_by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins_at)
        .not_valid_after(ends_at)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if usage is not None:
        names = (
            "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
            "key_cert_sign crl_sign encipher_only decipher_only"
        )
        wanted = {each: each in usage for each in names.split()}
        builder = builder.add_extension(x509.KeyUsage(**wanted), critical=True)
    algorithm = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(signer, algorithm)


def write_p12(
    path: Path,
    key: Key | None,
    cert: x509.Certificate | None,
    chain: tuple[x509.Certificate, ...] = (),
    password: str | None = PASSWORD,
) -> str:
    """A PKCS#12 file; returns its reference."""
    protection: serialization.KeySerializationEncryption = (
        serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    )
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"test", key, cert, list(chain), protection))
    return f"pkcs12:{path.name}"


def der(cert: x509.Certificate) -> bytes:
    """DER bytes."""
    return cert.public_bytes(serialization.Encoding.DER)
