"""Richtlinie: every key an admin may settle, in one table. The reader, the page, ``clerk-app policy``, the
templates for group policies and the manual are made from it; what it means stands in ``texts/policy.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clerk_app.domain.quiet_hours import quiet_hours
from clerk_app.domain.signature import SignatureLevel
from clerk_app.system.profile_values import is_proxy, is_url

SWITCH_WORDS: Mapping[str, bool] = {"true": True, "1": True, "false": False, "0": False}


class Kind(StrEnum):
    """What a value is. In the registry a SWITCH is a DWORD 0 or 1, a WHOLE a DWORD, TEXTS a REG_MULTI_SZ, all
    others are REG_SZ."""

    SWITCH = "switch"
    WHOLE = "whole"
    CHOICE = "choice"
    TEXT = "text"
    TEXTS = "texts"


class Form(StrEnum):
    """What a TEXT, or each of TEXTS, must look like."""

    ANY = "any"
    FILE = "file"
    UUID = "uuid"
    URL = "url"
    PROXY = "proxy"
    HOURS = "hours"


@dataclass(frozen=True)
class PolicyKey:
    """One key. ``name`` is ``section.key``. ``choices`` are a CHOICE's values, ``least`` and ``most`` bound a
    WHOLE (``unit`` names what is counted). ``practice``: it counts in a practice office too."""

    name: str
    kind: Kind
    choices: tuple[object, ...] = ()
    least: int = 0
    most: int = 0
    unit: str = ""
    form: Form = Form.ANY
    practice: bool = False

    @property
    def section(self) -> str:
        """The table of the TOML file, and the key below the policies' key of the registry."""
        return self.name.partition(".")[0]

    @property
    def short(self) -> str:
        """The name within its section."""
        return self.name.partition(".")[2]

    def read(self, found: object) -> object | None:
        """The value, or None when ``found`` is none. Texts count as what they say, since a registry knows
        neither truth values nor fractions."""
        match self.kind:
            case Kind.SWITCH:
                if isinstance(found, bool):
                    return found
                return SWITCH_WORDS.get(str(found).strip().lower())
            case Kind.WHOLE:
                return self._whole(found)
            case Kind.CHOICE:
                return self._choice(found)
            case Kind.TEXT:
                return found.strip() if isinstance(found, str) and self._fits(found.strip()) else None
            case Kind.TEXTS:
                return self._texts(found)

    def _whole(self, found: object) -> int | None:
        if isinstance(found, str) and re.fullmatch(r"\d{1,9}", found.strip()):
            found = int(found)
        if isinstance(found, bool) or not isinstance(found, int):
            return None
        return found if self.least <= found <= self.most else None

    def _choice(self, found: object) -> object | None:
        if isinstance(found, bool | int | float | str):
            words = str(found).strip()
            return next((each for each in self.choices if str(each) == words), None)
        return None

    def _texts(self, found: object) -> tuple[str, ...] | None:
        if isinstance(found, str):
            found = found.split(";")
        if not isinstance(found, Sequence) or not all(isinstance(each, str) for each in found):
            return None
        texts = tuple(each.strip() for each in found if each.strip())
        return texts if texts and all(self._fits(each) for each in texts) else None

    def _fits(self, text: str) -> bool:
        if not text or not text.isprintable() or len(text) > _LONGEST_TEXT:
            return False
        match self.form:
            case Form.UUID:
                return _is_uuid(text)
            case Form.URL:
                return is_url(text)
            case Form.PROXY:
                return is_proxy(text)
            case Form.HOURS:
                return quiet_hours(text) is not None
            case Form.FILE | Form.ANY:
                return True


_LONGEST_TEXT = 2_000


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


LEVELS = tuple(level.value for level in SignatureLevel)
#: What may hold a key, as an admin calls it, and the module of the library behind it.
KEYRINGS: Mapping[str, str] = {
    "windows": "keyring.backends.Windows",
    "secret-service": "keyring.backends.SecretService",
    "kwallet": "keyring.backends.kwallet",
    "macos": "keyring.backends.macOS",
}
#: The window's areas by their names there (``ui/setting_rows.py``; a test holds both together).
_START_AREAS = ("last", "new", "mine", "open", "requests", "decided", "archive", "quarantine")

KEYS: tuple[PolicyKey, ...] = (
    PolicyKey("office.profile", Kind.TEXT, form=Form.FILE),
    PolicyKey("office.mailboxes", Kind.TEXTS, form=Form.UUID),
    PolicyKey("delivery.take_back_s", Kind.WHOLE, least=0, most=900, unit="s"),
    PolicyKey("review.four_eyes", Kind.CHOICE, ("always", "services", "never")),
    PolicyKey("signing.level", Kind.CHOICE, LEVELS),
    PolicyKey("signing.pin_minutes", Kind.WHOLE, least=0, most=480, unit="min"),
    PolicyKey("secrets.keyring", Kind.CHOICE, tuple(KEYRINGS)),
    PolicyKey("secrets.files", Kind.CHOICE, ("all", "keys", "none")),
    PolicyKey("secrets.environment", Kind.SWITCH),
    PolicyKey("files.export_folders", Kind.TEXTS, form=Form.FILE, practice=True),
    PolicyKey("logs.level", Kind.CHOICE, ("debug", "info", "warning"), practice=True),
    PolicyKey("logs.keep_days", Kind.WHOLE, least=1, most=3650, unit="d", practice=True),
    PolicyKey("retention.least_years", Kind.WHOLE, least=0, most=100, unit="a"),
    PolicyKey("network.proxy", Kind.TEXT, form=Form.PROXY),
    PolicyKey("network.pac", Kind.TEXT, form=Form.FILE),
    PolicyKey("network.ca_file", Kind.TEXT, form=Form.FILE),
    PolicyKey("updates.channel", Kind.CHOICE, ("off", "announce", "download"), practice=True),
    PolicyKey("updates.url", Kind.TEXT, form=Form.URL, practice=True),
    PolicyKey("updates.root", Kind.TEXT, form=Form.FILE, practice=True),
    PolicyKey("window.theme", Kind.CHOICE, ("system", "light", "dark", "contrast"), practice=True),
    PolicyKey("window.font_scale", Kind.CHOICE, tuple(step / 10 for step in range(8, 21)), practice=True),
    PolicyKey("window.language", Kind.CHOICE, ("de", "en", "hsb"), practice=True),
    PolicyKey("window.single_keys", Kind.SWITCH, practice=True),
    PolicyKey("window.start_area", Kind.CHOICE, _START_AREAS, practice=True),
    PolicyKey("window.tray", Kind.SWITCH, practice=True),
    PolicyKey("window.quiet_hours", Kind.TEXT, form=Form.HOURS, practice=True),
    PolicyKey("window.lock_minutes", Kind.WHOLE, least=0, most=480, unit="min", practice=True),
)
BY_NAME: Mapping[str, PolicyKey] = {key.name: key for key in KEYS}
