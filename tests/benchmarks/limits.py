"""What a machine can do at best: the limits our figures are compared with, measured in the same run."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

FIGURES = Path(__file__).resolve().parents[2] / ".cache" / "benchmarks.json"
#: What this run measured, in its order.
TAKEN: dict[str, dict[str, Any]] = {}


def cpu_s() -> float:
    """CPU time of this process, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def rsa_4096_private_s(repeats: int = 60) -> float:
    """CPU seconds of one RSA-4096 private operation (OAEP-256, the key parsed once)."""
    key = rsa.generate_private_key(65537, 4096)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    sealed = key.public_key().encrypt(b"k" * 32, oaep)
    key.decrypt(sealed, oaep)
    began = cpu_s()
    for _ in range(repeats):
        key.decrypt(sealed, oaep)
    return (cpu_s() - began) / repeats


def middle_s(work: Callable[[], object], repeats: int) -> float:
    """Median wall seconds of ``work``."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return median(times)


def at_a_million(cases: int, ratio: float = 1.5) -> float | None:
    """The goal of lists and searches, which the design sets for a million cases: where the limit itself is
    half a millisecond, a ratio says nothing a clerk could notice."""
    return ratio if cases >= 1_000_000 else None


def report(
    name: str, ours: float, limit: float, unit: str, *, goal: float | None = None, **more: object
) -> None:
    """Prints one figure with its ratio to the limit and keeps it.

    ``goal`` is the ratio that is good enough (section 5 of the design), None where none was set. The memory
    kept beside it is the largest the process had so far (MB): figures of one run are in the order of the run.
    """
    figure = {
        "ours": ours, "limit": limit, "ratio": ours / limit, "unit": unit, "goal": goal,
        "process_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), **more,
    }  # fmt: skip
    print(f"\n{name}: {ours:.4g} {unit}, limit {limit:.4g} {unit}, ratio {ours / limit:.2f} {more or ''}")
    TAKEN[name] = figure
    kept = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    FIGURES.write_text(json.dumps(kept | {name: figure}, indent=1, ensure_ascii=False))
