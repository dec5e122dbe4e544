"""Reading single values of a TOML file an office supplies; errors name the key, the file and the line."""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, parse_qs, urlsplit
from uuid import UUID

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.signature import SignatureLevel
from clerk_app.domain.toml_lines import KeyPath, TomlLines
from clerk_app.system.secrets import SecretReference

PORTALS = ("service-bw", "amt24", "fit-connect")
LAND_OF_ARS = dict(
    zip(
        (f"{number:02d}" for number in range(1, 17)),
        ("SH", "HH", "NI", "HB", "NW", "HE", "RP", "BW", "BY", "SL", "BE", "BB", "MV", "SN", "ST", "TH"),
        strict=True,
    )
)
Check = Callable[[str], bool]


@dataclass(frozen=True)
class FileCodes:
    """What a mistake in one kind of file is called."""

    missing: ErrorCode
    unreadable: ErrorCode
    key_missing: ErrorCode
    key_unknown: ErrorCode
    value_wrong: ErrorCode


PROFILE_CODES = FileCodes(
    ErrorCode.PROFILE_MISSING,
    ErrorCode.PROFILE_UNREADABLE,
    ErrorCode.PROFILE_KEY_MISSING,
    ErrorCode.PROFILE_KEY_UNKNOWN,
    ErrorCode.PROFILE_VALUE_WRONG,
)


@dataclass(frozen=True)
class Section:
    """One table of the file and where it stands."""

    tree: Mapping[str, object]
    at: KeyPath
    lines: TomlLines
    path: Path
    codes: FileCodes = PROFILE_CODES

    def only(self, *known: str) -> Self:
        """Refuse keys nobody knows: a typo must not pass as a default.

        :raises ClerkError: ``codes.key_unknown``, with a ``suggestion`` when one is close
        """
        for key in self.tree:
            if key not in known:
                close = difflib.get_close_matches(
                    key, [name for name in known if name not in self.tree], 1, 0.5
                )
                params = self._where(key)
                if close:
                    params["suggestion"] = close[0]
                raise ClerkError(self.codes.key_unknown, params, Disposition.ASK_CLERK)
        return self

    def has(self, key: str) -> bool:
        """Whether the key is there at all."""
        return key in self.tree

    def section(self, key: str) -> Self:
        """The table under ``key``."""
        found = self._required(key, "table")
        if not isinstance(found, dict):
            raise self.wrong(key, "table")
        return replace(self, tree=found, at=(*self.at, key))

    def sections(self, key: str) -> list[Self]:
        """The tables of the array ``key``; at least one."""
        found = self._required(key, "table_list")
        if not isinstance(found, list) or not found or not all(isinstance(item, dict) for item in found):
            raise self.wrong(key, "table_list")
        return [replace(self, tree=item, at=(*self.at, key, number)) for number, item in enumerate(found)]

    def text(self, key: str, check: Check | None = None, expected: str = "text") -> str:
        """A text that must be there."""
        found = self._required(key, expected)
        if not isinstance(found, str) or not found.strip() or not _is_printable(found):
            raise self.wrong(key, expected)
        found = found.strip()
        if check is not None and not check(found):
            raise self.wrong(key, expected)
        return found

    def optional_text(self, key: str, check: Check | None = None, expected: str = "text") -> str:
        """A text, or an empty one."""
        if key not in self.tree or self.tree[key] == "":
            return ""
        return self.text(key, check, expected)

    def integer(self, key: str, least: int, most: int, expected: str, *, default: int) -> int:
        """A whole number within bounds."""
        found = self.tree.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
            raise self.wrong(key, expected)
        return found

    def number(self, key: str, least: float, most: float, expected: str, *, default: float) -> float:
        """A number within bounds."""
        found = self.tree.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int | float) or not least <= found <= most:
            raise self.wrong(key, expected)
        return float(found)

    def boolean(self, key: str, *, default: bool) -> bool:
        """True or false."""
        found = self.tree.get(key, default)
        if not isinstance(found, bool):
            raise self.wrong(key, "boolean")
        return found

    def secret(self, key: str, *, literal_allowed: bool) -> SecretReference:
        """A reference to a secret; a literal one only where ``literal_allowed``."""
        return self._reference(key, self.text(key, expected="reference"), "reference", literal_allowed)

    def secret_list(self, key: str) -> tuple[SecretReference, ...]:
        """A list of references, at least one."""
        found = self._required(key, "reference_list")
        if not isinstance(found, list) or not found:
            raise self.wrong(key, "reference_list")
        references = []
        for item in found:
            if not isinstance(item, str) or not item.strip() or not _is_printable(item):
                raise self.wrong(key, "reference_list")
            references.append(self._reference(key, item.strip(), "reference_list", False))
        return tuple(references)

    def file_list(self, key: str) -> tuple[Path, ...]:
        """A list of ``file:PATH``, at least one; relative to the profile's folder."""
        found = self._required(key, "certificate_list")
        if not isinstance(found, list) or not found:
            raise self.wrong(key, "certificate_list")
        paths = []
        for item in found:
            text = item.strip() if isinstance(item, str) else ""
            if not text.startswith("file:") or not text.removeprefix("file:") or not _is_printable(text):
                raise self.wrong(key, "certificate_list")
            paths.append(self.path.parent / Path(text.removeprefix("file:")).expanduser())
        return tuple(paths)

    def wrong(self, key: str, expected: str) -> ClerkError:
        """The error for a value that is not usable. The value itself is never part of it."""
        return ClerkError(
            self.codes.value_wrong, self._where(key) | {"expected": expected}, Disposition.ASK_CLERK
        )

    def _reference(self, key: str, text: str, expected: str, literal_allowed: bool) -> SecretReference:
        reference = SecretReference(text, self.path.parent)
        if reference.scheme == "literal":
            if not literal_allowed:
                raise self.wrong(key, expected)
        elif not text.partition(":")[2].strip():
            raise self.wrong(key, expected)
        return reference

    def _required(self, key: str, expected: str) -> object:
        if key not in self.tree:
            raise ClerkError(
                self.codes.key_missing, self._where(key) | {"expected": expected}, Disposition.ASK_CLERK
            )
        return self.tree[key]

    def _where(self, key: str) -> dict[str, object]:
        path = (*self.at, key)
        shown = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
        return {"key": shown.lstrip("."), "path": str(self.path), "line": self.lines.line(path) or 1}


def _is_printable(text: str) -> bool:
    return all(character.isprintable() for character in text)


def is_ars(text: str) -> bool:
    """Twelve digits."""
    return re.fullmatch(r"[0-9]{12}", text) is not None


def is_land(text: str) -> bool:
    """The two letters of a Land."""
    return text in LAND_OF_ARS.values()


def is_uuid(text: str) -> bool:
    """A UUID in its usual spelling."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def is_portal(text: str) -> bool:
    """A portal this program has a label for."""
    return text in PORTALS


def is_postcode(text: str) -> bool:
    """Five digits."""
    return re.fullmatch(r"[0-9]{5}", text) is not None


def is_email(text: str) -> bool:
    """Something like an address: one @ with something on both sides."""
    return re.fullmatch(r"[^@\s]+@[^@\s]+", text) is not None


def is_signing_key(text: str) -> bool:
    """``pkcs12:PATH``, ``pkcs11:MODULE?token=LABEL``, ``csc:URL?credential=ID`` or ``practice``."""
    if text.startswith("csc:"):
        address, _, query = text.removeprefix("csc:").partition("?")
        return is_url(address) and bool(parse_qs(query).get("credential"))
    return text == "practice" or re.fullmatch(r"pkcs12:.+|pkcs11:.+", text) is not None


def is_signature_level(text: str) -> bool:
    """A PAdES baseline level."""
    return text in {level.value for level in SignatureLevel}


def is_web_url(text: str) -> bool:
    """An http or https address without credentials or fragment: time stamps are signed, not secret."""
    parts = _split(text)
    if parts is None or "@" in parts.netloc or parts.fragment or "\\" in text:
        return False
    return parts.scheme in ("http", "https")


def is_url(text: str) -> bool:
    """An https address without credentials, query or fragment; http only to this machine."""
    parts = _split(text)
    if parts is None or "@" in parts.netloc or parts.query or parts.fragment or "\\" in text:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))


def is_on_this_machine(url: str) -> bool:
    """Whether an address leads to this very machine; real portals never do."""
    parts = _split(url)
    return parts is not None and _is_loopback(parts.hostname or "")


def is_proxy(text: str) -> bool:
    """An http or https address of a proxy; it may carry credentials, a path it must not."""
    parts = _split(text)
    return (
        parts is not None
        and parts.scheme in ("http", "https")
        and parts.path in ("", "/")
        and not parts.query
    )


def _split(text: str) -> SplitResult | None:
    if not text.isascii() or any(character.isspace() for character in text):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.hostname else None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
