"""Log lines with event codes, ids and numbers, never with words people wrote.

There is one way to log from our own code: ``event(code, **ids)``. Values are codes, ids, counts and
durations; a text that is none of these is replaced by its length, so that a slip does not put a name on disk.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
from datetime import UTC, datetime, timedelta
from enum import Enum
from logging.handlers import RotatingFileHandler
from pathlib import Path

from clerk_app.domain.errors import ClerkError
from clerk_app.system.paths import Home

LOGGER_NAME = "clerk_app"
LOG_FILE = "clerk-app.jsonl"
KEPT_DAYS = 90
_LARGEST_FILE_BYTES = 2_000_000
_KEPT_FILES = 5
_LOUD_LIBRARIES = (
    "httpx", "httpcore", "pyhanko", "pyhanko_certvalidator", "uvicorn", "uvicorn.access", "uvicorn.error",
    "pikepdf", "fontTools", "keyring", "PIL", "asyncio", "urllib3",
)  # fmt: skip
# Ids, codes, numbers, versions, places in the code: no spaces, nothing outside ASCII, no path separators, no
# at signs; and no capitals without a digit, for "Suharto" or "SCHMIDT" alone would look like an id.
_PLAIN = re.compile(r"(?:[a-z0-9][a-z0-9_.:+-]{0,79}|(?=\D*\d)[A-Za-z0-9][A-Za-z0-9_.:+-]{0,79})\Z")
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}
_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}\Z")

_logger = logging.getLogger(LOGGER_NAME)


class Code(str):
    """A name of our own or of the language (an error code, a class): written as it is."""

    __slots__ = ()


def event(code: str, level: int = logging.INFO, **ids: object) -> None:
    """Log that something happened: ``event("intake-stored", case_id=…, count=3)``.

    :raises ValueError: ``code`` is not a code (lower-case letters, digits, ``-``, ``_``, ``.``)
    """
    if not _CODE.match(code):
        raise ValueError("an event needs a code, not a sentence")
    _logger.log(level, code, extra={"ids": ids})


def failure(error: BaseException, code: str = "failed", level: int = logging.WARNING, **ids: object) -> None:
    """Log a failure by its code or class; its message may hold paths or names and stays out."""
    if isinstance(error, ClerkError):
        event(code, level, error=error.code, disposition=error.disposition, **ids)
    else:
        event(code, level, error=Code(type(error).__name__), **ids)


def start_logging(home: Home, *, level: str = "", keep_days: int = KEPT_DAYS) -> logging.Handler:
    """Write log lines below the home from now on, and keep libraries quiet about addresses. ``level``:
    ``debug``, ``info`` (the usual) or ``warning``. Lines older than ``keep_days`` are removed, whatever their
    size.

    Returns the handler; ``stop_logging`` removes it.
    """
    home.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home.logs / LOG_FILE
    handler = _BoundedFiles(path, keep_days)
    handler.setFormatter(_JsonLines())
    _logger.addHandler(handler)
    _logger.setLevel(_LEVELS.get(level, logging.INFO))
    _logger.propagate = False
    quieten_libraries()
    return handler


def stop_logging(handler: logging.Handler) -> None:
    """Close what ``start_logging`` opened."""
    _logger.removeHandler(handler)
    handler.close()


def quieten_libraries() -> None:
    """Libraries log addresses, and addresses hold ids and secrets: warnings only, and nowhere but here."""
    for name in _LOUD_LIBRARIES:
        library = logging.getLogger(name)
        library.setLevel(max(library.level, logging.WARNING))  # a room may have silenced it altogether
        library.propagate = False
        if not library.handlers:
            library.addHandler(logging.NullHandler())


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum | Code):
        return str(value.value if isinstance(value, Enum) else value)
    if isinstance(value, str):
        return value if _PLAIN.match(value) else f"({len(value)} characters)"
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in list(value)[:50]]
    return f"({type(value).__name__})"


class _BoundedFiles(RotatingFileHandler):
    """Bounded by size and by age: a file is closed when its first line is a tenth of ``keep_days`` old, and
    removed when its last one is older than ``keep_days``."""

    def __init__(self, path: Path, keep_days: int) -> None:
        super().__init__(
            path, maxBytes=_LARGEST_FILE_BYTES, backupCount=_KEPT_FILES, encoding="ascii", delay=True
        )
        self._keep = timedelta(days=keep_days)
        self._begun = _first_moment(path)
        self._sweep(datetime.now(UTC))

    def shouldRollover(self, record: logging.LogRecord) -> int:  # noqa: N802 - the library's name
        """By age too."""
        at = datetime.fromtimestamp(record.created, UTC)
        if self._begun is None:
            self._begun = at
        if at - self._begun > self._keep / 10:
            return 1
        return int(super().shouldRollover(record))

    def doRollover(self) -> None:  # noqa: N802 - the library's name
        """The next file begins with its own first line."""
        super().doRollover()
        self._begun = None
        self._sweep(datetime.now(UTC))

    def _sweep(self, now: datetime) -> None:
        for path in Path(self.baseFilename).parent.glob(f"{Path(self.baseFilename).name}*"):
            with contextlib.suppress(OSError):
                if now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > self._keep:
                    path.unlink()


def _first_moment(path: Path) -> datetime | None:
    """When the file's first line was written."""
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            return datetime.fromisoformat(str(json.loads(file.readline())["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class _JsonLines(logging.Formatter):
    """One JSON object per line; exceptions are named by class, their words and stack locals stay out."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.msg if _CODE.match(str(record.msg)) else "other",
            "logger": record.name,
            "thread": Code(record.threadName or ""),
        }
        ids = getattr(record, "ids", None)
        if isinstance(ids, dict):
            line.update({str(name): _plain(value) for name, value in ids.items() if name not in line})
        sql = getattr(record, "sql", None)
        if isinstance(sql, str):  # a statement of ours without its values (store/slow_queries.py)
            line["sql"] = sql
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=True, separators=(",", ":"))
