"""Auswertung: figures about the caseload, never about people. Reads only; a query pool's thread may do it."""

from __future__ import annotations

from datetime import date

from clerk_app.domain.statistics import LEAST_CASES, Statistics, StatisticsQuery, evaluate
from clerk_app.usecases.ports import CaseReads


def evaluated(reads: CaseReads, query: StatisticsQuery, today: date, least: int = LEAST_CASES) -> Statistics:
    """The evaluation as the cases stand now. Raises ClerkError as reading does."""
    return evaluate(reads.facts(), query, today, least)
