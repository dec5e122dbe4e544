"""Is the form data what its media type says? Only syntax: a schema nobody here knows is no defect."""

from __future__ import annotations

import json
from xml.parsers import expat  # entities are refused below

import msgspec


class ContentMalformedError(ValueError):
    """Not parseable as the media type it claims."""


class ContentSuspiciousError(ValueError):
    """Parseable perhaps, but built so that parsing it could harm (nesting, XML entities)."""


def check_content(content: bytes, media_type: str) -> bool:
    """Whether there is a rule for ``media_type``. Raises ContentMalformedError or ContentSuspiciousError."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        _check_json(content)
    elif kind in ("application/xml", "text/xml") or kind.endswith("+xml"):
        _check_xml(content)
    else:
        return False
    return True


def _check_json(content: bytes) -> None:
    text = content.removeprefix(b"\xef\xbb\xbf")
    try:
        msgspec.json.decode(text)
    except RecursionError:
        raise ContentSuspiciousError("nesting") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        try:  # msgspec is stricter than the grammar (lone surrogates, huge numbers): the grammar decides
            json.loads(text.decode("utf-8"), parse_int=str, parse_float=str, parse_constant=_no_constant)
        except RecursionError:
            raise ContentSuspiciousError("nesting") from None
        except ValueError:
            raise ContentMalformedError("json") from None


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _check_xml(content: bytes) -> None:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> int:
        raise ContentSuspiciousError("entity")

    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise ContentMalformedError("xml") from None
