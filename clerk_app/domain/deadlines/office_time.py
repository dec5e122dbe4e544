"""The legal time in Germany: which calendar day a moment belongs to."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@lru_cache(maxsize=1)
def office_zone() -> tzinfo:
    """The legal time in Germany. Where the machine has no zone tables (Windows), the EU's summer time
    rule.
    """
    try:
        return ZoneInfo("Europe/Berlin")
    except (ZoneInfoNotFoundError, OSError):
        return _CentralEuropeanTime()


def office_time(at: datetime) -> datetime:
    """An aware moment in the office's zone.

    :raises ValueError: the time is naive: nobody knows which moment it is
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(office_zone())


def office_day(at: datetime) -> date:
    """The calendar day of a moment in the office's zone: what counts for deadlines."""
    return office_time(at).date()


class _CentralEuropeanTime(tzinfo):
    """UTC+1, and UTC+2 from the last Sunday in March to the last in October at 01:00 UTC (EU 2000/84)."""

    def utcoffset(self, at: datetime | None) -> timedelta:
        return timedelta(hours=1) + self.dst(at)

    def dst(self, at: datetime | None) -> timedelta:
        if at is None:
            return timedelta(0)
        local = at.replace(tzinfo=None)
        begins = _last_sunday(local.year, 3, 2)
        ends = _last_sunday(local.year, 10, 3)
        summer = begins <= local < ends
        if summer and at.fold and local >= ends - timedelta(hours=1):
            summer = False
        return timedelta(hours=1) if summer else timedelta(0)

    def tzname(self, at: datetime | None) -> str:
        return "CEST" if self.dst(at) else "CET"

    def fromutc(self, at: datetime) -> datetime:
        moment = at.replace(tzinfo=None)
        begins, ends = _last_sunday(moment.year, 3, 1), _last_sunday(moment.year, 10, 1)
        local = moment + timedelta(hours=2 if begins <= moment < ends else 1)
        return local.replace(tzinfo=self, fold=1 if ends <= moment < ends + timedelta(hours=1) else 0)


def _last_sunday(year: int, month: int, hour: int) -> datetime:
    last = datetime(year, month, 31, hour)  # noqa: DTZ001 - wall time on purpose
    return last - timedelta(days=(last.weekday() + 1) % 7)
