"""Opens an office: home, profile, data key, store. In this order: each error names the right thing."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from clerk_app.bootstrap.pin_memory import PinMemory
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.store.home import Store
from clerk_app.system.clock import SystemClock
from clerk_app.system.data_key import obtain
from clerk_app.system.durable import write_durably
from clerk_app.system.instance import InstanceLock
from clerk_app.system.key_rotation import finish, unfinished
from clerk_app.system.office_home import claim_home, read_office
from clerk_app.system.paths import Home, open_home
from clerk_app.system.policy import machine_policy
from clerk_app.system.profile import Profile, load_profile
from clerk_app.system.signing_profile import PRACTICE_SIGNING_KEY
from clerk_app.usecases.desk import OfficeFacts

LOCK_WAIT_S = 5.0  # another command that is about to finish; a window holds the lock for good
PROFILE_NOTE = "profile.txt"


@dataclass(frozen=True)
class Premises:
    """An opened office. ``store`` hands out one set of connections per thread. ``writing``: the
    home's lock is held. ``pins``: what was accepted a moment ago, if that may be kept at all."""

    home: Home
    profile: Profile
    store: Store
    clock: SystemClock
    actor: str
    writing: bool = False
    pins: PinMemory = field(default_factory=PinMemory)


def actor_name(*, practice: bool) -> str:
    """Who acts: the name of the account, as the operating system knows it.

    Nobody becomes a second clerk by setting a variable: the four-eyes rule rests on this name. In a practice
    office ``LOGNAME`` may play a colleague, so that the rule can be practised by one person.
    """
    try:
        if practice:
            return getpass.getuser()
        if sys.platform == "win32":
            return os.getlogin()  # GetUserName; no variable is asked
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (OSError, KeyError, ImportError):
        return "unknown"


@contextmanager
def open_premises(
    home_option: Path | None,
    profile_option: Path | None,
    *,
    lock: bool,
    lock_wait_s: float = LOCK_WAIT_S,
    begin_ledger: bool = False,
) -> Iterator[Premises]:
    """Opens the office and closes everything in the end.

    Without ``profile_option`` the profile this home was last opened with is used. ``begin_ledger`` is an
    admin's word that the ledger is lost for good. Raises ClerkError: everything home, profile, data key and
    store may say, LEDGER_DAMAGED when the ledger is missing from a home in use (a new one would not know
    what was decided already), and INSTANCE_RUNNING when ``lock`` cannot be had.
    """
    home = open_home(home_option)
    profile = load_profile(profile_path(home, profile_option))
    with ExitStack() as stack:
        if lock:
            stack.enter_context(InstanceLock(home, lock_wait_s))
        elif unfinished(home):
            with InstanceLock(home, lock_wait_s):
                finish_rotation(home)
        elif not home.has_databases:
            # Two commands that found the same new home would each give it an owner and a data key.
            with InstanceLock(home, lock_wait_s):
                _open_store(home, profile, exclusive=True, begin_ledger=begin_ledger).close()
        store = _open_store(home, profile, exclusive=lock, begin_ledger=begin_ledger)
        stack.callback(store.close)
        _note_profile(home, profile)
        actor, pins = actor_name(practice=profile.practice), PinMemory(profile.signing.pin_minutes)
        stack.callback(pins.forget_all)
        yield Premises(home, profile, store, SystemClock(), actor, lock, pins)


def _open_store(home: Home, profile: Profile, *, exclusive: bool, begin_ledger: bool) -> Store:
    claim_home(home, profile)
    if exclusive:
        finish_rotation(home)
    key = obtain(home, profile.practice, create=True)
    if not begin_ledger and _ledger_is_missing(home):
        raise ClerkError(ErrorCode.LEDGER_DAMAGED, {"cause": "missing"}, Disposition.ASK_CLERK)
    return Store.open(home, key, clock=SystemClock(), exclusive=exclusive, accept_ledger=begin_ledger)


def finish_rotation(home: Home) -> None:
    """A change of the data key that was interrupted comes to its end. The caller holds the home's lock."""
    if unfinished(home):
        from clerk_app.store.resealing import reseal

        finish(home, lambda old, new: reseal(home, old, new))


def older_ledger(premises: Premises) -> ClerkError | None:
    """What a person must be told before anything else: the ledger is an older copy."""
    missing = premises.store.ledger_is_older
    return None if missing is None else ClerkError(ErrorCode.LEDGER_OLDER, {"sequence": missing})


def _ledger_is_missing(home: Home) -> bool:
    if home.ledger_db.exists() and home.ledger_db.stat().st_size > 0:
        return False
    return any(home.documents.glob("*/case.key")) or any(home.outbox.glob("*.sealed"))


def office_facts(premises: Premises) -> OfficeFacts:
    """What the screens say about this office."""
    profile = premises.profile
    key = profile.signing.key
    return OfficeFacts(
        name=profile.authority.name,
        ars=profile.authority.ars,
        land=profile.authority.land,
        actor=premises.actor,
        practice=profile.practice,
        take_back_s=profile.delivery.take_back_s,
        county=profile.team is not None and profile.team.county_id is not None,
        signing_needs_password=key not in (None, PRACTICE_SIGNING_KEY) and profile.signing.password is None,
        accessibility_contact=profile.parameters.office.accessibility_contact,
        enforcement_body=profile.parameters.office.enforcement_body,
    )


def profile_path(home: Home, option: Path | None) -> Path | None:
    """The profile to open: the one named, else the policy's, else the one this home was last opened with. A
    practice home keeps its own: no policy makes an exercise real. Raises ClerkError PROFILE_UNREADABLE."""
    if option is not None:
        return option
    settled = machine_policy().text("office.profile")
    office = read_office(home)
    if settled and not (office is not None and office.practice):
        return Path(settled)
    return noted_profile(home)


def noted_profile(home: Home) -> Path | None:
    """The profile this home was last opened with. Raises ClerkError PROFILE_UNREADABLE."""
    try:
        return Path((home.root / PROFILE_NOTE).read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ClerkError(ErrorCode.PROFILE_UNREADABLE, {"path": PROFILE_NOTE}) from error


def _note_profile(home: Home, profile: Profile) -> None:
    note = home.root / PROFILE_NOTE
    text = f"{profile.path}\n"
    if not note.exists() or note.read_text(encoding="utf-8") != text:
        write_durably(note, text.encode())
