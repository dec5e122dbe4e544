"""Fictional people."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Antragsteller/in. ``given`` is empty for people with a single name."""

    given: str
    family: str
    street: str
    house: str
    postcode: str
    city: str
    birth_date: str
    email: str
    phone: str

    @property
    def full_name(self) -> str:
        """As it would stand on an envelope."""
        return f"{self.given} {self.family}".strip()


def make_person(rng: random.Random, postcode: str, city: str) -> Person:
    """A person living in the given town."""
    given, family = rng.choice((("Zoë", "Müller"), ("Łukasz", "Šołta"), ("Ngọc", "Nguyễn")))
    return Person(
        given,
        family,
        "Hauptstraße",
        str(rng.randrange(1, 200)),
        postcode,
        city,
        f"19{rng.randrange(40, 99)}-0{rng.randrange(1, 9)}-1{rng.randrange(0, 9)}",
        "person@example.org",
        f"0711 555{rng.randrange(1000, 9999)}",
    )
