"""``[signing]`` of the profile: which keys sign, how strong a signature must be, whom to believe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clerk_app.domain.signature import SignatureLevel
from clerk_app.system import profile_values as values
from clerk_app.system.profile_values import Section
from clerk_app.system.secrets import SecretReference

PRACTICE_SIGNING_KEY = "practice"


@dataclass(frozen=True)
class RemoteSigningProfile:
    """How this office signs in at a remote signing service (CSC API): a bearer token, or a client's name and
    secret that fetch one (OAuth 2 client credentials)."""

    access_token: SecretReference | None = None
    client_id: str | None = None
    client_secret: SecretReference | None = None


@dataclass(frozen=True)
class SigningProfile:
    """Which key signs notices: ``pkcs12:PATH``, ``pkcs11:MODULE?token=LABEL[&key=LABEL]``,
    ``csc:URL?credential=ID``, ``practice`` or none.

    ``seal`` is the office's seal (VwVfG § 3a (3) no. 3) when it is another key than ``key``. ``level`` is
    the least every signature must reach. ``trust`` are PEM or DER files of believed authorities. ``base`` is
    the folder relative paths start from. ``pin_minutes``: how long a PIN that was accepted is kept in memory;
    0: not at all.
    """

    key: str | None = None
    password: SecretReference | None = None
    seal: str | None = None
    seal_password: SecretReference | None = None
    level: SignatureLevel = SignatureLevel.B_B
    timestamp_url: str | None = None
    trust: tuple[Path, ...] = ()
    remote: RemoteSigningProfile | None = None
    base: Path = Path()
    pin_minutes: int = 0


def read_signing(root: Section, practice: bool) -> SigningProfile:
    """The section, or nothing set.

    :raises ClerkError: PROFILE_KEY_MISSING, PROFILE_KEY_UNKNOWN, PROFILE_VALUE_WRONG
    """
    if not root.has("signing"):
        return SigningProfile(base=root.path.parent)
    section = root.section("signing").only(
        "key", "password", "seal", "seal_password", "level", "timestamp_url", "trust", "remote", "pin_minutes"
    )
    key = section.optional_text("key", check=values.is_signing_key, expected="signing_key") or None
    if key == PRACTICE_SIGNING_KEY and not practice:
        raise section.wrong("key", "practice_only")
    seal = section.optional_text("seal", check=values.is_signing_key, expected="signing_key") or None
    if seal == PRACTICE_SIGNING_KEY:
        raise section.wrong("seal", "signing_key")
    text = section.optional_text("level", check=values.is_signature_level, expected="signature_level")
    level = SignatureLevel(text or SignatureLevel.B_B)
    # Said now, not when the first notice of the day is to be signed.
    if level.at_least(SignatureLevel.B_T):
        section.text("timestamp_url", check=values.is_web_url, expected="web_url")
    needs_trust = level.at_least(SignatureLevel.B_LT)
    return SigningProfile(
        key=key,
        password=_optional_secret(section, "password", practice),
        seal=seal,
        seal_password=_optional_secret(section, "seal_password", practice),
        level=level,
        timestamp_url=section.optional_text("timestamp_url", check=values.is_web_url, expected="web_url")
        or None,
        trust=section.file_list("trust") if needs_trust or section.has("trust") else (),
        remote=_remote_signing(section, practice),
        base=root.path.parent,
        pin_minutes=section.integer("pin_minutes", 0, 480, "pin_minutes", default=0),
    )


def _remote_signing(signing: Section, practice: bool) -> RemoteSigningProfile | None:
    if not signing.has("remote"):
        return None
    section = signing.section("remote").only("access_token", "client_id", "client_secret")
    if section.has("access_token"):
        return RemoteSigningProfile(access_token=section.secret("access_token", literal_allowed=practice))
    return RemoteSigningProfile(
        client_id=section.text("client_id"),
        client_secret=section.secret("client_secret", literal_allowed=practice),
    )


def _optional_secret(section: Section, key: str, practice: bool) -> SecretReference | None:
    return section.secret(key, literal_allowed=practice) if section.has(key) else None
