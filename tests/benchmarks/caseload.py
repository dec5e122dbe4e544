"""A cache with very many cases, written straight into its tables: lists and searches cannot tell."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from clerk_app.domain.ids import CaseId
from clerk_app.domain.reference import case_reference
from clerk_app.store.connection import Role
from clerk_app.store.din91379 import search_form
from clerk_app.store.home import HomePaths, Store

KEY = bytes(range(32))
#: How many cases; ``CLERK_BENCH_CASES=1000,100000,1000000`` names others.
SIZES = tuple(int(part) for part in os.environ.get("CLERK_BENCH_CASES", "1000,100000,1000000").split(","))
START = datetime(2026, 1, 2, 8, tzinfo=UTC)
FAMILY = ("Müller", "Đorđević", "Šołćina", "Nguyễn", "Groß", "Yıldız", "Weiß", "Krawc", "Özdemir", "Liepiņa")
GIVEN = ("Żaneta", "Zoë", "Łukasz", "Anna-Lena", "Minh", "Kübra", "Ben", "Quirin", "François", "Ćamil")
SERVICES = ("Wohngeld (Mietzuschuss)", "Bewohnerparkausweis", "Gewerbe anmelden", "Hundesteuer, Anmeldung")


_WORDS = (
    "Mietvertrag",
    "Wohnung",
    "Betrag",
    "monatlich",
    "Bescheinigung",
    "Unterschrift",
    "Konto",
    "Nachweis",
)


def _attached(rng: random.Random, number: int) -> str:
    """About a page's beginning; one in ten thousand holds a word that hardly any other has."""
    rare = " Zechensiedlung" if number % 10_000 == 0 else ""
    return " ".join(rng.choice(_WORDS) for _ in range(20)) + f" {number}" + rare


def filled_store(folder: Path, cases: int) -> Store:
    """A store with ``cases`` cases that arrived a minute apart."""
    folder.mkdir(parents=True, exist_ok=True)
    store = Store.open(HomePaths(folder), KEY)
    fill_cases(store, cases)
    return store


def fill_cases(store: Store, cases: int, begin: int = 0) -> None:
    """Puts ``cases`` cases beside those that are there, numbered from ``begin``."""
    rng = random.Random(begin + 1)
    connection = store._writer(Role.CACHE)
    with connection.transaction("benchmark"):
        for number in range(begin, begin + cases):
            arrived = START + timedelta(minutes=number)
            case_id = CaseId(str(UUID(int=rng.getrandbits(128), version=4)))
            reference = case_reference(case_id, arrived.year)
            name = f"{rng.choice(FAMILY)}{number % 97}, {rng.choice(GIVEN)}"
            service = rng.choice(SERVICES)
            key = int(arrived.timestamp() * 1000)
            at = arrived.isoformat(timespec="microseconds")
            connection.execute(
                "INSERT INTO cases VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'')",
                (key, case_id, reference, "service-bw", "d", service, None, name, search_form(name),
                 "Musterhausen", at, at, f"{arrived + timedelta(days=30):%Y-%m-%d}", "idBundDeMailbox",
                 2, 1, 0, None, int(number - begin < cases * 0.9)),
            )  # fmt: skip
            text = f"{name} Musterweg {number % 300} 70999 Musterhausen {service}"
            attached = "" if number % 3 else _attached(rng, number)
            connection.execute(
                "INSERT INTO case_text VALUES (?,?,?,?,?,?,?,?,?)",
                (
                    key,
                    text,
                    search_form(text).lower(),
                    name,
                    service,
                    "Musterhausen",
                    reference,
                    attached,
                    "",
                ),
            )
    store.release(connection)
