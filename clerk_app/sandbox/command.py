"""``clerk-app sandbox``: serves until it is told to stop."""

from __future__ import annotations

import json
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from clerk_app.sandbox.server import RunningSandbox


@dataclass(frozen=True)
class SandboxOptions:
    """Options: ``faults`` as ``NAME[:count][:path-part]``; ``defective`` None = a few from 20 on."""

    directory: Path
    port: int = 0
    applications: int = 0
    seed: int = 1
    faults: tuple[str, ...] = ()
    defective: int | None = None


def run(arguments: SandboxOptions) -> int:
    """Serves until SIGTERM or SIGINT; prints one JSON line when ready. Returns the exit code 0.

    Raises ``ClerkError(USAGE)`` for an unknown fault name.
    """
    stop = threading.Event()
    sandbox = RunningSandbox(
        arguments.directory,
        port=arguments.port,
        applications=arguments.applications,
        seed=arguments.seed,
        defective=arguments.defective,
        faults=arguments.faults,
    )
    wanted = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in wanted}
    try:
        with sandbox:
            sys.stdout.write(json.dumps(sandbox.ready_document()) + "\n")
            sys.stdout.flush()
            stop.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0
