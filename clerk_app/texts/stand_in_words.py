"""A Vertretung in words, for window and command line."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from clerk_app.domain.stand_in import StandIn
from clerk_app.texts.act_words import act_word
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.formats import day


def stand_in_words(found: StandIn, today: date) -> str:
    """``ito für brand, 1.12. bis 12.12.2026, ohne Zeichnungsrecht (gilt)``."""
    words = _("{stand_in} für {absent}, {first} bis {last}").format(
        stand_in=found.stand_in, absent=found.absent, first=day(found.from_on), last=day(found.until_on)
    )
    if found.services:
        words += ", " + _("nur {services}").format(services=", ".join(found.services))
    if not found.may_sign:
        words += ", " + _("ohne Zeichnungsrecht")
    return f"{words} ({state_word(found, today)})"


def state_word(found: StandIn, today: date) -> str:
    """Whether it holds."""
    if found.holds(today):
        return _("gilt")
    return _("beendet") if found.is_over(today) else _("beginnt noch")


class Done(Protocol):
    """What a stand-in did in one case."""

    @property
    def case_reference(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def acts(self) -> tuple[tuple[str, int], ...]: ...


def done_words(done: Done) -> str:
    """One line for one case."""
    acts = ", ".join(
        f"{act_word(kind)} ({count})" if count > 1 else act_word(kind) for kind, count in done.acts
    )
    return f"{done.case_reference}  {done.service}: {acts}"


def _counted(word: str, count: int) -> str:
    return f"{word} ({count})" if count > 1 else word
