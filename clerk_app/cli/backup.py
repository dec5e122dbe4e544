"""``backup``: Sicherung."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from clerk_app.cli.answer import Answer
from clerk_app.cli.data_key import read_pem, recovery_password
from clerk_app.cli.entrance import BackupFacts, Entrance, GlobalOptions
from clerk_app.cli.output_path import reserved
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.texts import _, ngettext
from clerk_app.texts.formats import moment, number

_EVERY = 500


def add_backup(action: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """The grammar of ``backup``."""
    create = action("create", _("eine Sicherung schreiben, auch neben einem offenen Fenster"))
    create.add_argument("file", type=Path, metavar="FILE", help=_("Ziel"))
    check = action("check", _("eine Sicherung ganz lesen und prüfen"))
    check.add_argument("file", type=Path, metavar="FILE", help=_("Sicherung"))
    restore = action("restore", _("eine Sicherung zurücklegen; was da war, wird nur beiseitegelegt"))
    restore.add_argument("file", type=Path, metavar="FILE", help=_("Sicherung"))
    restore.add_argument(
        "--accept-older", action="store_true", help=_("auch wenn das Protokoll hier mehr weiß")
    )
    restore.add_argument(
        "--private",
        type=Path,
        metavar="FILE",
        help=_("Wiederherstellungsschlüssel (PEM), wenn der Schlüsselbund den Datenschlüssel nicht hat"),
    )


def backup(entrance: Entrance, options: GlobalOptions, args: argparse.Namespace) -> Answer:
    """``backup ACTION``."""
    if args.action is None:
        raise ClerkError(ErrorCode.USAGE, {"message": _("backup: was soll geschehen?")})
    work = entrance.backups(options, _tell)
    if args.action == "create":
        made: list[BackupFacts] = []

        def fill(sink: BinaryIO) -> None:
            made.append(work.create(sink))

        with reserved(args.file) as write:
            write(fill)
        line = _("Gesichert nach {path}.").format(path=args.file)
        return Answer({**_document(made[0]), "path": str(args.file)}, [line, _words(made[0])])
    if args.action == "check":
        found = work.check(args.file)
        proven = _("Die Sicherung ist vollständig und unverändert.")
        if not found.proven:
            proven = _(
                "Die Dateien sind vollständig; bewiesen ist das erst mit dem Datenschlüssel ihres Ordners."
            )
        return Answer(_document(found), [proven, _words(found)])
    content = read_pem(args.private) if args.private is not None else None
    password = recovery_password() if content is not None and b"ENCRYPTED" in content else None
    found, documents, aside = work.restore(
        args.file, accept_older=args.accept_older, private_key=content, password=password
    )
    lines = [_("Zurückgelegt: Stand {when}.").format(when=moment(found.made_at)), _words(found)]
    if aside is not None:
        lines.append(_("Das bisherige Protokoll liegt unter {path}.").format(path=aside))
    lines += [
        _(
            "Was danach noch im Ausgang stand, geht erst ab, wenn jemand es erneut sendet: Es kann schon "
            "angekommen sein."
        ),
        _("Was seither entschieden wurde, steht wieder offen. Bitte vor dem Entscheiden vergleichen."),
    ]
    document = {**_document(found), "documents_added": documents, "former_ledger": aside}
    return Answer(document, lines)


def _document(found: BackupFacts) -> dict[str, object]:
    return {
        "made_at": found.made_at.isoformat(),
        "program": found.program,
        "office": found.office,
        "practice": found.practice,
        "entries": found.entries,
        "documents": found.documents,
        "proven": found.proven,
    }


def _words(found: BackupFacts) -> str:
    entries = ngettext("{n} Eintrag im Protokoll", "{n} Einträge im Protokoll", found.entries)
    files = ngettext("{n} Datei der Vorgänge", "{n} Dateien der Vorgänge", found.documents)
    said = (entries.format(n=number(found.entries)), files.format(n=number(found.documents)))
    return f"{found.office}: {', '.join(said)}"


def _tell(done: int, total: int) -> None:
    """Progress on the error stream, for people only."""
    if sys.stderr is not None and sys.stderr.isatty() and (done % _EVERY == 0 or done == total):
        print(_("{done} von {total} Dateien").format(done=done, total=total), file=sys.stderr)
