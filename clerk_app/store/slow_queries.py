"""Statements that took too long, told with their place and their text, never with what was looked for."""

from __future__ import annotations

import logging
import re
import sys

from clerk_app.domain.code_places import calling_places

log = logging.getLogger(__name__)

SLOW_QUERY_S = 0.02
MOST_TOLD = 200  # by one process: a slow disk must not fill the log
_LONGEST_SQL = 300
_LITERALS = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\b\d+\b|x'[0-9a-f]*'", re.IGNORECASE)
#: Commits wait for the disk and are told as transactions; PRAGMAs are upkeep (and one of them holds the key).
_NOT_QUERIES = ("COMMIT", "BEGIN", "ROLLBACK", "PRAGMA", "ATTACH")
_told = [0]


def tell(database: str, sql: str, took_s: float) -> None:
    """Logs a slow statement; the first ``MOST_TOLD`` of a process."""
    if sql.lstrip().upper().startswith(_NOT_QUERIES) or _told[0] >= MOST_TOLD:
        return
    _told[0] += 1
    places = calling_places(sys._getframe(1), without=("connection", "slow_queries", "contextlib"))
    ids = {"database": database, "ms": round(took_s * 1000), "places": places}
    log.info("slow-query", extra={"ids": ids, "sql": without_values(sql)})


def without_values(sql: str) -> str:
    """The statement's text: parameters were never in it, and literals are taken out."""
    return re.sub(r"\s+", " ", _LITERALS.sub("?", sql)).strip()[:_LONGEST_SQL]
