"""Unterschiede zwischen zwei Fassungen and what they had in common last: nothing of either is ever lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Whose version of a field counts."""

    HERE = "here"
    THERE = "there"


@dataclass(frozen=True)
class FieldDifference:
    """A field that somebody else changed and that is another here. ``common`` is what both began with."""

    name: str
    here: object
    there: object
    common: object

    @property
    def contested(self) -> bool:
        """Whether it was changed here as well."""
        return self.here != self.common

    @property
    def usual(self) -> Side:
        """Without a clerk's word: what only the other one changed is taken over, own words stay."""
        return Side.HERE if self.contested else Side.THERE


def differing(
    common: Mapping[str, object], here: Mapping[str, object], there: Mapping[str, object]
) -> tuple[FieldDifference, ...]:
    """Fields that were changed there and are not the same here, in the order of ``there``."""
    names = dict.fromkeys((*there, *common, *here))
    return tuple(
        FieldDifference(name, here.get(name), there.get(name), common.get(name))
        for name in names
        if there.get(name) != common.get(name) and there.get(name) != here.get(name)
    )


def merged(
    here: Mapping[str, object],
    differences: tuple[FieldDifference, ...],
    choices: Mapping[str, Side],
) -> dict[str, object]:
    """``here`` with the chosen fields of the other version; fields nobody chose are as usual."""
    taken = {
        each.name: each.there for each in differences if choices.get(each.name, each.usual) is Side.THERE
    }
    return {**here, **taken}
