"""``clerk-app update``: what is new, and fetching it. Installing is the affair of the admin's tools."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.export_places import require_allowed
from clerk_app.texts import _


def add_update(action: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """The grammar of ``update``."""
    action("check", _("ob es eine neuere Fassung gibt; es zählt nur, was signiert ist"))
    fetched = action("download", _("die neueste Fassung laden und prüfen; eingespielt wird nichts"))
    fetched.add_argument("--to", type=Path, required=True, metavar="DIR", help=_("Ordner"))


def update(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """Exit 0 whether or not there is something new; ``newer`` says which."""
    if args.action is None:
        raise ClerkError(ErrorCode.USAGE, {"message": _("update: was soll geschehen?")})
    with entrance.updates(options) as desk:
        document: dict[str, object] = {
            "installed": desk.installed,
            "newest": desk.newest,
            "newer": desk.is_newer,
            "notes": desk.notes,
        }
        if not desk.is_newer:
            return Answer(document, [_("Fassung {version} ist die neueste.").format(version=desk.installed)])
        line = _("Neu: Fassung {version}; hier läuft {installed}.")
        lines = [line.format(version=desk.newest, installed=desk.installed)]
        if desk.notes:
            lines.append(desk.notes)
        if args.action == "download":
            require_allowed(args.to / "datei")
            path = desk.download(args.to)
            document["path"] = str(path)
            lines.append(_("Geladen und geprüft: {path}").format(path=path))
        return Answer(document, lines)
