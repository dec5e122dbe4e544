"""Where files may be written to: everywhere, or only below the folders the machine's policy names.

One rule for the whole process, like the language of its sentences: it is set once, before anything is
written, and whoever writes a file a person asked for asks here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode


@dataclass(frozen=True)
class ExportRule:
    """``folders`` None: everywhere. ``source`` is who says so."""

    folders: tuple[Path, ...] | None = None
    source: str = ""


_rule = ExportRule()


def limit_exports(folders: Sequence[str] | None, source: str) -> None:
    """Sets the rule; None lifts it."""
    global _rule  # noqa: PLW0603 - one rule for the process
    found = None if folders is None else tuple(Path(each).expanduser().resolve() for each in folders)
    _rule = ExportRule(found, source)


def first_place() -> Path | None:
    """The folder to begin with when somebody is asked for a place; None: wherever they were last."""
    return _rule.folders[0] if _rule.folders else None


def require_allowed(path: Path) -> None:
    """Refuses a file outside the folders, wherever links lead. Raises ClerkError POLICY_FORBIDS."""
    if _rule.folders is None:
        return
    place = path.parent.resolve() / path.name
    if not any(place.is_relative_to(folder) for folder in _rule.folders):
        params = {"key": "files.export_folders", "value": str(place), "source": _rule.source}
        raise ClerkError(ErrorCode.POLICY_FORBIDS, params, Disposition.ASK_CLERK)
