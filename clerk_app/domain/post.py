"""Letters on paper: what goes into an envelope, and what comes out of the printer."""

from __future__ import annotations

from dataclasses import dataclass

from clerk_app.domain.ids import EntryId


@dataclass(frozen=True)
class PostalLetter:
    """Postsendung. ``address`` are the lines in the envelope's window, ``pages`` those of the document;
    ``sha256`` is the digest of the electronic original."""

    address: tuple[str, ...]
    case_reference: str
    title: str
    filename: str
    sha256: str
    pages: int


@dataclass(frozen=True)
class PrintJob:
    """Druckauftrag: one PDF, cover sheet before letter, for each of ``entries``.

    ``held`` are left out: their case has overtaken them, and a clerk must look first. Printing says nothing
    about posting.
    """

    pdf: bytes
    pages: int
    entries: tuple[EntryId, ...]
    held: tuple[EntryId, ...] = ()
