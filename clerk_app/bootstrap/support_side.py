"""Support-Paket: what somebody who helps needs to know of this machine, and nothing of citizens or clerks.

Paths lose the home's folder and the account's name; values of the profile are not in it at all, nor is the
name of a key file or card: those are often called like a clerk.
"""

from __future__ import annotations

import getpass
import json
import platform
import re
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, BinaryIO

from sqlcipher3 import dbapi2

from clerk_app import __version__
from clerk_app.bootstrap.doctor import examine
from clerk_app.bootstrap.policy_side import policy_state
from clerk_app.cli.entrance import GlobalOptions
from clerk_app.cli.examining import severity, worst
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.policy_state import PolicyState
from clerk_app.store.connection import Connection, Role
from clerk_app.store.keys import StoreKeys
from clerk_app.store.migrations import migrations
from clerk_app.system.clock import SystemClock
from clerk_app.system.crashes import places_of
from clerk_app.system.data_key import obtain, recovery_fingerprint
from clerk_app.system.key_rotation import unfinished
from clerk_app.system.logs import LOG_FILE
from clerk_app.system.office_home import read_office
from clerk_app.system.paths import Home, choose_home

_ASIDE = re.compile(r"\.(damaged|replaced)-")
_LOG_BYTES = 2_000_000
#: Findings whose words come from the profile or name a person's key: their lengths must do.
_OF_THE_OFFICE = frozenset({"profile", "parameters", "signing-key", "mailbox-keys"})


def write_support(target: BinaryIO, options: GlobalOptions) -> list[str]:
    """Writes the bundle; the names of what is in. Raises OSError of the target."""
    home = choose_home(options.home)
    parts = {
        "doctor.json": _whatever_happens(lambda: _doctor(options, home)),
        "policy.json": _whatever_happens(lambda: _policy(policy_state(None), home)),
        "versions.json": _whatever_happens(_versions),
        "home.json": _whatever_happens(lambda: _home(home)),
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, members in parts.items():
            archive.writestr(name, json.dumps(members, ensure_ascii=False, indent=2, default=str))
        for path in sorted(home.logs.glob(f"{LOG_FILE}*")) if home.logs.is_dir() else ():
            with path.open("rb") as source:
                source.seek(max(0, path.stat().st_size - _LOG_BYTES))
                archive.writestr(f"logs/{path.name}", source.read(_LOG_BYTES))
        return archive.namelist()


def _whatever_happens(make: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """A part, or where making it failed: a machine on which even the self-check breaks needs help most."""
    try:
        return make()
    except Exception as error:  # noqa: BLE001 - its kind and places go into the bundle, its words do not
        return {"failed": type(error).__name__, "places": places_of(error.__traceback__)}


def _doctor(options: GlobalOptions, home: Home) -> Mapping[str, Any]:
    findings = examine(options)
    return {
        "severity": worst(findings).name.lower(),
        "findings": [
            {
                "area": each.area,
                "ok": each.ok,
                "severity": severity(each).name.lower(),
                "code": each.code,
                "params": {
                    name: _measured(value) if each.area in _OF_THE_OFFICE else _plain(value, home)
                    for name, value in each.params.items()
                },
            }
            for each in findings
        ],
    }


def _policy(state: PolicyState, home: Home) -> Mapping[str, Any]:
    return {
        "place": _plain(state.place, home),
        "fault": state.fault,
        "line": state.line,
        "unknown": state.unknown,
        "invalid": state.invalid,
        "keys": {line.name: _plain(line.value, home) for line in state.lines if line.locked},
    }


def _versions() -> Mapping[str, Any]:
    names = ("PySide6-Essentials", "sqlcipher3", "cryptography", "pyHanko", "httpx", "psycopg", "pypdfium2")
    versions = {each.metadata["Name"]: each.version for each in distributions()}
    found = {name: versions[name] for name in names if name in versions}
    return {
        "amtsstube": __version__,
        "python": sys.version.split()[0],
        "system": platform.platform(),
        "sqlite": dbapi2.sqlite_version,
        "packages": dict(sorted(found.items())),
        "made_at": SystemClock().now().isoformat(timespec="seconds"),
    }


def _home(home: Home) -> Mapping[str, Any]:
    """Sizes and counts, no names: the names of case folders are ids all the same and stay out."""
    sizes = {path.name: path.stat().st_size for path in (home.cache_db, home.ledger_db) if path.exists()}
    folders = {
        folder.name: sum(1 for path in folder.rglob("*") if path.is_file())
        for folder in home.folders()[1:]
        if folder.is_dir()
    }
    steps = {role.value: migrations(role)[-1].version for role in Role}
    return {
        "bytes": sizes,
        "files": folders,
        "schema": {"known": steps, "found": _schema_numbers(home)},
        "recovery_key": recovery_fingerprint(home) is not None,
        "changing_key": unfinished(home),
        "set_aside": sum(1 for path in home.root.glob("*") if _ASIDE.search(path.name)),
    }


def _schema_numbers(home: Home) -> Mapping[str, int | str]:
    """What the databases say; the error's code where they say nothing."""
    office = read_office(home)
    if office is None:
        return {}
    found: dict[str, int | str] = {}
    try:
        database = StoreKeys.from_data_key(obtain(home, office.practice, create=False)).database
    except ClerkError as error:
        return {"key": error.code.value}
    for role, path in ((Role.CACHE, home.cache_db), (Role.LEDGER, home.ledger_db)):
        if not path.exists():
            continue
        try:
            connection = Connection(path, database, role, read_only=True)
            found[role.value] = int(connection.value("PRAGMA user_version"))
            connection.close()
        except ClerkError as error:
            found[role.value] = error.code.value
    return found


def _measured(value: object) -> object:
    """Numbers, and of words only how long they are."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    return f"({len(str(value))} characters)"


def _plain(value: object, home: Home) -> object:
    """A value without the places and names of a person."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each, home) for each in value]
    text = str(value).replace(str(home.root), "<home>").replace(str(Path.home()), "~")
    try:
        login = getpass.getuser()
    except (OSError, KeyError, ImportError):
        login = ""
    return text.replace(login, "<user>") if len(login) > 2 else text
