"""The services citizens apply for. LeiKa keys are real; schema URIs and form data are fictional."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clerk_app.sandbox.generator.names import Person

LEIKA = "urn:de:fim:leika:leistung:"
SCHEMA = "https://schema.fitko.de/fim/s{number}_1.0.schema.json"  # assumed: no such schema is published


@dataclass(frozen=True)
class Evidence:
    """A document citizens attach: title, file name, "pdf", "png" or "jpeg"."""

    title: str
    filename: str
    form: str


@dataclass(frozen=True)
class ServicePlan:
    """Verwaltungsleistung with a way to fill in its form."""

    leika_key: str
    name: str
    schema_number: str
    fee_euro: float | None
    evidence: tuple[Evidence, ...]
    fill_in: Callable[[random.Random, Person], dict[str, Any]]

    @property
    def identifier(self) -> str:
        """Service URN."""
        return LEIKA + self.leika_key

    @property
    def schema_uri(self) -> str:
        """Fictional data schema."""
        return SCHEMA.format(number=self.schema_number)


def _dog(rng: random.Random, person: Person) -> dict[str, Any]:
    return {"hund": {"name": rng.choice(("Bello", "Žuža", "Łucky")), "rasse": "Mischling"}}


def _parking(rng: random.Random, person: Person) -> dict[str, Any]:
    return {"fahrzeug": {"kennzeichen": f"MH-AB {rng.randrange(1, 9999)}"}}


SERVICES: tuple[ServicePlan, ...] = (
    ServicePlan(
        "99102013104000",
        "Hundesteuer, Anmeldung",
        "17000101",
        None,
        (Evidence("Haftpflichtversicherung", "versicherung.pdf", "pdf"),),
        _dog,
    ),
    ServicePlan(
        "99108001001000",
        "Bewohnerparkausweis",
        "17000102",
        30.7,
        (Evidence("Fahrzeugschein", "fahrzeugschein.pdf", "pdf"),),
        _parking,
    ),
)
