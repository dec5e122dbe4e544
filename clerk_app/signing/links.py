"""Verweise: web and mail addresses that stand in a letter's text, found so that they can be followed.

There is no markup: a link shows exactly where it leads. Only ``https``, ``http`` and mail addresses become
links, whatever a text says; anything doubtful stays text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_WEB = r"(?<![^\W_])https?://[^\s<>\"“”„»«\\^`{}|]+"
_MAIL = r"(?<![\w.+%-])[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?![\w@-])"
_ADDRESS = re.compile(f"(?P<web>{_WEB})|(?P<mail>{_MAIL})", re.IGNORECASE)
_SENTENCE_END = ".,;:!?'’‘…*_"
_BRACKETS = {")": "(", "]": "["}
_LONGEST = 2_000  # characters; nobody reads more


@dataclass(frozen=True, slots=True)
class Link:
    """A link's target, the text that shows it, and where it stands: (line, first, behind the last) each."""

    uri: str
    shown: str
    spans: tuple[tuple[int, int, int], ...]


def find_links(lines: Sequence[str]) -> tuple[Link, ...]:
    """The addresses in a text broken into lines, also those that run over a line's end.

    A line that ends at a space carries that space; one that ends inside a word does not.
    """
    text = "".join(lines)
    if "@" not in text and "://" not in text:
        return ()
    found = []
    for match in _ADDRESS.finditer(text):
        shown = match.group() if match["mail"] else _without_sentence_end(match.group())
        uri = _mail_uri(shown) if match["mail"] else _web_uri(shown)
        if uri is not None:
            start = match.start()
            found.append(Link(uri, shown, tuple(_spans(lines, start, start + len(shown)))))
    return tuple(found)


def _without_sentence_end(address: str) -> str:
    while address:
        last = address[-1]
        opening = _BRACKETS.get(last)
        if last in _SENTENCE_END or (opening and address.count(last) > address.count(opening)):
            address = address[:-1]
        else:
            break
    return address


def _web_uri(address: str) -> str | None:
    if len(address) > _LONGEST or any(unicodedata.category(char) in ("Co", "Mn") for char in address):
        return None  # a letter's ready-made glyph is no character of an address
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return None
    host = _host(parts.hostname or "")
    if host is None or "@" in parts.netloc:  # what stands before an @ looks like the host and is none
        return None
    rest = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    rest += f"?{quote(parts.query, safe=_QUERY)}" if parts.query else ""
    rest += f"#{quote(parts.fragment, safe=_QUERY)}" if parts.fragment else ""
    return f"{parts.scheme.lower()}://{host}{port}{rest}"


_QUERY = "/?%:@!$&'()*+,;=~-._"


def _host(host: str) -> str | None:
    """The host name in ASCII (RFC 3492, as IDNA 2008: ß stays itself), None when it is none."""
    labels = unicodedata.normalize("NFC", host.lower()).split(".")
    written = []
    for label in labels:
        if not label or not label.replace("-", "").isalnum() or label[0] == "-" or label[-1] == "-":
            return None
        written.append(label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii"))
    return ".".join(written) if all(len(label) <= 63 for label in written) else None


def _mail_uri(address: str) -> str | None:
    if len(address) > 254 or ".." in address:
        return None
    return "mailto:" + quote(address, safe="@+._-")


def _spans(lines: Sequence[str], start: int, end: int) -> list[tuple[int, int, int]]:
    spans = []
    begins = 0
    for index, line in enumerate(lines):
        first, behind = max(start - begins, 0), min(end - begins, len(line))
        if first < behind:
            spans.append((index, first, behind))
        begins += len(line)
        if begins >= end:
            break
    return spans
