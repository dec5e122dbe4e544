"""Secrets: where a profile's references lead, and which keyrings are trusted to hold a key.

Keyrings that keep nothing, keep plain text or hand on to such ones are refused: without a safe place there
is no persistent store (reliability reference, section 3).
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode

SERVICE_NAME = "clerk-app"
#: The only classes that may hold a key, by module and name: what an office's operating system offers.
TRUSTED_BACKENDS = frozenset(
    {
        ("keyring.backends.Windows", "WinVaultKeyring"),
        ("keyring.backends.SecretService", "Keyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
        ("keyring.backends.macOS", "Keyring"),
    }
)
_SCHEMES = ("keyring:", "env:", "file:")
_LARGEST_SECRET_BYTES = 64 * 1024


class Keyring(Protocol):
    """What is needed of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None:
        """The kept text, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a text."""


def trusted_keyring() -> Keyring:
    """The operating system's keyring, if it is one of ``TRUSTED_BACKENDS``.

    :raises ClerkError: KEYRING_UNSAFE names the backend found; KEYRING_UNAVAILABLE when there is none;
        POLICY_FORBIDS when the machine's policy names another
    """
    from clerk_app.system.policy import machine_policy
    from clerk_app.system.policy_keys import KEYRINGS

    try:
        import keyring
        import keyring.backend

        found = keyring.get_keyring()
    except Exception as error:
        raise ClerkError(ErrorCode.KEYRING_UNAVAILABLE, {}, Disposition.ASK_CLERK) from error
    policy = machine_policy()
    settled = policy.text("secrets.keyring")
    checked = check_backend(found)
    if settled and _name_of(checked)[0] != KEYRINGS[settled]:
        params = {"key": "secrets.keyring", "value": ".".join(_name_of(checked)), "source": policy.source}
        raise ClerkError(ErrorCode.POLICY_FORBIDS, params, Disposition.ASK_CLERK)
    return checked


def check_backend(found: object) -> Keyring:
    """``found`` or, for a chain of keyrings, its first member, when that one is trusted.

    The chain itself is never used: it silently falls through to whatever comes next.

    :raises ClerkError: KEYRING_UNSAFE, KEYRING_UNAVAILABLE
    """
    if _name_of(found) == ("keyring.backends.chainer", "ChainerBackend"):
        members = list(getattr(found, "backends", ()))
        if not members:
            raise ClerkError(ErrorCode.KEYRING_UNAVAILABLE, {}, Disposition.ASK_CLERK)
        found = members[0]
    module, name = _name_of(found)
    if (module, name) == ("keyring.backends.fail", "Keyring"):
        raise ClerkError(ErrorCode.KEYRING_UNAVAILABLE, {}, Disposition.ASK_CLERK)
    if (module, name) not in TRUSTED_BACKENDS:
        raise ClerkError(ErrorCode.KEYRING_UNSAFE, {"backend": f"{module}.{name}"}, Disposition.ASK_CLERK)
    return found  # type: ignore[return-value]


def _name_of(backend: object) -> tuple[str, str]:
    kind = type(backend)
    return kind.__module__, kind.__qualname__


def read_keyring(keyring: Keyring, name: str) -> str | None:
    """What the keyring keeps under ``name``.

    :raises ClerkError: KEYRING_UNAVAILABLE when it is locked or does not answer; never None in that case
    """
    try:
        return keyring.get_password(SERVICE_NAME, name)
    except Exception as error:
        raise ClerkError(ErrorCode.KEYRING_UNAVAILABLE, {}, Disposition.ASK_CLERK) from error


def keep_in_keyring(keyring: Keyring, name: str, secret: str) -> None:
    """Keep ``secret`` and read it back before anybody relies on it.

    :raises ClerkError: KEYRING_UNAVAILABLE, or KEYRING_UNSAFE when what comes back is something else
    """
    try:
        keyring.set_password(SERVICE_NAME, name, secret)
    except Exception as error:
        raise ClerkError(ErrorCode.KEYRING_UNAVAILABLE, {}, Disposition.ASK_CLERK) from error
    if read_keyring(keyring, name) != secret:
        module, kind = _name_of(keyring)
        raise ClerkError(ErrorCode.KEYRING_UNSAFE, {"backend": f"{module}.{kind}"}, Disposition.ASK_CLERK)


def forget_in_keyring(keyring: Keyring, name: str) -> None:
    """Remove what is kept under ``name``, as far as the keyring can; a leftover harms nothing."""
    delete = getattr(keyring, "delete_password", None)
    if delete is not None:
        with contextlib.suppress(Exception):
            delete(SERVICE_NAME, name)


@dataclass(frozen=True)
class SecretReference:
    """Where a secret lies. Neither ``repr`` nor errors ever show a literal one.

    ``base`` is the folder of the profile, which ``file:`` paths are relative to.
    """

    text: str = field(repr=False)
    base: Path = field(repr=False, default=Path())

    @property
    def scheme(self) -> str:
        """``keyring``, ``env``, ``file`` or ``literal``."""
        for scheme in _SCHEMES:
            if self.text.startswith(scheme):
                return scheme[:-1]
        return "literal"

    @property
    def shown(self) -> str:
        """The reference for people and logs; a literal secret is not shown."""
        return "***" if self.scheme == "literal" else self.text

    def __repr__(self) -> str:
        return f"SecretReference({self.shown!r})"

    @property
    def path(self) -> Path | None:
        """The file a ``file:`` reference leads to."""
        if self.scheme != "file":
            return None
        return self.base / Path(self.text.removeprefix("file:")).expanduser()

    def resolve(self, environment: Mapping[str, str] | None = None, keyring: Keyring | None = None) -> str:
        """The secret itself, read now.

        :raises ClerkError: SECRET_MISSING names the reference; KEYRING_UNSAFE, KEYRING_UNAVAILABLE
        """
        value = self._read(os.environ if environment is None else environment, keyring)
        if not value:
            raise ClerkError(ErrorCode.SECRET_MISSING, {"reference": self.shown}, Disposition.SIGN_IN)
        return value

    def _read(self, environment: Mapping[str, str], keyring: Keyring | None) -> str | None:
        if self.scheme == "keyring":
            return read_keyring(keyring or trusted_keyring(), self.text.removeprefix("keyring:"))
        if self.scheme == "env":
            return environment.get(self.text.removeprefix("env:"))
        if self.scheme == "file":
            path = self.path
            if path is None:
                return None
            try:
                with path.open("rb") as source:
                    return source.read(_LARGEST_SECRET_BYTES).decode("utf-8").strip()
            except (OSError, UnicodeDecodeError):
                return None
        return self.text


def encode_key(key: bytes) -> str:
    """A key as text for a keyring (Windows keeps at most 1,280 characters: keys only, no documents)."""
    return base64.b64encode(key).decode("ascii")


def decode_key(text: str, length: int) -> bytes | None:
    """The key from its text; None when it is not one of that length."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == length else None
