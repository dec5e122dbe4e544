"""File formats by xdomea's code list ``dateiformat`` 1.0, and what a document says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from clerk_app.efile.file_names import extension_of

PDF, PDF_A, OTHER = "018", "044", "100"
UNKNOWN_VERSION = "unbekannt"

_CODES: Mapping[str, str] = {
    "bmp": "001", "csv": "002", "doc": "003", "eml": "006", "htm": "007", "html": "008", "jpe": "009",
    "jpeg": "010", "jpg": "011", "msg": "012", "odp": "013", "ods": "014", "odt": "015", "pdf": PDF,
    "png": "019", "ppt": "020", "ps": "021", "rtf": "022", "tif": "023", "tiff": "024", "xls": "028",
    "xml": "030", "xsd": "031", "docx": "035", "xlsx": "036", "pptx": "037", "txt": "045",
}  # fmt: skip
_EXTENSIONS: Mapping[str, str] = {
    "application/pdf": "pdf",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/json": "json",
    "text/plain": "txt",
    "text/csv": "csv",
    "text/html": "html",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/bmp": "bmp",
    "image/tiff": "tif",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/heic": "heic",
    "image/svg+xml": "svg",
    "message/rfc822": "eml",
    "application/msword": "doc",
    "application/rtf": "rtf",
    "application/zip": "zip",
    "application/jose": "jose",
    "application/vnd.ms-excel": "xls",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
}


@dataclass(frozen=True)
class FileFormat:
    """Format: ``code`` of the list; ``other_name`` where the code is "Sonstiges"."""

    code: str
    version: str
    extension: str
    other_name: str | None = None


def format_of(media_type: str, filename: str | None, claims: Claims) -> FileFormat:
    """The format by its media type; by the name's extension where the media type says nothing known."""
    plain = media_type.partition(";")[0].strip().lower()
    extension = _EXTENSIONS.get(plain) or extension_of(filename) or "bin"
    if extension == "pdf":
        if claims.pdfa is not None:
            return FileFormat(PDF_A, claims.pdfa, "pdf")
        return FileFormat(PDF, claims.pdf_version or UNKNOWN_VERSION, "pdf")
    code = _CODES.get(extension, OTHER)
    version = "1.0" if extension in ("xml", "xsd") else UNKNOWN_VERSION
    return FileFormat(code, version, extension, extension.upper() if code == OTHER else None)


@dataclass(frozen=True)
class Claims:
    """What a document says of itself. ``pdfa`` is a claim ("PDF/A-3A"), not what a validator found."""

    size_bytes: int
    pdf_version: str | None = None
    pdfa: str | None = None
    signed: bool = False


_HEADER = re.compile(rb"%PDF-(\d\.\d)")
_PART = re.compile(rb"pdfaid:part(?:>|=[\"'])\s*([1-4])")
_CONFORMANCE = re.compile(rb"pdfaid:conformance(?:>|=[\"'])\s*([A-Za-z])")
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s")
_OVERLAP = 256


class Probe:
    """A sink that keeps nothing but what a document says of itself: the first pass over every document.

    PDF/A wants its metadata uncompressed (ISO 19005-1, 6.7.2), so that the claim can be read from the bytes.
    """

    def __init__(self) -> None:
        self._size = 0
        self._tail = b""
        self._pdf_version: bytes | None = None
        self._part: bytes | None = None
        self._conformance = b""
        self._signed = False

    def write(self, piece: bytes) -> int:
        """Looks at ``piece``."""
        data = bytes(piece)
        seen = self._tail + data
        if self._size < 1024 and self._pdf_version is None and (found := _HEADER.search(seen[:1024])):
            self._pdf_version = found[1]
        if self._pdf_version is not None:
            if self._part is None and (found := _PART.search(seen)):
                self._part = found[1]
            if not self._conformance and (found := _CONFORMANCE.search(seen)):
                self._conformance = found[1]
            self._signed = self._signed or _BYTE_RANGE.search(seen) is not None
        self._tail = seen[-_OVERLAP:]
        self._size += len(data)
        return len(data)

    def claims(self) -> Claims:
        """What was found."""
        pdfa = None
        if self._part is not None:
            pdfa = f"PDF/A-{self._part.decode()}{self._conformance.decode().lower()}"
        version = self._pdf_version.decode() if self._pdf_version is not None else None
        return Claims(self._size, version, pdfa, self._signed)
