"""Log files as the machine's policy wants them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from clerk_app.system import logs
from clerk_app.system.paths import Home
from clerk_app.system.policy import machine_policy


@contextmanager
def logged(home: Home) -> Iterator[None]:
    """Log lines below the home while the block runs. The caller holds the home's lock: one writer."""
    policy = machine_policy()
    keep_days = policy.whole("logs.keep_days") or logs.KEPT_DAYS
    handler = logs.start_logging(home, level=policy.text("logs.level"), keep_days=keep_days)
    try:
        yield
    finally:
        logs.stop_logging(handler)
