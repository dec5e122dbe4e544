"""A town that works with the foreign portal: its profile, its office on the command line, its citizens."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.contract.foreign_citizen import SERVICE, Citizen, Filed
from tests.contract.foreign_portal import ForeignPortal
from tests.contract.foreign_rules import Habits, Place
from tests.journeys.conftest import Office

_AUTHORITY = """
[authority]
name = "Stadt Musterhausen"
ars = "081110000000"
land = "BW"

[authority.address]
street = "Rathausplatz 1"
postcode = "70999"
city = "Musterhausen"
"""
_MAILBOX = """
[[mailbox]]
portal = "{portal}"
api_version = {version}
token_url = "{urls.token_url}"
submission_url = "{urls.submission_url}"
destination_id = "{place.destination_id}"
client_id = "{place.subscriber}"
client_secret = "file:keys/{name}.secret"
decryption_keys = [{keys}]
signing_key = "file:keys/{name}-sig.jwk"
"""
_ZBP = """
[zbp]
destination_id = "{destination_id}"
certificate = "file:keys/zbp.pem"
private_key = "file:keys/zbp-key.pem"
sender_name = "Stadt Musterhausen"
"""
AWKWARD: dict[str, Any] = {
    "page_cap": 2,
    "totals": False,
    "decorated": True,
    "chunked": True,
    "upper_headers": True,
    "charset": True,
    "upper_ids": True,
    "rate_headers": True,
    "jwks_at_root": True,
    "token_answer": {"expires_in": "1800", "refresh_expires_in": 0},
}


class Town:
    """A foreign portal, an office that knows it by a profile, and citizens."""

    def __init__(self, folder: Path, keys: Path, version: int = 2, **habits: Any) -> None:
        self.folder, self.version = folder, version
        self.portal = ForeignPortal(keys, Habits(**habits))
        self.portal.__enter__()
        self.place = self.portal.add_place("office", [SERVICE["identifier"]], subscriber="office-client")
        self.citizen = Citizen(self.portal, self.place, version)
        self.office = Office(folder / "home", folder / "profile.toml")
        self.write_profile()

    def close(self) -> None:
        """Shuts the portal."""
        self.portal.__exit__(None, None, None)

    def write_profile(
        self,
        *places: Place,
        portals: tuple[str, ...] = ("service-bw",),
        more: str = "",
        decryption_keys: tuple[Any, ...] = (),
    ) -> None:
        """A profile in the documented form, with its keys beside it. ``more`` follows as it is."""
        keys = self.folder / "keys"
        keys.mkdir(exist_ok=True)
        text = _AUTHORITY
        for number, place in enumerate(places or (self.place,)):
            name = place.destination_id[:8]
            opening = [place.encryption, *decryption_keys]
            for index, key in enumerate(opening):
                (keys / f"{name}-{index}.jwk").write_text(key.export_private())
            (keys / f"{name}-sig.jwk").write_text(place.signing.export_private())
            (keys / f"{name}.secret").write_text(self.portal.clients[place.subscriber] + "\n")
            text += _MAILBOX.format(
                portal=portals[number % len(portals)],
                version=self.version,
                urls=self.portal,
                place=place,
                name=name,
                keys=", ".join(f'"file:keys/{name}-{index}.jwk"' for index in range(len(opening))),
            )
        (self.folder / "profile.toml").write_text(text + more)

    def open_bridge(self, *, sender: str | None = None) -> Place:
        """A ZBP bridge at the portal, and the way to it in the profile."""
        service = "urn:schema-fitko-de:fit-connect:id.bund.de:"
        bridge = self.portal.add_place(
            "bridge", [f"{service}message_v6", f"{service}status_v6"], subscriber="bridge"
        )
        key = rsa.generate_private_key(65537, 2048)
        (self.folder / "keys" / "zbp-key.pem").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        self.certificate = certificate(key, "ZBP Stadt Musterhausen")
        (self.folder / "keys" / "zbp.pem").write_bytes(
            self.certificate.public_bytes(serialization.Encoding.PEM)
        )
        more = _ZBP.format(destination_id=bridge.destination_id)
        if sender is not None:
            self.portal.clients[sender] = "the-sender's-secret"
            self.portal.senders.add(sender)
            (self.folder / "keys" / "sender.secret").write_text("the-sender's-secret")
            more += f'client_id = "{sender}"\nclient_secret = "file:keys/sender.secret"\n'
        self.write_profile(more=more)
        return bridge

    def sync(self) -> dict[str, Any]:
        summary: dict[str, Any] = self.office.json("sync", "--once")
        return summary

    def complaints(self) -> list[str]:
        """What the portal had to refuse, except looking for its keys in both usual places."""
        return [each for each in self.portal.complaints if "jwks.json" not in each]

    def events_posted(self, kind: str) -> list[dict[str, Any]]:
        return [each for each in self.portal.books.posted if next(iter(each["events"])).endswith(kind)]

    def outbox_entry(self, entry_id: str) -> dict[str, Any]:
        """The one entry."""
        entries: list[dict[str, Any]] = self.office.json("outbox")
        return next(each for each in entries if each["entry_id"] == entry_id)

    def check(self, filed: Filed) -> dict[str, Any]:
        """The case stands in the client byte for byte."""
        case: dict[str, Any] = self.office.json("case", filed.case_id)
        application = next(
            each for each in case["applications"] if each["submission_id"] == filed.parcel.parcel_id
        )
        content = filed.content or b""
        if filed.content is not None:
            assert application["content"]["sha512"] == hashlib.sha512(content).hexdigest()
        assert application["content"]["text"].encode() == content
        mine = [each for each in case["attachments"] if each["submission_id"] == filed.parcel.parcel_id]
        assert len(mine) == len(filed.enclosures)
        for enclosure, shown in zip(filed.enclosures, mine, strict=True):
            target = self.folder / "attachment"
            self.office.json("attachment", filed.case_id, shown["id"], "--output", str(target))
            assert target.read_bytes() == enclosure.content
            assert shown["sha512"] == hashlib.sha512(enclosure.content).hexdigest()
            assert shown["size"] == len(enclosure.content)
        return case


def certificate(key: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    """A certificate that certifies itself."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
