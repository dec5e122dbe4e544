"""A day of an office in a process of its own, with all its folders below one root: every command that reads
or writes what people wrote, then the window with its preview child, then a death in the middle of work.

``python -m tests.faults.office_day ROOT PROFILE MUTANT``; the mutants are clients that are broken on purpose.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Any

from tests.faults.canaries import STEM, TYPED

SEED_PATIENCE_S = 60.0


def run(root: Path, profile: Path, *argv: str) -> Any:
    """One command; its document, None where it has none."""
    from clerk_app.bootstrap.entrance import main

    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):  # a person's terminal
        code = main(["--home", str(root / "home"), "--profile", str(profile), *argv, "--json"])
    assert code in (0, 2, 5), (argv, code, out.getvalue()[-400:])
    return json.loads(out.getvalue()) if out.getvalue() else None


def commands(root: Path, profile: Path) -> None:
    """The workflow on the command line. What a person asked for leaves into ``exports``."""
    exports = root / "exports"

    def say(*argv: str) -> Any:
        return run(root, profile, *argv)

    say("sync")
    by_channel: dict[str | None, list[str]] = {}
    for row in say("cases"):
        by_channel.setdefault(row["channel"], []).append(row["case_id"])
    boxed, posted = by_channel["idBundDeMailbox"], by_channel.get(None, []) + by_channel.get("eMail", [])
    say("cases", "--query", f"{STEM}001")
    say("related", boxed[0])
    say("gaps", boxed[0])
    say("index")
    say("case", boxed[0])
    say("follow-up", boxed[0], "--on", "2031-01-31", "--text", f"{TYPED} anrufen")
    say("assign", boxed[1], "--to", f"{TYPED}.kollegin", "--reason", f"{TYPED} urlaub")
    say("request-documents", boxed[0], "--item", f"{TYPED} Mietvertrag", "--now")
    say("sync")
    decided = ("--outcome", "refused", "--reasons", f"{TYPED} Begründung", "--now")
    say("decide", boxed[0], *decided, "--output", str(exports / "bescheid.pdf"))
    say("folder", "add", boxed[1], "--outcome", "granted")
    say("decide", posted[0], *decided)
    say("sync")
    say("outbox", "print", "--output", str(exports / "post.pdf"))
    say("proof", boxed[0], "--output", str(exports / "nachweis.zip"))
    say("export", boxed[0], "--xdomea", str(exports / "akte.zip"))
    say("sheet", boxed[0], "--output", str(exports / "blatt.pdf"))
    say("inspection", boxed[0], "--output", str(exports / "einsicht.pdf"), "--reason", f"{TYPED} Anlass")
    attachment = next(a for case in boxed for a in _attachments(say("case", case)))
    say("attachment", *attachment, "--output", str(exports / "anlage"))
    say("cases", "--query", f'{TYPED} ((( " NEAR')
    say("case", f"{STEM}-unbekannt")
    say("doctor")
    say("audit", "verify")


def _attachments(case: Any) -> list[tuple[str, str]]:
    return [(case["case_id"], each["id"]) for each in case["attachments"]]


def window(root: Path, profile: Path) -> None:
    """The window: search, look at a case and its attachments, type, mark, copy; then it dies."""
    from PySide6.QtCore import QTimer

    from clerk_app.bootstrap.premises import open_premises
    from clerk_app.bootstrap.window_side import running_sync, shell_for
    from clerk_app.domain.case import CaseQuery
    from clerk_app.system import crashes, logs
    from clerk_app.ui import screenshots
    from clerk_app.ui.application import application, open_window

    crashes.start_window_process()
    app = application()
    with open_premises(root / "home", profile, lock=True) as premises, running_sync(premises) as sync:
        handler = logs.start_logging(premises.home, level="debug")
        shell = shell_for(premises, sync)
        desk = open_window(shell, app)

        def calm() -> None:
            screenshots._calm(app, desk)

        calm()
        for area in ("open", "requests", "outbox", "folder", "dates", "statistics"):
            desk.window.commands.run(f"area.{area}")
            calm()
        desk.window.commands.run("area.open")
        calm()
        desk.list.bar.set_text(STEM)
        calm()
        row = next(r for r in premises.store.reads().list(CaseQuery()) if r.attachment_count)
        desk.go_to_case(row.case_id)
        calm()
        desk.open_case()
        calm()
        desk.flow.note(f"{TYPED} Vermerk")
        calm()
        dossier = desk.flow.dossier
        assert dossier is not None
        desk._open_attachment(dossier.case.attachments[0])
        calm()
        desk.decide(next(iter(_refused())))
        calm()
        desk.window.grab()
        logs.event("looked", case_id=str(row.case_id))
        logs.failure(ValueError(f"{STEM} in an error"), "strange")

        def wrong() -> None:
            raise ValueError(f"{row.applicant} {TYPED}")

        QTimer.singleShot(0, wrong)
        calm()
        thread = threading.Thread(target=wrong)
        thread.start()
        thread.join()
        desk.flow.note(f"{TYPED} letzter Vermerk")
        app.processEvents()
        del handler
        os.abort()  # as a library would: nothing is closed, nothing tidied


def _refused() -> list[Any]:
    from clerk_app.domain.decision import Outcome

    return [Outcome.REFUSED]


# -- clients that are broken on purpose --------------------------------------------------------------------


def _logs_words() -> None:
    from clerk_app.system import logs

    logs._plain = lambda value: value
    quiet = logs.failure

    def loud(error: BaseException, code: str = "failed", level: int = logging.WARNING, **ids: object) -> None:
        quiet(error, code, level, words=str(error), **ids)

    logs.failure = loud


def _keeps_databases_open() -> None:
    from clerk_app.store import connection

    prepare = connection.Connection._prepare

    def plain(self: Any, key: bytes) -> None:
        execute = self.execute
        self.execute = lambda sql, *rest: execute("SELECT 1" if sql.startswith("PRAGMA key") else sql, *rest)
        prepare(self, key)
        del self.execute

    connection.Connection._prepare = plain  # type: ignore[method-assign]

    def attach_plain(self: Any, path: Path, key: bytes) -> None:
        self._raw.execute("ATTACH DATABASE ? AS ledger", (f"{path.absolute().as_uri()}?mode=ro",))
        self._ledger_attached = True

    connection.Connection.attach_ledger = attach_plain  # type: ignore[method-assign]


def _spools_plain_text() -> None:
    import tempfile

    from clerk_app.preview.renderer import Renderer

    page = Renderer.page

    def careless(self: Any, content: bytes, *rest: Any, **named: Any) -> Any:
        with tempfile.NamedTemporaryFile(delete=False) as kept:
            kept.write(content)
        return page(self, content, *rest, **named)

    Renderer.page = careless  # type: ignore[method-assign]


def _tells_everything_when_it_dies() -> None:
    from clerk_app.system import crashes

    crashes.start_window_process = lambda: None


MUTANTS = {
    "logs": _logs_words,
    "database": _keeps_databases_open,
    "spool": _spools_plain_text,
    "traceback": _tells_everything_when_it_dies,
}

if __name__ == "__main__":
    given_root, given_profile = Path(sys.argv[1]), Path(sys.argv[2])
    if sys.argv[3]:
        MUTANTS[sys.argv[3]]()
    (given_root / "exports").mkdir(exist_ok=True)
    commands(given_root, given_profile)
    window(given_root, given_profile)
