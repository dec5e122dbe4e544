"""Where in a case the words of a search stand: what its row does not show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clerk_app.domain.attachment_text import PAGE_BREAK, HitPlace, SearchHit
from clerk_app.domain.ids import AttachmentId, CaseId
from clerk_app.domain.needle import Needle
from clerk_app.domain.search_terms import Search, SearchKey
from clerk_app.store.connection import Connection

_AROUND = 60  # letters shown before and after
_FREE = (SearchKey.WORDS, SearchKey.CONTENT, SearchKey.NOTE)
_MOST_WORDS = 8


@dataclass(frozen=True)
class _Text:
    place: HitPlace
    text: str
    name: str = ""
    page: int = 0
    attachment_id: AttachmentId | None = None


def hit(connection: Connection, case_id: CaseId, search: Search) -> SearchHit | None:
    """The place that holds most of the words; of equal ones form before attachment before note."""
    needles = _needles(search)
    row = connection.one(
        "SELECT t.text, t.applicant || ' ' || t.service || ' ' || t.reference || ' ' || t.municipality "
        "FROM case_text t JOIN cases c ON c.id = t.id WHERE c.case_id = ?",
        (case_id,),
    )
    if row is None:
        return None
    sought = [needle for needle in needles if not needle.spans(row[1])]
    best: tuple[int, _Text] | None = None
    for text in _texts(connection, case_id, row[0]) if sought else ():
        found = sum(bool(needle.spans(text.text)) for needle in sought)
        if found and (best is None or found > best[0]):
            best = (found, text)
        if found == len(sought):
            break
    return None if best is None else _shown(best[1], sought)


def _needles(search: Search) -> list[Needle]:
    words: list[str] = []
    for term in search.terms:
        if term.key in _FREE and not term.negative:
            words += [term.value] if term.exact else term.value.split()
    return [Needle(word) for word in words[:_MOST_WORDS] if any(c.isalnum() for c in word)]


def _texts(connection: Connection, case_id: CaseId, form: str) -> Iterator[_Text]:
    yield _Text(HitPlace.FORM, form)
    for attachment_id, name, pages in connection.rows(
        "SELECT a.attachment_id, ifnull(a.filename, ''), t.pages FROM submission s "
        "JOIN attachment a ON a.submission = s.id JOIN attachment_text t ON t.sha512 = a.sha512 "
        "WHERE s.case_id = ? AND t.pages <> '' ORDER BY s.received_at, a.ordinal",
        (case_id,),
    ):
        parts = pages.split(PAGE_BREAK)
        for number, part in enumerate(parts, 1):
            page = number if len(parts) > 1 else 0
            yield _Text(HitPlace.ATTACHMENT, part, name, page, AttachmentId(attachment_id))
    for (text,) in connection.rows(
        "SELECT text FROM note_text WHERE case_id = ? ORDER BY sequence", (case_id,)
    ):
        yield _Text(HitPlace.NOTE, text)


def _shown(found: _Text, needles: Sequence[Needle]) -> SearchHit:
    begin, end = min(spans[0] for needle in needles if (spans := needle.spans(found.text)))
    before, after = found.text[max(0, begin - _AROUND) : begin], found.text[end : end + _AROUND]
    if begin > _AROUND:  # no half words at the edges
        before = "… " + before.partition(" ")[2]
    if end + _AROUND < len(found.text):
        after = after.rpartition(" ")[0] + " …"
    return SearchHit(
        found.place,
        _one_line(before),
        _one_line(found.text[begin:end]),
        _one_line(after),
        found.name,
        found.page,
        found.attachment_id,
    )


def _one_line(text: str) -> str:
    """Line breaks become blanks; those at the edges stay, as they part words."""
    return " ".join(("|" + text + "|").split()).removeprefix("|").removesuffix("|")
