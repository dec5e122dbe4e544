"""Reads what a verification wants of a PDF besides its signatures: claims, attachment, what changed."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler

from clerk_app.domain.verdict import Change

_MAX_ATTACHMENT = 4 << 20
_MAX_XMP = 1 << 20
_MAX_LISTED = 50
_MAX_PAGES = 2_000
_MAX_DEPTH = 40
_PDFA_PART = re.compile(r"pdfaid:part\s*(?:=\s*[\"']|>)\s*(\d)")
_PDFA_LEVEL = re.compile(r"pdfaid:conformance\s*(?:=\s*[\"']|>)\s*([A-Za-z])")
_PDFUA_PART = re.compile(r"pdfuaid:part\s*(?:=\s*[\"']|>)\s*(\d)")


def open_pdf(pdf: bytes) -> PdfFileReader:
    """Strict first: leniency is for documents made elsewhere with small faults.

    Raises what pyHanko raises.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        reader.root  # noqa: B018 - reading it is the test
    except Exception:  # noqa: BLE001 - judged by the second attempt
        return PdfFileReader(io.BytesIO(pdf), strict=False)
    if reader.xrefs.hybrid_xrefs_present:  # pyHanko judges hybrid files only leniently
        return PdfFileReader(io.BytesIO(pdf), strict=False)
    return reader


def opened(reader: PdfFileReader) -> bool:
    """Whether an encrypted document opens without a password."""
    try:
        return reader.decrypt("").status is not AuthStatus.FAILED
    except Exception:  # noqa: BLE001 - certificate encryption, unknown handlers
        return False


def member(dictionary: generic.DictionaryObject, name: str) -> Any:
    """A member with references followed; None when absent."""
    try:
        return dictionary[name]
    except KeyError:
        return None


def claims(reader: PdfFileReader) -> tuple[str | None, str | None]:
    """What the document says of itself in its XMP metadata: PDF/A part and level, PDF/UA part."""
    try:
        return _claims(reader)
    except Exception:  # noqa: BLE001 - damaged metadata claims nothing; the signature speaks for itself
        return None, None


def _claims(reader: PdfFileReader) -> tuple[str | None, str | None]:
    metadata = member(reader.root, "/Metadata")
    if not isinstance(metadata, generic.StreamObject):
        return None, None
    xmp = metadata.data[:_MAX_XMP].decode("utf-8", "replace")
    part, level, accessible = (
        match.group(1) if (match := pattern.search(xmp)) else None
        for pattern in (_PDFA_PART, _PDFA_LEVEL, _PDFUA_PART)
    )
    return (f"{part}{(level or '').lower()}" if part else None), accessible


def attachment(handler: PdfHandler) -> bytes | None:
    """The first associated JSON file of the document."""
    try:
        return next((content for name, content in _files(handler) if name.lower().endswith(".json")), None)
    except Exception:  # noqa: BLE001 - damaged: there is none to be read
        return None


def trailing_bytes(reader: PdfFileReader, pdf: bytes) -> bytes:
    """What stands behind the end of the last revision.

    Such bytes belong to no revision, so the comparison of revisions cannot see them; programs that search a
    file for objects do.
    """
    xrefs = reader.xrefs
    last = xrefs.get_xref_container_info(xrefs.total_revisions - 1)
    end = pdf.find(b"%%EOF", last.end_location)
    return pdf[end + 5 :].strip(b"\0\t\n\f\r ") if end >= 0 else b""


def decision_of(content: bytes | None) -> Mapping[str, object] | None:
    """The machine-readable decision, when it is a JSON object."""
    if content is None:
        return None
    try:
        decision = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return decision if isinstance(decision, dict) else None


def attached_decision(pdf: bytes) -> bytes | None:
    """The associated JSON file of a document, as it is; None when there is none or it cannot be read."""
    try:
        return attachment(open_pdf(pdf))
    except Exception:  # noqa: BLE001 - damaged documents break the library anywhere
        return None


def _files(handler: PdfHandler) -> list[tuple[str, bytes]]:
    associated = member(handler.root, "/AF")
    if not isinstance(associated, generic.ArrayObject):
        return []
    found = []
    for reference in list(associated)[:_MAX_LISTED]:
        specification = reference.get_object()
        if not isinstance(specification, generic.DictionaryObject):
            continue
        name = str(member(specification, "/UF") or member(specification, "/F") or "")
        files = member(specification, "/EF")
        if not isinstance(files, generic.DictionaryObject):
            continue
        stream = member(files, "/F") or member(files, "/UF")
        if isinstance(stream, generic.StreamObject) and len(stream.data) <= _MAX_ATTACHMENT:
            found.append((name, bytes(stream.data)))
    return found


def changes_since(reader: PdfFileReader, revision: int) -> tuple[Change, ...]:
    """In what the document differs from a revision of itself; as far as that can be told apart."""
    try:
        before = _parts(reader.get_historical_resolver(revision))
        after = _parts(reader)
    except Exception:  # noqa: BLE001 - a change nobody can read is still a change
        return (Change.OTHER,)
    found = [kind for kind in Change if before.get(kind) != after.get(kind)]
    if len(found) > 1 and Change.METADATA in found:
        found.remove(Change.METADATA)  # every program that saves a document writes its date anew
    return tuple(found) or (Change.OTHER,)


def _parts(handler: PdfHandler) -> dict[Change, object]:
    root = handler.root
    pages = _pages(member(root, "/Pages"), _MAX_DEPTH)
    form = member(root, "/AcroForm")
    fields = member(form, "/Fields") if isinstance(form, generic.DictionaryObject) else None
    metadata = member(root, "/Metadata")
    return {
        Change.PAGES: [str(member(page, "/MediaBox")) for page in pages],
        Change.PAGE_CONTENT: [_content(page) for page in pages],
        Change.ANNOTATION: [_annotations(page) for page in pages],
        Change.ATTACHMENT: [(name, hashlib.sha256(data).digest()) for name, data in _files(handler)],
        Change.FORM: _values(fields, _MAX_DEPTH),
        Change.METADATA: metadata.data[:_MAX_XMP] if isinstance(metadata, generic.StreamObject) else None,
    }


def _pages(node: Any, depth: int) -> list[generic.DictionaryObject]:
    if not isinstance(node, generic.DictionaryObject) or depth == 0:
        return []
    kids = member(node, "/Kids")
    if not isinstance(kids, generic.ArrayObject):
        return [node]
    found: list[generic.DictionaryObject] = []
    for kid in kids:
        found += _pages(kid.get_object(), depth - 1)
        if len(found) >= _MAX_PAGES:
            break
    return found


def _content(page: generic.DictionaryObject) -> bytes:
    streams = member(page, "/Contents")
    listed: Sequence[Any] = streams if isinstance(streams, generic.ArrayObject) else [streams]
    digest = hashlib.sha256()
    for each in listed:
        stream = each.get_object() if each is not None else None
        if isinstance(stream, generic.StreamObject):
            digest.update(stream.data)
    return digest.digest()


def _annotations(page: generic.DictionaryObject) -> list[tuple[str, str]]:
    """Annotations of a page that are no form fields, with their words."""
    listed = member(page, "/Annots")
    if not isinstance(listed, generic.ArrayObject):
        return []
    notes = [each.get_object() for each in list(listed)[:_MAX_PAGES]]
    return [
        (str(member(note, "/Subtype")), str(member(note, "/Contents") or member(note, "/Rect")))
        for note in notes
        if isinstance(note, generic.DictionaryObject) and member(note, "/Subtype") != "/Widget"
    ]


def _values(fields: Any, depth: int) -> list[tuple[str, str]]:
    """Names and values of form fields, signatures aside."""
    if not isinstance(fields, generic.ArrayObject) or depth == 0:
        return []
    found: list[tuple[str, str]] = []
    for each in list(fields)[:_MAX_PAGES]:
        field = each.get_object()
        if not isinstance(field, generic.DictionaryObject) or member(field, "/FT") == "/Sig":
            continue
        found.append((str(member(field, "/T")), str(member(field, "/V"))))
        found += _values(member(field, "/Kids"), depth - 1)
    return found
