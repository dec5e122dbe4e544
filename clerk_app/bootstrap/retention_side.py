"""Wires the end of a file's life: reads, export and destruction under the home's lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from clerk_app.bootstrap.desk_side import open_desk
from clerk_app.bootstrap.sync_side import open_whole_premises
from clerk_app.cli.entrance import RetentionDesk
from clerk_app.domain.case import CaseFile
from clerk_app.domain.errors import ClerkError
from clerk_app.usecases.retention import Retention


@contextmanager
def open_retention(home: Path | None, profile: Path | None) -> Iterator[RetentionDesk]:
    """Nobody else works in the home meanwhile. Raises ClerkError as ``open_premises`` does."""
    with open_whole_premises(home, profile, lock=True) as premises:
        desk = open_desk(premises)
        try:
            with closing(premises.store.eraser(premises.actor)) as eraser:

                def class_of(case: CaseFile) -> str | None:
                    try:
                        manifest = desk.versions.of_case(case).manifest
                    except ClerkError:
                        return None
                    return None if manifest is None else manifest.retention

                least = premises.profile.least_retention_years
                retention = Retention(desk.reads, eraser, class_of, premises.clock, least)
                yield RetentionDesk(retention, desk.filing, desk)
        finally:
            desk.close()
