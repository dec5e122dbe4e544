"""XML as text: small, streaming, and safe for whatever people wrote."""

from __future__ import annotations

import re

# XML 1.0, production 2 (Char): everything else cannot stand in a document, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\ufffd"


def escaped(text: str) -> str:
    """``text`` as element content. Characters XML cannot hold become U+FFFD, so that one sees something was
    there; a carriage return is written as a reference, else a parser would turn it into a line feed."""
    held = _FORBIDDEN.sub(_REPLACEMENT, text)
    return held.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def element(name: str, *inner: str) -> str:
    """``<name>`` around what is XML already. Empty parts are left out."""
    return f"<{name}>{''.join(inner)}</{name}>"


def text_element(name: str, text: str | None) -> str:
    """``<name>`` around plain text; nothing at all for None and for blank text."""
    return element(name, escaped(text)) if text is not None and text.strip() else ""
