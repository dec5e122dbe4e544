"""``service``: the nightly fetch as a systemd user unit or a Windows task."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.texts import _


def add_service(action: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """The grammar of ``service``."""
    for name, words in (
        ("install", _("für dieses Konto einrichten")),
        ("show", _("nur zeigen, was eingerichtet würde")),
    ):
        made = action(name, words)
        made.add_argument("--at", default="05:30", metavar="HH:MM", help=_("wann abgeholt wird (05:30)"))
        made.add_argument("--windows", action="store_true", help=_("Aufgabe für Windows statt systemd"))
    action("remove", _("nicht mehr von selbst abholen"))
    action("status", _("ob etwas eingerichtet ist"))


def service(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``service ACTION``."""
    work = entrance.service(options)
    if args.action == "show":
        files = work.files(args.at, windows=args.windows)
        return Answer(files, [line for name, text in files.items() for line in (f"# {name}", text)])
    if args.action == "install":
        places = work.install(args.at, windows=args.windows or sys.platform == "win32")
        lines = [_("Geschrieben: {path}.").format(path=place) for place in places]
        return Answer({"files": [str(each) for each in places]}, [*lines, _next_step(places)])
    if args.action == "remove":
        gone = work.remove()
        lines = [_("Entfernt: {count} Dateien.").format(count=len(gone))]
        if gone:
            lines.append(_next_step(gone, installing=False))
        return Answer({"files": [str(each) for each in gone]}, lines)
    if args.action == "status":
        there, enabled = work.installed(), work.enabled()
        lines = [
            _("Eingerichtet: {path}.").format(path=there[0].parent) if there else _("Nichts eingerichtet.")
        ]
        if there and not enabled and there[0].suffix != ".xml":
            lines += [_("Noch nicht eingeschaltet."), _next_step(there)]
        named = [str(each) for each in there]
        return Answer({"installed": bool(there), "enabled": enabled, "files": named}, lines)
    raise ClerkError(ErrorCode.USAGE, {"message": _("service: was soll geschehen?")})


def _next_step(places: list[Path], *, installing: bool = True) -> str:
    """What the system itself has to be told; nothing is registered behind an admin's back."""
    if places[0].suffix == ".xml":
        command = f'schtasks /Create /TN Amtsstube /XML "{places[0]}"'
        command = command if installing else "schtasks /Delete /TN Amtsstube"
    elif installing:
        command = "systemctl --user daemon-reload && systemctl --user enable --now amtsstube-sync.timer"
    else:
        command = "systemctl --user stop amtsstube-sync.timer; systemctl --user daemon-reload"
    return _("Als Nächstes: {command}").format(command=command)
