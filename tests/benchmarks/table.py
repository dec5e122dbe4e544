"""Figures for people: a table for the terminal, a chart for a page."""

from __future__ import annotations

import math
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from os import cpu_count
from typing import Any

Figure = Mapping[str, Any]

_ROW_PX, _NAME_PX, _BAR_PX = 20, 560, 420
_MOST = 20.0  # ratios beyond are drawn at the edge


def machine() -> str:
    """What the figures were taken on."""
    return (
        f"{platform.system()} {platform.machine()}, {cpu_count()} cores, Python {platform.python_version()}, "
        f"{datetime.now(UTC):%Y-%m-%d}"
    )


def verdict(figure: Figure) -> str:
    """``reached``, ``missed``, or nothing where no goal was set."""
    if figure["goal"] is None:
        return ""
    return "reached" if figure["ratio"] <= figure["goal"] else "missed"


def table(figures: Mapping[str, Figure]) -> str:
    """One line a figure: work, ours, limit, ratio, goal, memory of the process so far."""
    lines = [
        machine(),
        f"{'work':<92} {'ours':>10} {'limit':>10} {'unit':<8} {'ratio':>7} {'goal':>6} {'MB':>6}",
    ]
    for name, figure in figures.items():
        goal = "" if figure["goal"] is None else f"{figure['goal']:.2f}"
        lines.append(
            f"{name[:92]:<92} {figure['ours']:>10.4g} {figure['limit']:>10.4g} {figure['unit'][:8]:<8} "
            f"{figure['ratio']:>7.2f} {goal:>6} {figure['process_mb']:>6} {verdict(figure)}".rstrip()
        )
    missed = sum(verdict(figure) == "missed" for figure in figures.values())
    set_goals = sum(figure["goal"] is not None for figure in figures.values())
    return "\n".join([*lines, f"goals: {set_goals}, missed: {missed}"])


def chart(figures: Mapping[str, Figure]) -> str:
    """Ratios as bars on a logarithmic scale, the goal as a stroke; text beside every bar (SVG)."""
    height = _ROW_PX * (len(figures) + 2)
    width = _NAME_PX + _BAR_PX + 120
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        "<style>text { font-family: sans-serif }</style>",
        f'<text x="8" y="15">{escape(machine())}; bar: ratio to the limit, stroke: goal</text>',
    ]
    for row, (name, figure) in enumerate(figures.items(), 1):
        top = row * _ROW_PX + 4
        colour = {"reached": "#2e7d32", "missed": "#b3261e"}.get(verdict(figure), "#5f6b7a")
        parts.append(f'<text x="8" y="{top + 12}">{escape(name[:88])}</text>')
        long = f"{_length(figure['ratio']):.1f}"
        parts.append(f'<rect x="{_NAME_PX}" y="{top}" width="{long}" height="13" fill="{colour}"/>')
        if figure["goal"] is not None:
            at = _NAME_PX + _length(figure["goal"])
            parts.append(f'<path d="M{at:.1f} {top - 2}v17" stroke="black" stroke-width="2"/>')
        words = f"{figure['ratio']:.2f} {verdict(figure)}"
        parts.append(f'<text x="{_NAME_PX + _BAR_PX + 8}" y="{top + 12}">{escape(words)}</text>')
    return "\n".join([*parts, "</svg>"])


def _length(ratio: float) -> float:
    """Pixels of a bar; 0.1 has next to none, ``_MOST`` the whole."""
    held = min(max(ratio, 0.1), _MOST)
    return _BAR_PX * math.log(held / 0.1) / math.log(_MOST / 0.1)
