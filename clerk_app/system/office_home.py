"""Whose home this is: an office's papers are never mixed with another's, nor practice with the real thing."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.system.durable import set_aside, write_durably
from clerk_app.system.paths import Home
from clerk_app.system.profile import Profile

PRACTICE_KEY_NAME = "practice.key"


@dataclass(frozen=True)
class HomeOffice:
    """The office a home belongs to. ``home_id`` names its data key in the keyring."""

    home_id: str
    name: str
    ars: str
    land: str
    practice: bool


def claim_home(home: Home, profile: Profile) -> HomeOffice:
    """The office of this home; a fresh home is given to the profile's office for good.

    :raises ClerkError: PROFILE_OTHER_OFFICE when the home belongs to another authority, or when practice and
        real are about to be mixed
    """
    found = read_office(home)
    wanted = profile.authority
    if found is None:
        practice_key_there = (home.keys / PRACTICE_KEY_NAME).exists()
        if (practice_key_there and not profile.practice) or (
            home.has_databases and profile.practice and not practice_key_there
        ):
            raise _other_office(profile, None)
        found = HomeOffice(str(uuid.uuid4()), wanted.name, wanted.ars, wanted.land, profile.practice)
        content = json.dumps(found.__dict__, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        write_durably(home.office, content.encode())
        return found
    if (found.ars, found.land, found.practice) != (wanted.ars, wanted.land, profile.practice):
        raise _other_office(profile, found)
    return found


def read_office(home: Home) -> HomeOffice | None:
    """The office recorded in the home; None for a fresh one. A damaged record is set aside."""
    try:
        members = json.loads(home.office.read_text(encoding="utf-8"))
        return HomeOffice(
            home_id=str(uuid.UUID(members["home_id"])),
            name=str(members["name"]),
            ars=str(members["ars"]),
            land=str(members["land"]),
            practice=bool(members["practice"]),
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        set_aside(home.office)
        return None


def mixing(profile_is_practice: bool) -> str:
    """The reason code for practice and real work about to be mixed."""
    return "real-home" if profile_is_practice else "practice-home"


def _other_office(profile: Profile, found: HomeOffice | None) -> ClerkError:
    params: dict[str, object] = {"profile_office": profile.authority.name}
    if found is not None:
        params["home_office"] = found.name
    other = found is not None and found.practice == profile.practice
    params["reason"] = "other-office" if other else mixing(profile.practice)
    return ClerkError(ErrorCode.PROFILE_OTHER_OFFICE, params, Disposition.ASK_CLERK)
