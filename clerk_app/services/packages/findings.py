"""Gathers what is wrong with a package: every fault with its file and line, none lost after the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from clerk_app.domain.package import FaultReason, PackageFault
from clerk_app.domain.toml_lines import KeyPath, TomlLines


class Findings:
    """Faults by place. ``texts`` are the TOML files by name, for their lines."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._lines: dict[str, TomlLines] = {}
        self._faults: dict[PackageFault, None] = {}
        self._spoiled: dict[str, set[KeyPath]] = {}

    def add(
        self, file: str, path: KeyPath, reason: FaultReason | str, *, warning: bool = False, **params: object
    ) -> None:
        """Something is wrong at ``path`` of ``file``; an empty path is the file as a whole."""
        told = tuple(sorted((name, str(value)) for name, value in params.items()))
        self._faults[PackageFault(file, self.line(file, path), str(reason), told, warning)] = None

    def add_at(self, file: str, line: int | None, reason: FaultReason | str, **params: object) -> None:
        """Something is wrong on a line that is known already."""
        told = tuple(sorted((name, str(value)) for name, value in params.items()))
        self._faults[PackageFault(file, line, str(reason), told)] = None

    def spoil(self, file: str, path: KeyPath) -> None:
        """What stands at ``path`` has the wrong shape: nothing more can be said of it."""
        self._spoiled.setdefault(file, set()).add(path)

    def is_sound(self, file: str, path: KeyPath) -> bool:
        """Whether what stands at ``path`` has the right shape, itself, within and around it."""
        for spoiled in self._spoiled.get(file, ()):
            shorter = min(len(spoiled), len(path))
            if spoiled[:shorter] == path[:shorter]:
                return False
        return True

    @property
    def refused(self) -> bool:
        """Whether anything was found that is more than a warning."""
        return any(not fault.warning for fault in self._faults)

    def forget(self, follows: Callable[[PackageFault], bool]) -> None:
        """Drops what only follows from something that has been told already."""
        self._faults = {fault: None for fault in self._faults if not follows(fault)}

    def all(self) -> tuple[PackageFault, ...]:
        """Everything found, by file and line; what is the same in several Länder once."""
        return tuple(sorted(_together(self._faults), key=lambda fault: (*fault.place, fault.params)))

    def line(self, file: str, path: KeyPath) -> int | None:
        """The line of ``path``, if the file has lines to speak of."""
        if not path or file not in self._texts:
            return None
        if file not in self._lines:
            self._lines[file] = TomlLines(self._texts[file])
        return self._lines[file].line(path)


def _together(faults: Iterable[PackageFault]) -> Iterator[PackageFault]:
    """Faults that differ in the Land alone become one that names the Länder."""
    lands: dict[PackageFault, list[str]] = {}
    for fault in faults:
        rest = tuple(param for param in fault.params if param[0] != "land")
        lands.setdefault(replace(fault, params=rest), []).extend(
            value for name, value in fault.params if name == "land"
        )
    for fault, named in lands.items():
        told = (("land", ", ".join(sorted(named))),) if named else ()
        yield replace(fault, params=tuple(sorted((*fault.params, *told))))
