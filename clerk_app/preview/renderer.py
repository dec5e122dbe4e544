"""The parent's side: starts confined children, asks them for pixels and text, and believes nothing they say.

What a child answers is measured against what was asked: sizes, lengths and counts that do not fit end it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from array import array
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.preview import confinement
from clerk_app.preview.kinds import kind_of, refusal_of
from clerk_app.preview.wire import (
    LARGEST_ANSWER_BYTES,
    LARGEST_DOCUMENT_BYTES,
    Head,
    PipeEndedError,
    read_frame,
    write_frame,
)

_REFUSALS = frozenset({"encrypted", "wrong-password", "too-large", "too-many-pages", "no-such-page"})
_FAILURES = frozenset({"damaged", "memory"})
_START_TIMEOUT_S = 30.0
_MOST_PASSWORDS = 50
_LONGEST_PASSWORD = 1_000  # letters; PDF itself looks at 127 bytes
_STATES_PER_CHILD = 500  # a child's processor time is limited for life
_CHILD = (
    "import sys; sys.path.insert(0, sys.argv[1]); from clerk_app.preview.child import main; sys.exit(main())"
)


@dataclass(frozen=True)
class Page:
    """A page as pixels: ``rgba`` holds ``width * height * 4`` bytes, opaque, row by row from the top."""

    number: int  # from 0
    page_count: int
    width: int
    height: int
    rgba: bytes = field(repr=False)


@dataclass(frozen=True)
class PageLetters:
    """Text of a page; ``places``: left, top, right, bottom of each letter, as fractions of the page."""

    text: str
    places: array[float] = field(repr=False)


@dataclass(frozen=True)
class OutlineEntry:
    """Lesezeichen of a PDF. ``page`` counts from 0; None when it leads nowhere. Plain text, untrusted."""

    level: int
    page: int | None
    title: str


class Renderer:
    """Shows untrusted files. Safe to call from several threads, one job at a time; close it when done.

    A child stays warm for the documents looked at last (``kept``); a dead one is started again.
    """

    def __init__(self, timeout_s: float = 15.0, kept: int = 2, *, use_bwrap: bool | None = None) -> None:
        self._timeout_s = timeout_s
        self._kept = max(1, kept)
        self._bwrap = shutil.which("bwrap") if use_bwrap in (None, True) and os.name == "posix" else None
        self._children: OrderedDict[bytes, _Child] = OrderedDict()
        self._passwords: OrderedDict[bytes, str] = OrderedDict()  # by the document's hash; never written
        self._lock = threading.Lock()
        self._confinement: frozenset[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def confinement(self) -> frozenset[str]:
        """Which measures hold on this machine (names in ``preview.confinement``); starts a child to find
        out.
        """
        with self._lock:
            if self._confinement is None:
                self._start().end()
            return self._confinement or frozenset()

    def page(
        self, content: bytes, media_type: str, page: int = 0, max_px: int = 1600, *, lineage: str = ""
    ) -> Page:
        """One page as pixels, its longer side at most ``max_px``. ``media_type`` is a claim and not believed.

        ``lineage``: states of one letter that we write ourselves. They share a child, one state after the
        other, because starting one takes longer than showing the letter; what comes from outside never does.

        :raises ClerkError: PREVIEW_REFUSED with ``reason`` format, encrypted, wrong-password, too-large,
            too-many-pages, no-such-page, empty; PREVIEW_FAILED with ``reason`` crashed, timeout, memory,
            damaged
        """
        del media_type
        with self._lock:
            child = self._open(content, lineage)
            answer, pixels = self._ask(child, {"want": "pixels", "page": page, "max_px": max_px})
            width, height = answer.get("width"), answer.get("height")
            if (
                not isinstance(width, int)
                or not isinstance(height, int)
                or not (0 < width <= max_px + 1 and 0 < height <= max_px + 1)
                or len(pixels) != width * height * 4
            ):
                self._drop(child)
                raise _failed("crashed")
            return Page(page, child.page_count, width, height, pixels)

    def page_count(self, content: bytes) -> int:
        """How many pages the document has. Raises as ``page`` does."""
        with self._lock:
            return self._open(content).page_count

    def text(self, content: bytes) -> str:
        """The document's text, pages separated by form feeds; control characters removed. Raises as
        ``page``.
        """
        with self._lock:
            _answer, body = self._ask(self._open(content), {"want": "text"})
        return _plain(body.decode("utf-8", "replace"))

    def letters(self, content: bytes, page: int) -> PageLetters:
        """The letters of a page with their places; none when there is no text. Raises as ``page``."""
        with self._lock:
            child = self._open(content)
            answer, body = self._ask(child, {"want": "letters", "page": page})
            size = answer.get("text_bytes")
            if not isinstance(size, int) or not 0 <= size <= len(body):
                self._drop(child)
                raise _failed("crashed")
            text = body[:size].decode("utf-8", "replace")
            places = array("f")
            if (len(body) - size) == len(text) * 4 * places.itemsize:
                places.frombytes(body[size:])
                return PageLetters(text, places)
            self._drop(child)
            raise _failed("crashed")

    def outline(self, content: bytes) -> tuple[OutlineEntry, ...]:
        """The document's bookmarks. Raises as ``page`` does."""
        with self._lock:
            child = self._open(content)
            answer, _body = self._ask(child, {"want": "outline"})
            found = answer.get("outline")
            entries = []
            for item in found if isinstance(found, list) else []:
                match item:
                    case [int() as level, int() as page, str() as title]:
                        known = page if 0 <= page < child.page_count else None
                        entries.append(OutlineEntry(max(0, min(level, 8)), known, _plain(title)[:200]))
                    case _:
                        continue
            return tuple(entries)

    def unlock(self, content: bytes, password: str) -> None:
        """Opens a PDF with its password, which goes to the child over its pipe and is remembered here in
        memory, for a child that has to be started again.

        :raises ClerkError: as ``page``; PREVIEW_REFUSED with ``reason`` wrong-password
        """
        name = _name(content)
        with self._lock:
            self._passwords[name] = password[:_LONGEST_PASSWORD]
            try:
                self._open(content)
            except ClerkError:
                self._passwords.pop(name, None)
                raise
            while len(self._passwords) > _MOST_PASSWORDS:
                self._passwords.popitem(last=False)

    def close(self) -> None:
        """End all children."""
        with self._lock:
            self._passwords.clear()
            for child in self._children.values():
                child.end()
            self._children.clear()

    def _open(self, content: bytes, lineage: str = "") -> _Child:
        kind = kind_of(content)
        if not content:
            raise _refused("empty")
        if kind is None:
            raise _refused(refusal_of(content))
        if len(content) > LARGEST_DOCUMENT_BYTES:
            raise _refused("too-large")
        name = _name(content)
        child = self._children.get(name)
        if child is not None and child.alive:
            self._children.move_to_end(name)
            return child
        if child is not None:
            self._drop(child)
        child = self._of_lineage(lineage) or self._start()
        child.lineage = lineage
        child.documents += 1
        self._children[name] = child
        job: Head = {"want": "open", "kind": kind}
        if name in self._passwords:
            job["password"] = self._passwords[name]
        answer, _body = self._ask(child, job, content)
        page_count = answer.get("page_count")
        if not isinstance(page_count, int) or not 0 < page_count <= 10_000:
            self._drop(child)
            raise _failed("crashed")
        child.page_count = page_count
        while len(self._children) > self._kept:
            self._drop(next(iter(self._children.values())))
        return child

    def _of_lineage(self, lineage: str) -> _Child | None:
        """The child that shows an earlier state of the same letter; it forgets that one."""
        for name, child in self._children.items():
            if lineage and child.lineage == lineage and child.alive and child.documents < _STATES_PER_CHILD:
                del self._children[name]
                return child
        return None

    def _ask(self, child: _Child, job: Head, body: bytes = b"") -> tuple[Head, bytes]:
        try:
            answer, content = child.ask(job, body, self._timeout_s)
        except PipeEndedError as error:
            reason = child.cause_of_death()
            self._drop(child)
            raise _failed(reason) from error
        if answer.get("ok") is True:
            return answer, content
        reason = str(answer.get("reason"))
        if job["want"] == "open" or reason not in ("no-such-page", "damaged"):
            self._drop(child)
        if reason in _REFUSALS:
            raise _refused(reason)
        raise _failed(reason if reason in _FAILURES else "crashed")

    def _drop(self, child: _Child) -> None:
        child.end()
        for name in [name for name, known in self._children.items() if known is child]:
            del self._children[name]

    def _start(self) -> _Child:
        try:
            child = _Child(self._bwrap)
        except PipeEndedError as error:
            if self._bwrap is None:
                raise _failed("crashed") from error
            self._bwrap = None  # installed but not usable here (no user namespaces): go on without it
            try:
                child = _Child(None)
            except PipeEndedError as second:
                raise _failed("crashed") from second
        self._confinement = child.confinement
        return child


class _Job(Protocol):
    """What is needed of a Windows job object."""

    def close(self) -> None:
        """End it."""


class _Child:
    """One child process. Its greeting comes before any untrusted byte is sent and may be believed."""

    def __init__(self, bwrap: str | None) -> None:
        self.page_count = 0
        self.lineage = ""
        self.documents = 0
        self._timed_out = False
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            _command(bwrap),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            close_fds=True,
            cwd="/" if os.name == "posix" else None,
        )
        self._job = self._windows_job()
        try:
            greeting, _body = self._exchange(None, b"", _START_TIMEOUT_S)
        except PipeEndedError:
            self.end()
            raise
        measures = greeting.get("confinement")
        names = {str(measure) for measure in measures} if isinstance(measures, list) else set()
        if bwrap:
            names |= {"bwrap", confinement.NO_NETWORK, confinement.READ_ONLY}
        if self._job is not None:
            names.add("job-object")
        self.confinement = frozenset(names)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, job: Head, body: bytes, timeout_s: float) -> tuple[Head, bytes]:
        return self._exchange(job, body, timeout_s)

    def cause_of_death(self) -> str:
        """Why it ended, as a reason code."""
        if self._timed_out:
            return "timeout"
        try:
            status = self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            return "crashed"
        if os.name == "posix":
            ended_by = status - 128 if status > 128 else -status  # bubblewrap passes signals on as 128 + n
            if ended_by == signal.SIGXCPU:
                return "timeout"
            # PDFium ends itself by one of these when memory is refused.
            if ended_by in (signal.SIGABRT, signal.SIGTRAP, signal.SIGILL):
                return "memory"
        return "crashed"

    def end(self) -> None:
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        if self._job is not None:
            self._job.close()

    def _exchange(self, job: Head | None, body: bytes, timeout_s: float) -> tuple[Head, bytes]:
        source, target = self._process.stdout, self._process.stdin
        if source is None or target is None:
            raise PipeEndedError("no pipes")
        watchdog = threading.Timer(timeout_s, self._out_of_time)
        watchdog.daemon = True
        watchdog.start()
        try:
            if job is not None:
                write_frame(target, job, body)  # type: ignore[arg-type]
            return read_frame(source, LARGEST_ANSWER_BYTES)  # type: ignore[arg-type]
        except (OSError, ValueError) as error:
            raise PipeEndedError("pipe broke") from error
        finally:
            watchdog.cancel()
            watchdog.join()

    def _out_of_time(self) -> None:
        self._timed_out = True
        with contextlib.suppress(OSError):
            self._process.kill()

    if sys.platform == "win32":  # pragma: no cover - not run on the build machines

        def _windows_job(self) -> _Job | None:
            from clerk_app.preview.windows_job import WindowsJob

            return WindowsJob(int(self._process._handle), confinement.MEMORY_BYTES)
    else:

        def _windows_job(self) -> _Job | None:
            return None


def _command(bwrap: str | None) -> list[str]:
    root = str(Path(__file__).resolve().parent.parent.parent)
    python = [sys.executable, "-I", "-B", "-c", _CHILD, root]
    if bwrap is None:
        return python
    binds: list[str] = []
    for folder in confinement.readable_folders():
        binds += ["--ro-bind-try", str(folder), str(folder)]
    for link in ("/bin", "/lib", "/lib64"):
        binds += ["--ro-bind-try", link, link]
    confined = ["--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    places = ["--dev", "/dev", "--proc", "/proc", "--tmpfs", tempfile.gettempdir()]
    return [bwrap, *confined, *places, *binds, "--", *python]


def _environment() -> dict[str, str]:
    """Nothing of the parent's environment; Windows needs two names to load libraries at all."""
    kept = ("SYSTEMROOT", "WINDIR") if os.name == "nt" else ()
    return {name: os.environ[name] for name in kept if name in os.environ}


def _name(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=32).digest()


def _plain(text: str) -> str:
    return "".join(
        character for character in text if character in "\n\f\t" or (character >= " " and character != "\x7f")
    )


def _refused(reason: str) -> ClerkError:
    return ClerkError(ErrorCode.PREVIEW_REFUSED, {"reason": reason}, Disposition.GIVE_UP)


def _failed(reason: str) -> ClerkError:
    return ClerkError(ErrorCode.PREVIEW_FAILED, {"reason": reason}, Disposition.GIVE_UP)
