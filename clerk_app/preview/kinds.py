"""Which files are shown at all: decided by their first bytes, never by name or announced type."""

from __future__ import annotations

PDF = "pdf"
IMAGE = "image"
PHOTO = "photo"  # HEIC, as telephones take them
_PDF_MARK_WITHIN_BYTES = 1024


_PHOTO_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1")
_OTHER_BRANDS = (b"hevc", b"msf1", b"avif")  # films, and what the decoder does not know


def refusal_of(content: bytes) -> str:
    """Why a file that is not shown is not: ``heic`` for relatives of HEIC, else ``format``."""
    return "heic" if content[4:8] == b"ftyp" and content[8:12] in _OTHER_BRANDS else "format"


def kind_of(content: bytes) -> str | None:
    """``pdf``, ``image`` (PNG, JPEG, TIFF, WebP), ``photo`` (HEIC), or None for everything else. SVG and HTML
    are never shown.
    """
    head = content[:_PDF_MARK_WITHIN_BYTES]
    if head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return IMAGE
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return IMAGE
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return IMAGE
    if head[4:8] == b"ftyp" and head[8:12] in _PHOTO_BRANDS:
        return PHOTO
    return PDF if b"%PDF-" in head else None
