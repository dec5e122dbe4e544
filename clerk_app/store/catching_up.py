"""Applications stored by an older program: who filed them, and in which language they want to be answered, is
read from the stored form, a few at a time.

A start must not wait for a hundred thousand of them, and the originals need not be opened again for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import msgspec

from clerk_app.domain.ids import CaseId
from clerk_app.store import case_rows
from clerk_app.store.case_file import as_application
from clerk_app.store.connection import Connection
from clerk_app.store.encoding import from_json, to_json
from clerk_app.store.relations import PERSONS_LEFT

if TYPE_CHECKING:
    from clerk_app.sync.ports import ApplicationReader


#: Where reading again stands: applications with a lower number are still to be read.
LANGUAGES_LEFT = "languages-below"


def read_facts(connection: Connection, reader: ApplicationReader, limit: int) -> int:
    """See ``sync.ports.IntakeStore``. Newest first: those are looked at. Reading happens outside of the
    transaction, which is short."""
    left = next((name for name in (PERSONS_LEFT, LANGUAGES_LEFT) if case_rows.recall(connection, name)), None)
    if left is None:
        return 0
    below = int(case_rows.recall(connection, left) or 0)
    found = connection.rows(
        "SELECT s.id, s.submission_id, s.destination_id, s.portal, a.*, s.case_id FROM application a "
        "JOIN submission s ON s.id = a.submission WHERE a.submission < ? ORDER BY a.submission DESC LIMIT ?",
        (below, limit),
    )
    read = []
    for *row, case_id in found:
        facts = cast("dict[str, Any]", from_json(row[-1]))
        again = reader.facts(as_application(CaseId(case_id), tuple(row), ()))
        known = {"person": msgspec.to_builtins(again.person), "language": again.language}
        read.append((to_json(facts | known), row[0]))
    with connection.transaction("facts"):
        connection.execute_many("UPDATE application SET facts = ? WHERE submission = ?", read)
        for case_id in dict.fromkeys(row[-1] for row in found):
            case_rows.relate_again(connection, case_id)
            case_rows.tell_language(connection, case_id)
        if len(found) < limit:
            connection.execute("DELETE FROM note WHERE name = ?", (left,))
        else:
            case_rows.remember(connection, left, str(found[-1][0]))
    return len(found)
