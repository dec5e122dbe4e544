"""What the full-text index holds of a case's attachments and notes."""

from __future__ import annotations

from clerk_app.domain.attachment_text import PAGE_BREAK
from clerk_app.store.connection import Connection
from clerk_app.store.din91379 import form_where_different

MOST_CHARACTERS = 400_000  # of one case's attachments; more makes no case easier to find


def texts_of(connection: Connection, case_id: str) -> tuple[str, str]:
    """What the index holds of a case's attachments and notes, with search forms where they differ."""
    read = connection.rows(
        "SELECT DISTINCT t.sha512, t.pages FROM submission s JOIN attachment a ON a.submission = s.id "
        "JOIN attachment_text t ON t.sha512 = a.sha512 WHERE s.case_id = ? AND t.pages <> '' ORDER BY 1",
        (case_id,),
    )
    noted = connection.rows("SELECT text FROM note_text WHERE case_id = ? ORDER BY sequence", (case_id,))
    attachments = "\n".join(row[1].replace(PAGE_BREAK, "\n") for row in read)[:MOST_CHARACTERS]
    return _with_form(attachments), _with_form("\n".join(row[0] for row in noted))


def _with_form(text: str) -> str:
    form = form_where_different(text)
    return f"{text}\n{form}" if form else text
