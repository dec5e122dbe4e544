"""Forms and matters for rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from clerk_app.services.form_tree import read_form
from clerk_app.services.rules.evaluate import Evaluator, RuleMatter
from clerk_app.services.rules.language import parse_rule

ARRIVED = date(2026, 3, 2)
PARAMETERS: Mapping[str, Decimal | str | None] = {"rent": Decimal(500), "name": "x"}
FORM: Mapping[str, Any] = {
    "$schema": "https://example.test/schema",
    "antragsteller": {
        "nachname": "Müller",
        "geburtsdatum": "2000-02-29",
        "anschrift": {"plz": "01067", "ort": "Dresden"},
        "e_mail": "a.b@example.de",
    },
    "hund": {"listenhund": False, "rasse": "Dackel", "chip-nummer": "276 000000000000"},
    "miete": 512.5,
    "leer": "",
    "nichts": None,
    "gruppe": {"innen": {"tief": "x"}},
    "leere_gruppe": {"innen": ""},
    "betrag": {"deutsch": "1.234,56", "plain": "1234.56", "groß": "9" * 40, "hoch": "1e3"},
    "von": "2026-01-31",
    "bis": "2026-02-28T10:00:00Z",
    "unsinn": "2026-02-31",
    "haushalt": {
        "mitglieder": [
            {"name": "A", "einkommen": "1000", "alter": 40, "kinder": [{"alter": 3}, {"alter": 5}]},
            {"name": "B", "einkommen": "250.50", "alter": 17, "kinder": []},
            {"name": "C", "alter": 70, "kinder": [{"alter": 9}]},
        ],
        "haustiere": ["Hund", "", "Katze"],
        "einzeln": {"name": "D"},
    },
}


def matter(form: Any = FORM, **more: Any) -> RuleMatter:
    tree = read_form(json.dumps(form).encode(), "application/json")
    base = RuleMatter(
        tree,
        {"liability": 2},
        ARRIVED,
        date(2026, 3, 1),
        ("Stadt Dresden", "Dresden"),
        {"breeds": ("Bullterrier", "DACKEL")},
        {"income": Decimal("1300")},
        PARAMETERS.get,
    )
    return replace(base, **more)


def holds(source: str, form: Any = FORM, **more: Any) -> bool | None:
    return Evaluator(matter(form, **more)).holds(parse_rule(source))
