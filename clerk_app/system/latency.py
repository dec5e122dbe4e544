"""What was slow lately, from the log: for the self-check."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clerk_app.system.logs import LOG_FILE
from clerk_app.system.paths import Home

BLOCKED, SLOW_QUERY = "window-blocked", "slow-query"


@dataclass(frozen=True)
class Slowness:
    """How often the window did not answer and queries took too long, the worst of each in milliseconds, and
    where it happened most."""

    blocks: int = 0
    worst_block_ms: int = 0
    queries: int = 0
    worst_query_ms: int = 0
    place: str = ""


def slowness(home: Home) -> Slowness:
    """From the log files that are kept (at most 12 MB); lines that cannot be read count for nothing."""
    worst: dict[str, list[int]] = {BLOCKED: [], SLOW_QUERY: []}
    places: Counter[str] = Counter()
    for path in sorted(home.logs.glob(f"{LOG_FILE}*")):
        for line in _lines(path):
            times = worst.get(str(line.get("event")))
            ms = line.get("ms")
            if times is None or not isinstance(ms, int):
                continue
            times.append(ms)
            found = line.get("places")
            if isinstance(found, list) and found:
                places[str(found[-1])] += 1
    most = places.most_common(1)
    blocks, queries = worst[BLOCKED], worst[SLOW_QUERY]
    return Slowness(
        len(blocks),
        max(blocks, default=0),
        len(queries),
        max(queries, default=0),
        most[0][0] if most else "",
    )


def _lines(path: Path) -> Iterator[dict[str, object]]:
    try:
        with path.open(encoding="ascii", errors="replace") as log:
            for text in log:
                if BLOCKED in text or SLOW_QUERY in text:
                    try:
                        line = json.loads(text)
                    except ValueError:
                        continue
                    if isinstance(line, dict):
                        yield line
    except OSError:
        return
