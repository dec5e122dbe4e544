"""``backup``: Sicherung."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from clerk_app.cli.answer import Answer
from clerk_app.cli.data_key import read_pem, recovery_password
from clerk_app.cli.entrance import BackupFacts, Entrance, GlobalOptions, RestoreDone
from clerk_app.cli.output_path import reserved
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.texts import _, ngettext
from clerk_app.texts.formats import moment, number

_EVERY = 500


def add_backup(action: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """The grammar of ``backup``."""
    create = action("create", _("eine Sicherung schreiben, auch neben einem offenen Fenster"))
    create.add_argument(
        "file", type=Path, metavar="FILE", help=_("Ziel; in einem Ordner heißt die Datei nach der Zeit")
    )
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
            sink.flush()
            os.fsync(sink.fileno())

        path = args.file
        if path.is_dir():
            path = path / f"amtsstube-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"
        with reserved(path) as write:
            write(fill)
        line = _("Gesichert nach {path}.").format(path=path)
        return Answer({**_document(made[0]), "path": str(path)}, [line, _words(made[0])])
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
    done = work.restore(args.file, accept_older=args.accept_older, private_key=content, password=password)
    found = done.facts
    lines = [_("Zurückgelegt: Stand {when}.").format(when=moment(found.made_at)), _words(found)]
    if done.former_ledger is not None:
        lines.append(_("Das bisherige Protokoll liegt unter {path}.").format(path=done.former_ledger))
    lines += _what_now(done)
    document = {
        **_document(found),
        "documents_added": done.documents,
        "former_ledger": done.former_ledger,
        "uncertain": done.uncertain,
        "destroyed": list(done.destroyed),
    }
    return Answer(document, lines)


def _what_now(done: RestoreDone) -> list[str]:
    if not done.uncertain:
        return []
    lines = [
        _(
            "Was danach noch im Ausgang stand, geht erst ab, wenn jemand es erneut sendet: Es kann schon "
            "angekommen sein."
        ),
        _("Was seither entschieden wurde, steht wieder offen. Bitte vor dem Entscheiden vergleichen."),
        _(
            "Gesendet wird überhaupt erst wieder, wenn der Stand mit „clerk-app doctor --begin-ledger“ "
            "übernommen ist."
        ),
    ]
    if done.destroyed:
        words = _("Seit der Sicherung vernichtet und wieder da; bitte wieder vernichten: {cases}.")
        lines.append(words.format(cases=", ".join(done.destroyed)))
    return lines


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
