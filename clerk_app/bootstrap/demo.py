"""The practice office: a window beside a practice portal, or the main job walked step by step without one."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from clerk_app.bootstrap.demo_records import NotAsPromisedError
from clerk_app.bootstrap.demo_walk import Walk
from clerk_app.bootstrap.display import PLATFORM_VARIABLE, WITHOUT_DISPLAY, has_display
from clerk_app.domain.errors import ClerkError
from clerk_app.sandbox.server import RunningSandbox
from clerk_app.texts import _
from clerk_app.texts.errors import sentence

APPLICATIONS = 30  # half for each office: more than services, so that two open cases are of the same one
Say = Callable[[str], None]


def run_demo(keep: Path | None, *, headless: bool, say: Say) -> int:
    """Runs the demo; exit code 0 when every step succeeded."""
    with tempfile.TemporaryDirectory(prefix="amtsstube-demo-") as throw_away:
        folder = Path(throw_away)
        if headless or not has_display():
            return _walk(folder, keep or Path.cwd() / "demo-output", say)
        return _window(folder, say)


def _window(folder: Path, say: Say) -> int:
    from clerk_app.bootstrap.premises import open_premises
    from clerk_app.bootstrap.window_side import run_office_window

    say(_("Übungsportal wird vorbereitet …"))
    with RunningSandbox(folder / "portal", applications=60) as sandbox:
        say(_("Das Fenster öffnet sich. Alles darin ist Übung und verschwindet beim Schließen."))
        profile = sandbox.profiles[0]
        return run_office_window(lambda: open_premises(folder / "office", profile, lock=True), sandbox)


def _walk(folder: Path, keep: Path, say: Say) -> int:
    os.environ[PLATFORM_VARIABLE] = WITHOUT_DISPLAY  # even beside a display: nobody wants windows flying by
    keep.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    try:
        say(_("Übungsportal wird vorbereitet (Schlüssel werden beim ersten Mal erzeugt) …"))
        with RunningSandbox(folder / "portal", applications=APPLICATIONS, defective=0) as sandbox:
            walk = Walk(sandbox, folder / "office", keep)
            steps = walk.steps()
            for number, (title, step) in enumerate(steps, 1):
                with _told(say, f"[{number:2}/{len(steps)}] {title}") as tell:
                    tell(step())
    except NotAsPromisedError as error:
        say(_("FEHLGESCHLAGEN: {what}").format(what=error))
        return 1
    except ClerkError as error:
        say(_("FEHLGESCHLAGEN: {what}").format(what=f"{error.code.value}: {sentence(error)}"))
        return 1
    took_s = time.monotonic() - began
    say("")
    say(_("Alle {count} Schritte gelungen ({seconds:.1f} s). Abgelegt in {folder}:").format(
        count=len(steps), seconds=took_s, folder=keep))  # fmt: skip
    for path in sorted(keep.iterdir()):
        say(f"  {path.name}")
    return 0


@contextmanager
def _told(say: Say, title: str) -> Iterator[Callable[[str], None]]:
    """Says each step's result with the time it took; a failing one names itself."""
    began = time.monotonic()
    result: list[str] = []
    try:
        yield result.append
    except Exception:
        say(f"{title} ✗")
        raise
    say(f"{title} ✓ {' '.join(result)} ({time.monotonic() - began:.1f} s)")
