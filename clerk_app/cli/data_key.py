"""``key``: Datenschlüssel."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path

from clerk_app.cli.answer import Answer
from clerk_app.cli.entrance import Entrance, GlobalOptions, KeyStatus
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.texts import _

RECOVERY_PASSWORD_VARIABLE = "CLERK_RECOVERY_PASSWORD"  # noqa: S105 - the name of a variable
_LARGEST_PEM_BYTES = 64 * 1024


def add_key(action: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """The grammar of ``key``."""
    action("status", _("wo der Datenschlüssel liegt und wer ihn wiederherstellen kann"))
    wrap = action("wrap", _("für den Wiederherstellungsschlüssel der Kommune verpacken"))
    wrap.add_argument("--public", type=Path, required=True, metavar="FILE", help=_("öffentlich (PEM, RSA)"))
    recover = action("recover", _("verlorenen Datenschlüssel wieder in den Schlüsselbund legen"))
    recover.add_argument("--private", type=Path, required=True, metavar="FILE", help=_("privat (PEM, RSA)"))
    action("rotate", _("neuen Datenschlüssel erzeugen und alles damit verschlüsseln"))


def key(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``key ACTION``; without one the status."""
    work = entrance.keys(options)
    said = []
    if args.action == "wrap":
        work.wrap(read_pem(args.public))
        said.append(_("Der Datenschlüssel ist für den Wiederherstellungsschlüssel verpackt."))
    elif args.action == "recover":
        content = read_pem(args.private)
        work.recover(content, recovery_password() if b"ENCRYPTED" in content else None)
        said.append(_("Der Datenschlüssel liegt wieder im Schlüsselbund."))
    elif args.action == "rotate":
        work.rotate()
        said.append(_("Alles ist mit einem neuen Datenschlüssel verschlüsselt; der alte öffnet nichts mehr."))
    found = work.status()
    document = {"practice": found.practice, "recovery": found.recovery, "unfinished": found.unfinished}
    return Answer(document, [*said, *_words(found)])


def _words(found: KeyStatus) -> list[str]:
    if found.practice:
        return [_("Übungsbestand: Der Schlüssel liegt offen in einer Datei.")]
    place = _("Der Datenschlüssel liegt im Schlüsselbund des Betriebssystems.")
    if found.recovery is None:
        return [place, _("Niemand kann ihn wiederherstellen: „clerk-app key wrap“ richtet das ein.")]
    words = _("Wiederherstellen kann ihn, wer den Schlüssel mit SHA-256 {digest} hat.")
    return [place, words.format(digest=found.recovery)]


def read_pem(path: Path) -> bytes:
    """A key file. Raises ClerkError KEY_FILE_INVALID."""
    try:
        with path.open("rb") as source:
            return source.read(_LARGEST_PEM_BYTES)
    except OSError as error:
        raise ClerkError(ErrorCode.KEY_FILE_INVALID, {"path": str(path), "reason": "missing"}) from error


def recovery_password() -> bytes | None:
    """The password of the recovery key: from the variable, else asked for at a terminal."""
    given = os.environ.get(RECOVERY_PASSWORD_VARIABLE)
    if given is None and sys.stdin is not None and sys.stdin.isatty():
        given = getpass.getpass(_("Passwort des Wiederherstellungsschlüssels: "))
    return None if given is None else given.encode()
