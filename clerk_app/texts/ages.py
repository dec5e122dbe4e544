"""How long something has lasted, in words short enough for a list."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.catalogue import ngettext


def duration(lasted: timedelta) -> str:
    """``42 Sek.``, ``5 Min.``, ``2 Std.``, ``3 Tage``: the largest whole unit."""
    seconds = max(0, int(lasted.total_seconds()))
    if seconds < 60:
        return _("{n} Sek.").format(n=seconds)
    if seconds < 3600:
        return _("{n} Min.").format(n=seconds // 60)
    if seconds < 86_400:
        return _("{n} Std.").format(n=seconds // 3600)
    days = seconds // 86_400
    return ngettext("{n} Tag", "{n} Tage", days).format(n=days)


def since(at: datetime, now: datetime) -> str:
    """``seit 2 Std.``"""
    lasted = now - at
    if lasted >= timedelta(days=1):
        days = lasted.days
        return ngettext("seit {n} Tag", "seit {n} Tagen", days).format(n=days)
    return _("seit {duration}").format(duration=duration(lasted))


def countdown(left: timedelta) -> str:
    """What is still to go, rounded up: ``55 Sek.``, ``2 Min. 05 Sek.``; never like a time of day."""
    minutes, seconds = divmod(max(0, math.ceil(left.total_seconds() - 0.001)), 60)
    if minutes == 0:
        return _("{n} Sek.").format(n=seconds)
    return _("{minutes} Min. {seconds:02d} Sek.").format(minutes=minutes, seconds=seconds)
