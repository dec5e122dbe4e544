"""Texterkennung by Tesseract, when it is installed: it is handed pixels, never a file from outside.

The pixels come out of the confined child. Tesseract is a large program all the same: it gets no environment
and limits on time, memory and file size. It is not confined further: it never sees a byte of the file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cached_property
from pathlib import Path

from clerk_app.preview.renderer import Page

_TIMEOUT_S = 20  # a page takes one to three; who closes the window waits for it
_MEMORY_BYTES = 1024 * 1024 * 1024
#: Asked for in this order as far as they are installed: German offices, and what else stands in their files.
_LANGUAGES = ("deu", "hsb", "eng", "fra", "pol", "ces", "tur", "ukr", "rus", "ara")
_MOST_LANGUAGES = 3  # each makes it slower
_WINDOWS_PLACE = Path("C:/Program Files/Tesseract-OCR/tesseract.exe")
# Limits are set by a small launcher, as a thread of ours must not run Python between fork and exec.
_LAUNCH = (
    "import os,resource,sys;"
    f"resource.setrlimit(resource.RLIMIT_AS,({_MEMORY_BYTES},{_MEMORY_BYTES}));"
    f"resource.setrlimit(resource.RLIMIT_CPU,({_TIMEOUT_S},{_TIMEOUT_S}));"
    "resource.setrlimit(resource.RLIMIT_CORE,(0,0));resource.setrlimit(resource.RLIMIT_FSIZE,(0,0));"
    "os.nice(10);os.execv(sys.argv[1],sys.argv[1:])"
)


class Tesseract:
    """One installed Tesseract."""

    def __init__(self, program: Path) -> None:
        self._program = program

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages it has and we ask for; empty when it does not run."""
        try:
            listed = self._run(["--list-langs"], b"").decode("utf-8", "replace").split()
        except (OSError, subprocess.SubprocessError):
            return ()
        return tuple(code for code in _LANGUAGES if code in listed)[:_MOST_LANGUAGES]

    def text(self, page: Page) -> str:
        """The words of a page; empty when it could not be read in time."""
        header = b"P6 %d %d 255\n" % (page.width, page.height)
        rgb = bytearray(page.width * page.height * 3)
        for channel in range(3):
            rgb[channel::3] = page.rgba[channel::4]
        arguments = ["stdin", "stdout", "-l", "+".join(self.languages), "--psm", "3"]
        try:
            return self._run(arguments, header + bytes(rgb)).decode("utf-8", "replace").strip()
        except (OSError, subprocess.SubprocessError):
            return ""

    def _run(self, arguments: list[str], body: bytes) -> bytes:
        command = [str(self._program), *arguments]
        if os.name == "posix":
            command = [sys.executable, "-I", "-S", "-c", _LAUNCH, *command]
        done = subprocess.run(  # noqa: S603 - an installed program by its full path, no shell
            command,
            input=body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            timeout=_TIMEOUT_S,
            check=True,
        )
        return done.stdout


def installed() -> Tesseract | None:
    """The Tesseract of this machine, if there is one with a language for us."""
    found = shutil.which("tesseract") or (str(_WINDOWS_PLACE) if _WINDOWS_PLACE.is_file() else None)
    if found is None:
        return None
    program = Tesseract(Path(found).resolve())
    return program if program.languages else None


def _environment() -> dict[str, str]:
    kept = ("SYSTEMROOT", "WINDIR") if os.name == "nt" else ()
    return {"OMP_THREAD_LIMIT": "1"} | {name: os.environ[name] for name in kept if name in os.environ}
