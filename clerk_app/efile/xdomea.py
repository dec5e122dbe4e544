"""xdomea 3.0.0, message ``Abgabe.Abgabe.0401``: one case becomes one ``Vorgang``."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from clerk_app import __version__
from clerk_app.domain.case import HistoryEvent
from clerk_app.domain.deadlines import office_time
from clerk_app.domain.efile import FiledCase, FiledDocument, Handover
from clerk_app.efile import words
from clerk_app.efile.file_names import package_file_name, stem
from clerk_app.efile.formats import OTHER, Claims, FileFormat, format_of
from clerk_app.efile.xml_text import element, escaped, text_element

NAMESPACE = "urn:xoev-de:xdomea:schema:3.0.0"
MESSAGE = "Abgabe.Abgabe.0401"
_LISTS = "urn:xoev-de:xdomea:codeliste:"
_OPEN = "003"  # Vertraulichkeitsstufe: nothing here is classified (VSA)
_ELECTRONIC = "001"  # Medium
_IDS = uuid.UUID("6d1f7a4e-3f0b-5c52-9a53-0f3c2d0b8e61")  # namespace for ids that are no UUIDs

ClaimsOf = Mapping[str, Claims]
"""By document id: what the first pass over every document found."""


def package_name(process_id: str) -> str:
    """``<ProzessID>_Abgabe.Abgabe.0401``: the name of message and package, without extension."""
    return f"{process_id}_{MESSAGE}"


def head(handover: Handover) -> str:
    """Everything before the first case."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xdomea:{MESSAGE} xmlns:xdomea="{NAMESPACE}">'
        + element(
            "xdomea:Kopf",
            element("xdomea:ProzessID", handover.process_id),
            _code("xdomea:Nachrichtentyp", "nachrichtentyp", "2.0", "0401"),
            element("xdomea:Erstellungszeitpunkt", _moment(handover.at)),
            _institution("xdomea:Absender", handover.office),
            _institution("xdomea:Empfaenger", handover.recipient),
            element(
                "xdomea:SendendesSystem",
                element("xdomea:Produktname", "Amtsstube"),
                element("xdomea:Version", __version__),
            ),
            element("xdomea:Importbestaetigung", "1"),
            element("xdomea:Empfangsbestaetigung", "0"),
        )
        + "\n"
    )


def tail() -> str:
    """Everything after the last case."""
    return f"</xdomea:{MESSAGE}>\n"


def case_element(case: FiledCase, office: str, claims: ClaimsOf) -> str:
    """One ``Schriftgutobjekt`` with its ``Vorgang``."""
    subject = " – ".join(part for part in (case.service, case.applicant) if part)
    return (
        element(
            "xdomea:Schriftgutobjekt",
            element(
                "xdomea:Vorgang",
                _identification(case.case_id),
                _general(subject, case.reference, office),
                text_element("xdomea:Typ", case.service),
                _filed_away(case.closed_on),
                element(
                    "xdomea:Laufzeit",
                    element("xdomea:Beginn", case.opened_on.isoformat()),
                    _day("xdomea:Ende", case.closed_on),
                ),
                *(_history(event) for event in case.history),
                *(
                    _document(document, office, claims, number)
                    for number, document in enumerate(case.documents, 1)
                ),
            ),
        )
        + "\n"
    )


def document_file_name(document: FiledDocument, claims: Claims) -> str:
    """The file in the package that holds a document."""
    name = stem(document.filename) if document.filename else document.title
    extension = _format(document, claims).extension
    return package_file_name(_uuid(document.document_id), name, extension)


def _document(
    document: FiledDocument, office: str, claims: ClaimsOf, number: int, name: str = "xdomea:Dokument"
) -> str:
    remark = words.STATES[document.state] if document.state is not None else ""
    return element(
        name,
        _identification(document.document_id, number),
        _general(document.title, None, office, remark),
        _day("xdomea:Posteingangsdatum", document.received_on),
        _day("xdomea:Postausgangsdatum", document.sent_on),
        _day("xdomea:DatumDesSchreibens", document.dated_on),
        text_element("xdomea:Typ", words.type_of(document)),
        element(
            "xdomea:Version",
            element("xdomea:Nummer", "1"),
            _format_element(document, claims[document.document_id]),
        ),
        *(
            _document(enclosure, office, claims, index, "xdomea:Anlage")
            for index, enclosure in enumerate(document.enclosures, 1)
        ),
    )


def _format(document: FiledDocument, claims: Claims) -> FileFormat:
    return format_of(document.media_type, document.filename, claims)


def _format_element(document: FiledDocument, claims: Claims) -> str:
    found = _format(document, claims)
    signed = element("xdomea:SignaturSiegel", element("xdomea:SignaturSiegelEingebettet", "1"))
    return element(
        "xdomea:Format",
        _code("xdomea:Name", "dateiformat", "1.0", found.code),
        text_element("xdomea:SonstigerName", found.other_name if found.code == OTHER else None),
        element("xdomea:Version", escaped(found.version)),
        element(
            "xdomea:Primaerdokument",
            element("xdomea:Dateiname", escaped(document_file_name(document, claims))),
            text_element("xdomea:DateinameOriginal", document.filename),
            signed if claims.signed else "",
        ),
    )


def _identification(identifier: str, number: int | None = None) -> str:
    place = "" if number is None else element("xdomea:NummerImUebergeordnetenContainer", str(number))
    return element("xdomea:Identifikation", element("xdomea:ID", _uuid(identifier)), place)


def _general(subject: str, reference: str | None, office: str, remark: str = "") -> str:
    return element(
        "xdomea:AllgemeineMetadaten",
        text_element("xdomea:Betreff", subject),
        text_element("xdomea:Kennzeichen", reference),
        text_element("xdomea:Federfuehrung", office),
        text_element("xdomea:Aktenfuehrung", office),
        _code("xdomea:Vertraulichkeitsstufe", "vertraulichkeitsstufe", "1.0", _OPEN),
        text_element("xdomea:Bemerkung", remark),
        _code("xdomea:Medium", "medium", "1.0", _ELECTRONIC),
    )


def _filed_away(closed_on: date | None) -> str:
    if closed_on is None:
        return element("xdomea:ZdA", "0")
    return element("xdomea:ZdA", "1") + _day("xdomea:ZdADatum", closed_on)


def _history(event: HistoryEvent) -> str:
    return element(
        "xdomea:HistorienProtokollInformation",
        element("xdomea:Akteur", escaped(words.actor(event.actor))),
        element("xdomea:DatumUhrzeit", _moment(event.at)),
        text_element("xdomea:Bemerkung", words.remark(event)),
        element("xdomea:Aktion", escaped(words.action(event))),
    )


def _institution(name: str, office: str) -> str:
    return element(name, element("xdomea:Institution", text_element("xdomea:Name", office)))


def _code(name: str, code_list: str, version: str, code: str) -> str:
    return f'<{name} listURI="{_LISTS}{code_list}" listVersionID="{version}"><code>{code}</code></{name}>'


def _day(name: str, day: date | None) -> str:
    return "" if day is None else element(name, day.isoformat())


def _moment(at: datetime) -> str:
    return office_time(at).isoformat(timespec="milliseconds")


def _uuid(identifier: str) -> str:
    """``identifier`` as a UUID: itself, or the one derived from it."""
    try:
        return str(uuid.UUID(identifier))
    except ValueError:
        return str(uuid.uuid5(_IDS, identifier))
