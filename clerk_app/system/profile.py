"""Behördenprofil: the one file an office supplies, as checked values.

Reading it opens nothing else: secrets and key files are references, resolved when they are needed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path

from clerk_app.domain.authority import NO_PARAMETERS, AuthorityParameters
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.domain.folder import ReviewPolicy
from clerk_app.domain.ids import DestinationId
from clerk_app.domain.wording_hints import USUAL_WORDING, WordingPolicy
from clerk_app.system import profile_values as values
from clerk_app.system.authority_file import load_parameters
from clerk_app.system.governed import governed
from clerk_app.system.policy import MachinePolicy, machine_policy
from clerk_app.system.profile_values import PROFILE_CODES, Section
from clerk_app.system.secrets import SecretReference
from clerk_app.system.signing_profile import SigningProfile, read_signing
from clerk_app.system.team_profile import TeamProfile, read_team
from clerk_app.system.toml_file import parse_file, read_file


@dataclass(frozen=True)
class AuthorityAddress:
    """Anschrift of the office, for letterheads. Empty parts are not known."""

    street: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Authority:
    """Behörde: name, regional key (ARS, 12 digits), Land, organisational unit, address.

    ``corpus_christi`` and ``assumption_day`` say whether Fronleichnam (Sachsen, Thüringen) and Mariä
    Himmelfahrt (Bayern) are public holidays in this municipality; None: the office did not say.
    """

    name: str
    ars: str
    land: str
    unit: str = ""
    address: AuthorityAddress = AuthorityAddress()
    corpus_christi: bool | None = None
    assumption_day: bool | None = None


@dataclass(frozen=True)
class MailboxProfile:
    """Zustellpunkt: one mailbox at a portal with its way in. URLs have no trailing slash and no version."""

    portal: str
    api_version: int
    token_url: str
    submission_url: str
    destination_id: DestinationId
    client_id: str
    client_secret: SecretReference
    decryption_keys: tuple[SecretReference, ...]
    signing_key: SecretReference
    destination_url: str | None = None


@dataclass(frozen=True)
class ZbpProfile:
    """The way into citizens' mailboxes (ZBP bridge): where to, and who the office is there.

    A delivery service may separate senders from subscribers; then ``client_id`` and ``client_secret`` are the
    sender's. None: the mailbox's own client sends.
    """

    destination_id: DestinationId
    certificate: SecretReference
    private_key: SecretReference
    sender_name: str
    client_id: str | None = None
    client_secret: SecretReference | None = None


@dataclass(frozen=True)
class DeliveryProfile:
    """How notices leave. ``take_back_s``: seconds during which a clerk may take one back."""

    take_back_s: int = 60


@dataclass(frozen=True)
class ReviewProfile:
    """Vier-Augen-Prinzip: always, never, or where the service's description says so."""

    four_eyes: ReviewPolicy = ReviewPolicy.BY_SERVICE


@dataclass(frozen=True)
class NetworkProfile:
    """The way out of the house. The proxy may hold a password and is therefore not in ``repr``. ``pac``: the
    address or file of an automatic proxy configuration, instead of ``proxy``."""

    proxy: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    timeout_s: float = 30.0
    pac: str | None = None


@dataclass(frozen=True)
class Profile:
    """Behördenprofil. ``fingerprint`` is the SHA-256 of the file as read, in hex. ``parameters`` stand in the
    file ``parameters_file``; without one the office supplies none. ``publishers`` are files with the public
    keys of those whose service packages it takes. ``team`` None: an office
    with one desktop. ``least_retention_years``: no file is destroyed before, whatever its class says."""

    authority: Authority
    mailboxes: tuple[MailboxProfile, ...]
    signing: SigningProfile
    zbp: ZbpProfile | None
    practice: bool
    delivery: DeliveryProfile
    network: NetworkProfile
    path: Path
    fingerprint: str
    review: ReviewProfile = ReviewProfile()
    parameters_file: Path | None = None
    parameters: AuthorityParameters = NO_PARAMETERS
    wording: WordingPolicy = USUAL_WORDING
    publishers: tuple[Path, ...] = ()
    team: TeamProfile | None = None
    least_retention_years: int = 0


def load_profile(path: str | Path | None, policy: MachinePolicy | None = None) -> Profile:
    """The profile in the file ``path``, with the parameters file it names and under the machine's policy (or
    the ``policy`` given).

    :raises ClerkError: PROFILE_MISSING, PROFILE_UNREADABLE, PROFILE_KEY_MISSING, PROFILE_KEY_UNKNOWN,
        PROFILE_VALUE_WRONG; each with ``path`` and, where there is one, ``line`` and ``key``; the same of
        the parameters file (see ``load_parameters``); POLICY_FORBIDS, POLICY_UNMET (see ``governed``)
    """
    if path is None:
        raise ClerkError(ErrorCode.PROFILE_MISSING, {}, Disposition.ASK_CLERK)
    path = Path(path).expanduser().absolute()
    profile = parse_profile(read_file(path, PROFILE_CODES), path)
    profile = governed(profile, machine_policy() if policy is None else policy)
    if profile.parameters_file is None:
        return profile
    return replace(profile, parameters=load_parameters(profile.parameters_file, profile.authority.ars))


def parse_profile(content: bytes, path: Path) -> Profile:
    """The profile in ``content``; ``path`` names the file in messages and anchors relative references. The
    parameters file is named by it, not read."""
    root = parse_file(content, path, PROFILE_CODES)
    root.only(
        "authority", "mailbox", "signing", "zbp", "practice", "delivery", "network", "review", "letters",
        "packages", "team",
    )  # fmt: skip
    county = root.has("team") and root.section("team").has("county")
    practice = _practice(root)
    network = _network(root)
    for way, named in (("proxy", network.proxy), ("pac", network.pac)):
        if practice and named is not None:
            raise root.section("network").wrong(way, "practice_here")
    return Profile(
        authority=_authority(root.section("authority")),
        mailboxes=() if county and not root.has("mailbox") else _mailboxes(root, practice),
        signing=read_signing(root, practice),
        zbp=_zbp(root, practice),
        practice=practice,
        delivery=_delivery(root),
        network=network,
        path=path,
        fingerprint=hashlib.sha256(content).hexdigest(),
        review=_review(root),
        parameters_file=_parameters_file(root.section("authority")),
        wording=_wording(root),
        publishers=_publishers(root),
        team=read_team(root, practice),
    )


def _parameters_file(authority: Section) -> Path | None:
    named = authority.optional_text("parameters")
    return authority.path.parent / Path(named).expanduser() if named else None


def _practice(root: Section) -> bool:
    """A practice office says so, or all its portals are on this machine (decision record 0005)."""
    if not root.has("practice"):
        return root.has("mailbox") and all(
            values.is_on_this_machine(mailbox.optional_text(key))
            for mailbox in root.sections("mailbox")
            for key in ("token_url", "submission_url")
        )
    section = root.section("practice").only("enabled")
    return section.boolean("enabled", default=False)


def _authority(section: Section) -> Authority:
    section.only("name", "ars", "land", "unit", "address", "parameters", "corpus_christi", "assumption_day")
    ars = section.text("ars", check=values.is_ars, expected="ars")
    land = section.text("land", check=values.is_land, expected="land")
    if values.LAND_OF_ARS.get(ars[:2], land) != land:
        raise section.wrong("land", "land_of_ars")
    address = AuthorityAddress()
    if section.has("address"):
        part = section.section("address").only("street", "postcode", "city", "phone", "email")
        address = AuthorityAddress(
            street=part.optional_text("street"),
            postcode=part.optional_text("postcode", check=values.is_postcode, expected="postcode"),
            city=part.optional_text("city"),
            phone=part.optional_text("phone"),
            email=part.optional_text("email", check=values.is_email, expected="email"),
        )
    return Authority(
        section.text("name"),
        ars,
        land,
        section.optional_text("unit"),
        address,
        _said(section, "corpus_christi"),
        _said(section, "assumption_day"),
    )


def _said(section: Section, key: str) -> bool | None:
    """True, false, or None where the office did not say."""
    return section.boolean(key, default=False) if section.has(key) else None


def _mailboxes(root: Section, practice: bool) -> tuple[MailboxProfile, ...]:
    mailboxes: list[MailboxProfile] = []
    for section in root.sections("mailbox"):
        mailbox = _mailbox(section, practice)
        if any(
            (known.portal, known.destination_id) == (mailbox.portal, mailbox.destination_id)
            for known in mailboxes
        ):
            raise section.wrong("destination_id", "unique")
        mailboxes.append(mailbox)
    return tuple(mailboxes)


def _mailbox(section: Section, practice: bool) -> MailboxProfile:
    section.only(
        "portal", "api_version", "token_url", "submission_url", "destination_url", "destination_id",
        "client_id", "client_secret", "decryption_keys", "signing_key",
    )  # fmt: skip
    api_version = section.integer("api_version", 1, 2, "api_version", default=2)
    if practice:
        _only_here(section, "token_url", "submission_url", "destination_url")
    destination_url = None
    if section.has("destination_url"):
        destination_url = _base_url(section, "destination_url", api_version)
    return MailboxProfile(
        portal=section.text("portal", check=values.is_portal, expected="portal"),
        api_version=api_version,
        token_url=section.text("token_url", check=values.is_url, expected="url"),
        submission_url=_base_url(section, "submission_url", api_version),
        destination_id=DestinationId(
            section.text("destination_id", check=values.is_uuid, expected="uuid").lower()
        ),
        client_id=section.text("client_id"),
        client_secret=section.secret("client_secret", literal_allowed=practice),
        decryption_keys=section.secret_list("decryption_keys"),
        signing_key=section.secret("signing_key", literal_allowed=False),
        destination_url=destination_url,
    )


def _only_here(section: Section, *keys: str) -> None:
    """A practice office knows no address outside this machine: nothing invented may reach a real portal."""
    for key in keys:
        address = section.optional_text(key)
        if address and not values.is_on_this_machine(address):
            raise section.wrong(key, "practice_here")


def _base_url(section: Section, key: str, api_version: int) -> str:
    """The address without the version that is appended later; tolerant of one that is there already."""
    url = section.text(key, check=values.is_url, expected="url").rstrip("/")
    last = url.rsplit("/", 1)[-1]
    if last == f"v{api_version}":
        return url.removesuffix(f"/{last}")
    if last in ("v1", "v2", "v3"):
        raise section.wrong(key, "url_version")
    return url


def _zbp(root: Section, practice: bool) -> ZbpProfile | None:
    if not root.has("zbp"):
        return None
    section = root.section("zbp").only(
        "destination_id", "certificate", "private_key", "sender_name", "client_id", "client_secret"
    )
    own_client = section.has("client_id") or section.has("client_secret")  # both or neither
    return ZbpProfile(
        destination_id=DestinationId(
            section.text("destination_id", check=values.is_uuid, expected="uuid").lower()
        ),
        certificate=section.secret("certificate", literal_allowed=False),
        private_key=section.secret("private_key", literal_allowed=False),
        sender_name=section.text("sender_name"),
        client_id=section.text("client_id") if own_client else None,
        client_secret=section.secret("client_secret", literal_allowed=practice) if own_client else None,
    )


def _delivery(root: Section) -> DeliveryProfile:
    if not root.has("delivery"):
        return DeliveryProfile()
    section = root.section("delivery").only("take_back_s")
    return DeliveryProfile(section.integer("take_back_s", 0, 900, "take_back_s", default=60))


def _review(root: Section) -> ReviewProfile:
    if not root.has("review"):
        return ReviewProfile()
    section = root.section("review").only("four_eyes")
    found = section.tree.get("four_eyes", ReviewPolicy.BY_SERVICE.value)
    if isinstance(found, bool):
        return ReviewProfile(ReviewPolicy.ALWAYS if found else ReviewPolicy.NEVER)
    if found != ReviewPolicy.BY_SERVICE.value:
        raise section.wrong("four_eyes", "four_eyes")
    return ReviewProfile()


def _publishers(root: Section) -> tuple[Path, ...]:
    """Whose service packages the office takes: their public keys (PEM)."""
    if not root.has("packages"):
        return ()
    return root.section("packages").only("trusted").file_list("trusted")


def _wording(root: Section) -> WordingPolicy:
    """Formulierungshilfe: neutral wording or not, and how long a sentence may be."""
    if not root.has("letters"):
        return USUAL_WORDING
    section = root.section("letters").only("neutral_wording", "longest_sentence_words")
    longest = 0
    if section.has("longest_sentence_words"):
        longest = section.integer("longest_sentence_words", 10, 100, "sentence_words", default=0)
    return WordingPolicy(section.boolean("neutral_wording", default=True), longest)


def _network(root: Section) -> NetworkProfile:
    if not root.has("network"):
        return NetworkProfile()
    section = root.section("network").only("proxy", "pac", "ca_file", "timeout_s")
    if section.has("proxy") and section.has("pac"):
        raise section.wrong("pac", "only_one")
    ca_file = section.optional_text("ca_file")
    return NetworkProfile(
        proxy=section.optional_text("proxy", check=values.is_proxy, expected="proxy") or None,
        ca_file=root.path.parent / Path(ca_file).expanduser() if ca_file else None,
        timeout_s=section.number("timeout_s", 1, 600, "timeout_s", default=30.0),
        pac=section.optional_text("pac") or None,
    )
