"""A form laid out for reading: only blanks and line ends come or go, never a sign of what was filed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clerk_app.services.form_tree import MalformedFormError, read_form, whole

_STEP = "  "
#: Deeper than this nothing is indented further: it would only push the text out of sight.
_DEEPEST = 30
#: Beyond so many characters the text stands as it came: a person does not read that, a machine would wait.
_LONGEST = 2_000_000
_JSON = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{},:]|[^\s"\[\]{},:]+', re.DOTALL)
_XML = re.compile(
    r"<!--.*?(?:-->|$)|<!\[CDATA\[.*?(?:\]\]>|$)|<\?.*?(?:\?>|$)|<(?:\"[^\"]*\"|'[^']*'|[^'\">])*>?|[^<]+",
    re.DOTALL,
)


def readable_text(content: bytes, media_type: str) -> str:
    """``content`` as text with one value per line. What cannot be taken apart stands as it came, and so does
    what is too long to be laid out."""
    text = whole(content.decode("utf-8-sig", "replace"))
    if len(text) > _LONGEST or not _well_formed(content, media_type):
        return text
    begin = text.lstrip()[:1]
    if begin == "<" or "xml" in media_type.lower():
        return _laid_out_xml(text)
    if begin in ("{", "["):
        return "".join(_json_pieces(text))
    return text


def _well_formed(content: bytes, media_type: str) -> bool:
    try:
        read_form(content, media_type)
    except MalformedFormError:
        return False
    return True


def _json_pieces(text: str) -> Iterator[str]:
    depth, fresh = 0, False  # fresh: right behind an opening bracket
    for match in _JSON.finditer(text):
        piece = match[0]
        if piece in "]}" and len(piece) == 1:
            depth = max(0, depth - 1)
            yield piece if fresh else _line(depth) + piece
            fresh = False
            continue
        if fresh:
            yield _line(depth)
            fresh = False
        yield piece
        if piece in "[{":
            depth, fresh = depth + 1, True
        elif piece == ",":
            yield _line(depth)
        elif piece == ":":
            yield " "


def _line(depth: int) -> str:
    return "\n" + _STEP * min(depth, _DEEPEST)


def _laid_out_xml(text: str) -> str:
    pieces: list[str] = []
    depth = 0
    open_at = -1  # where the element stands that was opened last and holds only text so far
    for match in _XML.finditer(text):
        piece = match[0]
        if piece.startswith("</"):
            depth = max(0, depth - 1)
            if open_at < 0:
                pieces.append(_line(depth))
            pieces.append(piece)
            open_at = -1
        elif piece.startswith("<") and not piece.startswith("<![CDATA["):
            if pieces:
                pieces.append(_line(depth))
            pieces.append(piece)
            opening = not piece.startswith(("<!", "<?")) and not piece.endswith("/>")
            depth += opening
            open_at = len(pieces) if opening else -1
        elif piece.strip():
            if open_at < 0 and pieces and not piece.startswith("<"):
                pieces.append(_line(depth))
            pieces.append(piece if open_at >= 0 else piece.strip())
    return "".join(pieces)
