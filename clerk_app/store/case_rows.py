"""Rows of ``cases``, derived whole from the case's submissions: storing in any order gives the same rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, cast

import msgspec

from clerk_app.domain.application import Application, CaseFacts, PersonFacts
from clerk_app.domain.ids import CaseId
from clerk_app.domain.reference import case_reference
from clerk_app.store.case_texts import texts_of
from clerk_app.store.connection import Connection
from clerk_app.store.din91379 import form_where_different, search_form
from clerk_app.store.encoding import clean_json, clean_text, from_json, read_time, stored_time, to_json
from clerk_app.store.relation_keys import RelationKey, attachment_keys, person_keys

# The turn of the year in Berlin is in winter time: one hour before UTC, in every year since 1980.
_WINTER = timedelta(hours=1)


def insert_application(connection: Connection, key: int, application: Application, facts: CaseFacts) -> None:
    """Stores what submission ``key`` says, replacing what was stored of it."""
    connection.execute("DELETE FROM application WHERE submission = ?", (key,))
    connection.execute("DELETE FROM attachment WHERE submission = ?", (key,))
    channel = application.reply_channel
    connection.execute(
        "INSERT INTO application VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            key,
            stored_time(application.submitted_at),
            _clean(application.service_identifier),
            _clean(application.service_name),
            _clean(application.schema_uri),
            application.content,
            clean_text(application.content_media_type),
            application.content_sha512,
            to_json(application.metadata),
            None if channel is None else to_json(msgspec.to_builtins(channel)),
            application.consents_to_electronic_decision,
            None if application.applied_on is None else application.applied_on.isoformat(),
            _clean(application.portal_application_id),
            _clean(application.sender_reference),
            to_json(application.warnings),
            to_json(msgspec.to_builtins(facts)),
        ),
    )
    connection.execute_many(
        "INSERT INTO attachment VALUES (?,?,?,?,?,?,?,?,?)",
        [
            (
                key,
                ordinal,
                attachment.attachment_id,
                _clean(attachment.filename),
                clean_text(attachment.media_type),
                attachment.size_bytes,
                attachment.sha512,
                clean_text(attachment.purpose),
                _clean(attachment.description),
            )
            for ordinal, attachment in enumerate(application.attachments)
        ],
    )


class Refreshed(Enum):
    """What deriving a case's row again did."""

    NEW = auto()
    READABLE = auto()  # it was quarantined and can be read now
    CHANGED = auto()
    NONE = auto()  # there is no such case (any more)


def refresh(connection: Connection, case_id: CaseId) -> Refreshed:
    """Derives the case's row again.

    A case has a row as soon as a submission of it was opened or quarantined. What was only rejected has none.
    """
    old = connection.one("SELECT id, quarantined FROM cases WHERE case_id = ?", (case_id,))
    old_key = None if old is None else int(old[0])
    values = _derived(connection, case_id)
    if values is None:
        if old_key is not None:
            connection.execute("UPDATE submission SET case_key = NULL WHERE case_key = ?", (old_key,))
            connection.execute("DELETE FROM cases WHERE id = ?", (old_key,))
        return Refreshed.NONE
    columns, text, relations = values
    key = _free_key(connection, read_time(columns["arrived_at"]), old_key)
    if old_key is None:
        names = ", ".join(["id", *columns])
        marks = ",".join("?" * (len(columns) + 1))
        connection.execute(
            f"INSERT INTO cases({names}) VALUES ({marks})",  # noqa: S608
            (key, *columns.values()),
        )
    else:
        assignments = ", ".join(f"{name} = ?" for name in ["id", *columns])
        connection.execute(
            f"UPDATE cases SET {assignments} WHERE id = ?",  # noqa: S608
            (key, *columns.values(), old_key),
        )
    connection.execute("UPDATE submission SET case_key = ? WHERE case_id = ?", (key, case_id))
    _index(connection, key, columns, text)
    _relate(connection, key, relations)
    if old is None:
        return Refreshed.NEW
    return Refreshed.READABLE if old[1] and not columns["quarantined"] else Refreshed.CHANGED


def _derived(connection: Connection, case_id: CaseId) -> tuple[dict[str, Any], str, list[RelationKey]] | None:
    submissions = connection.rows(
        "SELECT s.portal, s.destination_id, s.state, s.received_at, s.code, a.submitted_at, a.facts, "
        "a.reply_channel, (SELECT count(*) FROM attachment t WHERE t.submission = s.id) "
        "FROM submission s LEFT JOIN application a ON a.submission = s.id WHERE s.case_id = ? "
        "ORDER BY a.submitted_at IS NULL, a.submitted_at, s.received_at, s.submission_id",
        (case_id,),
    )
    readable = [row for row in submissions if row[5] is not None]
    quarantined = [row for row in submissions if row[2] == "quarantined" and row[5] is None]
    counted = readable or quarantined
    if not counted:
        return None
    first = counted[0]
    arrived_at = first[5] if readable else first[3]
    facts = cast("dict[str, Any]", from_json(first[6]) if readable else {})
    channels = [cast("dict[str, Any]", from_json(row[7]))["kind"] for row in readable if row[7] is not None]
    local_year = (read_time(arrived_at) + _WINTER).year
    columns: dict[str, Any] = {
        "case_id": case_id,
        "case_reference": case_reference(case_id, local_year),
        "portal": first[0],
        "destination_id": first[1],
        "service": facts.get("service", ""),
        "leika_key": facts.get("leika_key"),
        "applicant": facts.get("applicant", ""),
        "applicant_sort_key": search_form(facts.get("applicant_sort_key") or facts.get("applicant", "")),
        "municipality": facts.get("municipality", ""),
        "arrived_at": arrived_at,
        "last_received_at": max(row[3] for row in counted),
        "due_on": facts.get("due_on"),
        "channel": channels[0] if channels else None,
        "language": facts.get("language", ""),
        "attachment_count": sum(row[8] for row in readable),
        "submission_count": len(counted),
        "quarantined": 0 if readable else 1,
        "quarantine_code": quarantined[0][4] if quarantined else None,
    }
    every = [cast("dict[str, Any]", from_json(row[6])) for row in readable]
    text = "\n".join(one["search_text"] for one in every)
    return columns, text, _relation_keys(connection, case_id, every)


def _relation_keys(connection: Connection, case_id: CaseId, every: list[dict[str, Any]]) -> list[RelationKey]:
    persons = [msgspec.convert(facts["person"], PersonFacts) for facts in every if "person" in facts]
    attachments = connection.rows(
        "SELECT t.sha512, t.size_bytes, ifnull(t.filename, t.attachment_id) FROM submission s "
        "JOIN attachment t ON t.submission = s.id WHERE s.case_id = ? "
        "ORDER BY s.received_at, s.submission_id, t.ordinal",
        (case_id,),
    )
    return [*(key for person in persons for key in person_keys(person)), *attachment_keys(attachments)]


def relate_again(connection: Connection, case_id: CaseId) -> None:
    """Derives only what other cases are found by."""
    key = connection.value("SELECT id FROM cases WHERE case_id = ?", (case_id,))
    if key is None:
        return
    facts = connection.rows(
        "SELECT a.facts FROM submission s JOIN application a ON a.submission = s.id WHERE s.case_id = ? "
        "ORDER BY a.submitted_at, s.received_at, s.submission_id",
        (case_id,),
    )
    every = [cast("dict[str, Any]", from_json(row[0])) for row in facts]
    _relate(connection, key, _relation_keys(connection, case_id, every))


def tell_language(connection: Connection, case_id: CaseId) -> None:
    """Derives only which language the Antrag asks for."""
    facts = connection.value(
        "SELECT a.facts FROM submission s JOIN application a ON a.submission = s.id WHERE s.case_id = ? "
        "ORDER BY a.submitted_at, s.received_at, s.submission_id LIMIT 1",
        (case_id,),
    )
    language = cast("dict[str, Any]", from_json(facts)).get("language", "")
    connection.execute("UPDATE cases SET language = ? WHERE case_id = ?", (language, case_id))


def _relate(connection: Connection, key: int, relations: list[RelationKey]) -> None:
    connection.execute("DELETE FROM relation_key WHERE case_key = ?", (key,))
    connection.execute_many(
        "INSERT INTO relation_key VALUES (?,?,?,?,?) ON CONFLICT DO NOTHING",
        [(each.kind.value, each.key, each.beside, key, each.written) for each in relations],
    )


#: The first free number after the taken one ?.
_END_OF_RUN = """
    SELECT id + 1 FROM cases AS taken WHERE id >= ?
    AND NOT EXISTS (SELECT 1 FROM cases WHERE id = taken.id + 1)
    ORDER BY id LIMIT 1
"""


def _free_key(connection: Connection, arrived_at: datetime, old_key: int | None) -> int:
    """The arrival in milliseconds, counted up past cases of the same millisecond."""
    wanted = round(arrived_at.timestamp() * 1000)
    if old_key is not None and wanted <= old_key < wanted + 1000:
        return old_key
    if connection.one("SELECT 1 FROM cases WHERE id = ?", (wanted,)) is None:
        return wanted
    if wanted % 1000 == 0:  # told in whole seconds: all of that second arrived "at once", thousands perhaps
        last = int(
            connection.value("SELECT max(id) FROM cases WHERE id BETWEEN ? AND ? + 999", (wanted, wanted))
        )
        if last < wanted + 999:
            return last + 1
        wanted = last
    return int(connection.value(_END_OF_RUN, (wanted,)))


def _index(connection: Connection, key: int, columns: dict[str, Any], text: str) -> None:
    searchable = text.replace("\x00", " ")
    applicant = str(columns["applicant"])
    words = (
        searchable,
        form_where_different(f"{searchable}\n{applicant}"),
        f"{applicant} {form_where_different(applicant)}".strip(),
        f"{columns['service']} {columns['leika_key'] or ''}".strip(),
        f"{columns['municipality']} {form_where_different(str(columns['municipality']))}".strip(),
        columns["case_reference"],
        *texts_of(connection, columns["case_id"]),
    )
    connection.execute(
        "INSERT INTO case_text VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
        "text = excluded.text, form = excluded.form, applicant = excluded.applicant, "
        "service = excluded.service, municipality = excluded.municipality, reference = excluded.reference, "
        "attachments = excluded.attachments, notes = excluded.notes",
        (key, *words),
    )


def remember(connection: Connection, name: str, value: str) -> None:
    """Keeps a note in the cache."""
    connection.execute(
        "INSERT INTO note VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value", (name, value)
    )


def pages(connection: Connection) -> int:
    """How many pages of intake the cache has taken in."""
    return int(recall(connection, "pages") or 0)


def next_page(connection: Connection) -> int:
    """Counts one more page; the new number."""
    number = pages(connection) + 1
    remember(connection, "pages", str(number))
    return number


def recall(connection: Connection, name: str) -> str | None:
    """A note, or None."""
    value = connection.value("SELECT value FROM note WHERE name = ?", (name,))
    return None if value is None else str(value)


def _clean(text: str | None) -> str | None:
    return cast("str | None", clean_json(text))
