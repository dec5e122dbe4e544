"""Akteneinsicht: a case as one numbered document with an index, and what stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from clerk_app.domain.efile import FiledKind
from clerk_app.domain.ids import CaseId


@dataclass(frozen=True)
class PageImage:
    """A page as a picture (``jpeg``, made of pixels of our own), ``width`` by ``height`` pixels, and what is
    written on it."""

    width: int
    height: int
    jpeg: bytes = field(repr=False)
    text: str = ""


@dataclass(frozen=True)
class InspectedDocument:
    """Schriftstück of the file. ``number`` counts from 1 in the order of the file, whether it is shown or
    not; ``sha256`` is the digest of the original. ``problem``: an ErrorCode value when it cannot be shown as
    pages (a sheet that says so stands in its place); ``withheld``: the clerk left it out."""

    number: int
    document_id: str
    kind: FiledKind
    title: str
    day: date | None
    filename: str
    media_type: str
    size_bytes: int
    sha256: str
    problem: str | None = None
    withheld: bool = False


@dataclass(frozen=True)
class InspectionPart:
    """What goes into the bundle for one document: a PDF of ours, pages as pictures, or, for what machines
    wrote, a file inside the PDF; nothing when it is withheld."""

    document: InspectedDocument
    pdf: bytes | None = field(default=None, repr=False)
    images: tuple[PageImage, ...] = ()
    enclosed: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Placed:
    """A document with its sheets in the bundle; ``first`` and ``last`` count from 1, both 0 when it has
    none. ``enclosed_as`` is the name of the file inside the PDF, if it is there as one."""

    document: InspectedDocument
    first: int = 0
    last: int = 0
    enclosed_as: str = ""


@dataclass(frozen=True)
class InspectionHead:
    """Whose file it is, who asked for it and why, who made it."""

    case_id: CaseId
    reference: str
    service: str
    applicant: str
    office: str
    made_at: datetime
    made_by: str
    recipient: str = ""
    reason: str = ""


@dataclass(frozen=True)
class InspectionBundle:
    """A bundle as it was made. ``manifest`` lies in the PDF too; ``sha256`` is the PDF's."""

    head: InspectionHead
    placed: tuple[Placed, ...]
    sheets: int
    sha256: str
    manifest: bytes = field(repr=False)
