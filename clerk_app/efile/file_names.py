"""Names of files in a package: ours in everything that a receiving system acts on."""

from __future__ import annotations

import re
import unicodedata

LONGEST_TEXT = 80
_LATIN_BEGIN = "\u00c0"  # À
_LATIN_END = "\u024f"  # end of Latin Extended-B: no other script, no marks, no direction signs
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")


def package_file_name(document_id: str, text: str, extension: str) -> str:
    """``<UUID>_<text>.<ext>`` (xdomea 3.0.0, Primaerdokument/Dateiname).

    Of ``text``, which citizens choose, only Latin letters, digits, ``-`` and ``_`` are kept: no path, no
    change of direction, no name that a system reserves (the UUID stands before it), at most 80 characters.
    """
    kept = safe_text(text)
    return f"{document_id}_{kept}.{extension}" if kept else f"{document_id}.{extension}"


def safe_text(text: str) -> str:
    """What of ``text`` may stand in a file name."""
    composed = unicodedata.normalize(
        "NFC", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
    kept = "".join(c if _harmless(c) else "_" for c in composed)
    return re.sub("_+", "_", kept)[:LONGEST_TEXT].strip("_-")


def _harmless(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in "-_"
    return _LATIN_BEGIN <= character <= _LATIN_END and character.isalpha()


def stem(filename: str) -> str:
    """The name without its extension."""
    before, dot, extension = filename.rpartition(".")
    return before if dot and before and len(extension) <= 8 else filename


def extension_of(filename: str | None) -> str | None:
    """The harmless lower-case extension of a name, or None."""
    _before, dot, extension = (filename or "").rpartition(".")
    found = extension.lower()
    return found if dot and _EXTENSION.fullmatch(found) else None
