"""Halves of sentences that several errors share, and what a sentence is made of."""

from __future__ import annotations

from typing import TypeAlias

from clerk_app.texts.catalogue import N_

Part: TypeAlias = str | tuple[str, ...]

KEPT = N_("Nichts ist verloren; die Arbeit wartet im Postausgang und wird von selbst erneut versucht.")
SUPPORT = N_("Bleibt es dabei, hilft die Systembetreuung mit „clerk-app doctor“ weiter.")
QUARANTINE = N_("Die Einreichung liegt unverändert in der Quarantäne; gelöscht wird nichts.")
BACKUP = N_(
    "Bitte die Systembetreuung hinzuziehen und nichts löschen: Das Original bleibt für die Rettung liegen."
)
