"""The two fictional authorities and everything about them that stays the same between starts."""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clerk_app.sandbox.keys import KeyRing, write_secret
from clerk_app.sandbox.model import Client, Destination

ZBP_MESSAGE = "urn:schema-fitko-de:fit-connect:id.bund.de:message_v6"
ZBP_STATUS = "urn:schema-fitko-de:fit-connect:id.bund.de:status_v6"
ZBP_SCHEMA = "https://schema.fitko.de/fit-connect/id.bund.de/message_v6/1.0.0/zbp-message.schema.json"


@dataclass(frozen=True)
class AuthorityPlan:
    """A fictional municipality.

    Regional keys have a fixed structure and cannot be invented freely: Musterhausen borrows Stuttgart's,
    as the example profile does; of Beispielsdorf's the last digits are made up.
    """

    short: str  # "bw" or "sn"
    name: str
    unit: str
    ars: str
    land: str
    portal: str
    street: str
    postcode: str
    city: str
    phone: str
    email: str
    decryption_keys: tuple[str, ...]  # newest first
    signing_key: str
    certificate: str


AUTHORITIES = (
    AuthorityPlan(
        "bw",
        "Stadt Musterhausen",
        "Bürgerservice",
        "081110000000",
        "BW",
        "service-bw",
        "Rathausplatz 1",
        "70999",
        "Musterhausen",
        "0711 5550-100",
        "buergerservice@musterhausen.example",
        ("bw-encryption",),
        "bw-signature",
        "bw-zbp",
    ),
    AuthorityPlan(
        "sn",
        "Stadt Beispielsdorf/Bjespjelow",
        "Bürgeramt",
        "146250999000",
        "SN",
        "amt24",
        "Hauptmarkt/Hłowne torhošćo 3",
        "02699",
        "Beispielsdorf/Bjespjelow",
        "03591 5550-0",
        "buergeramt@beispielsdorf.example",
        ("sn-encryption", "sn-encryption-old"),
        "sn-signature",
        "sn-zbp",
    ),
)


@dataclass(frozen=True)
class Identity:
    """Ids and credentials of one sandbox directory, made at its first start."""

    destinations: dict[str, str]  # authority short name, "bridge" -> destination id
    clients: dict[str, tuple[str, str]]  # "bw", "sn", "subscriber", "sender", "bridge" -> id, secret

    @staticmethod
    def open(directory: Path) -> Identity:
        """Reads ``portal.json``, or makes it."""
        path = directory / "portal.json"
        if not path.exists():
            made = {
                "destinations": {name: str(uuid.uuid4()) for name in ("bw", "sn", "bridge")},
                "clients": {
                    name: [str(uuid.uuid4()), secrets.token_urlsafe(24)]
                    for name in ("bw", "sn", "subscriber", "sender", "bridge")
                },
            }
            write_secret(path, json.dumps(made, indent=1).encode("ascii"))
        read: dict[str, Any] = json.loads(path.read_bytes())
        return Identity(
            dict(read["destinations"]), {name: (pair[0], pair[1]) for name, pair in read["clients"].items()}
        )

    def oauth_clients(self) -> dict[str, Client]:
        """The clients by id: one per authority, one subscribed to both, one that only sends."""
        rights = {
            "bw": frozenset({self.destinations["bw"]}),
            "sn": frozenset({self.destinations["sn"]}),
            "subscriber": frozenset({self.destinations["bw"], self.destinations["sn"]}),
            "bridge": frozenset({self.destinations["bridge"]}),
            "sender": frozenset[str](),
        }
        return {
            client_id: Client(client_id, secret, rights[name], name != "sender")
            for name, (client_id, secret) in self.clients.items()
        }


def make_destinations(
    identity: Identity, keys: KeyRing, offered: list[tuple[str, str]]
) -> dict[str, Destination]:
    """The authorities' destinations and the bridge's. ``offered``: (service identifier, schema URI)."""
    made: dict[str, Destination] = {}
    for plan in AUTHORITIES:
        services = [
            {
                "identifier": identifier,
                "regions": [f"DE{plan.ars}"],
                "submissionSchemas": [{"schemaUri": schema, "mimeType": "application/json"}],
            }
            for identifier, schema in offered
        ]
        names = (*plan.decryption_keys, plan.signing_key)
        made[plan.short] = Destination(
            identity.destinations[plan.short],
            plan.name,
            identity.clients[plan.short][0],
            keys.pair(plan.decryption_keys[0]).kid,
            services,
            {
                "legalName": plan.name,
                "address": f"{plan.street}, {plan.postcode} {plan.city}",
                "phone": plan.phone,
                "email": plan.email,
                "unit": plan.unit,
            },
            ["1.0.0", "2.1.0"],
            {keys.pair(name).kid: keys.pair(name).public_jwk for name in names},
            {"eMail": {"usePgp": False}},
        )
    made["bridge"] = Destination(
        identity.destinations["bridge"],
        "Postfach-Brücke (Übung)",
        identity.clients["bridge"][0],
        keys.pair("bridge-encryption").kid,
        [
            {
                "identifier": identifier,
                "regions": ["DE"],
                "submissionSchemas": [{"schemaUri": ZBP_SCHEMA, "mimeType": "application/json"}],
            }
            for identifier in (ZBP_MESSAGE, ZBP_STATUS)
        ],
        {
            "legalName": "Übungsportal",
            "address": "Beispielweg 1, 10999 Berlin",
            "phone": "030 5550-0",
            "email": "postfach@uebung.example",
        },
        ["1.0.0", "2.1.0"],
        {
            keys.pair(name).kid: keys.pair(name).public_jwk
            for name in ("bridge-encryption", "bridge-signature")
        },
    )
    return {destination.destination_id: destination for destination in made.values()}
