"""A second way to a deadline: slow, walking day by day, from the words of the statutes.

Shares nothing with the engine: no rule objects, no calendar package, no arithmetic of months. Easter is a
table as in an almanac, holidays are the lists of the Länder's acts (FTG BW § 1, SächsSFG § 1), a month is
walked until the day of the same number comes by. What it said stands as data in ``vectors/*.toml``; see the
heads of those files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

ONE = timedelta(days=1)
WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
EASTER = {
    2020: (4, 12), 2021: (4, 4), 2022: (4, 17), 2023: (4, 9), 2024: (3, 31), 2025: (4, 20), 2026: (4, 5),
    2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21), 2031: (4, 13), 2032: (3, 28), 2033: (4, 17),
    2034: (4, 9), 2035: (3, 25), 2036: (4, 13), 2037: (4, 5),
}  # fmt: skip
FIXED = {
    "BW": {
        (1, 1): "Neujahr",
        (1, 6): "Heilige Drei Könige",
        (5, 1): "Erster Mai",
        (10, 3): "Tag der Deutschen Einheit",
        (11, 1): "Allerheiligen",
        (12, 25): "Erster Weihnachtstag",
        (12, 26): "Zweiter Weihnachtstag",
    },
    "SN": {
        (1, 1): "Neujahr",
        (5, 1): "Erster Mai",
        (10, 3): "Tag der Deutschen Einheit",
        (10, 31): "Reformationstag",
        (12, 25): "Erster Weihnachtstag",
        (12, 26): "Zweiter Weihnachtstag",
    },
}
AFTER_EASTER = {
    -2: "Karfreitag",
    1: "Ostermontag",
    39: "Christi Himmelfahrt",
    50: "Pfingstmontag",
    60: "Fronleichnam",
}


@dataclass
class Walk:
    """One derivation: where one stands, and what was said on the way. ``corpus_christi`` None: not said."""

    land: str
    on: date
    corpus_christi: bool | None = None
    said: list[str] = field(default_factory=list)
    assumed: bool = False

    def say(self, words: str) -> None:
        self.said.append(words.replace("{day}", written(self.on)))

    def text(self, basis: str) -> str:
        text = " → ".join(self.said) + (f" ({basis})" if basis else "")
        return text + (" – angenommen, bitte prüfen" if self.assumed else "")

    def holiday(self, on: date) -> str | None:
        if (on.month, on.day) in FIXED[self.land]:
            return FIXED[self.land][on.month, on.day]
        easter = date(on.year, *EASTER[on.year])
        for days, name in AFTER_EASTER.items():
            if easter + timedelta(days=days) == on:
                if name == "Fronleichnam" and self.land == "SN" and not self.corpus_christi:
                    return None
                return name
        if self.land == "SN" and on.month == 11 and on.weekday() == 2 and 16 <= on.day <= 22:
            return "Buß- und Bettag"  # the Wednesday before 23 November
        return None

    def to_working_day(self) -> None:
        """§ 31 III VwVfG: a Saturday, Sunday or public holiday is no last day."""
        resting = False
        while True:
            name = self.holiday(self.on)
            if name is not None:
                if resting:
                    self.say("Wochenende, also {day}")
                resting = False
                self.on += ONE
                self.say(f"{name}, also {{day}}")
            elif self.on.weekday() in (5, 6):
                resting = True
                self.on += ONE
            else:
                break
        if resting:
            self.say("Wochenende, also {day}")
        corpus = date(self.on.year, *EASTER[self.on.year]) + timedelta(days=60)
        if self.on == corpus and self.land == "SN" and self.corpus_christi is None:
            self.say("Fronleichnam gilt hier nicht als Feiertag: {day}")
            self.assumed = True

    def days(self, count: int) -> None:
        """So many steps of one day."""
        for _step in range(count):
            self.on += ONE

    def months(self, count: int) -> bool:
        """Until the day of the same number comes by in the right month; True: the month had none."""
        number, begun = self.on.day, 0
        while True:
            self.on += ONE
            begun += self.on.day == 1
            if begun == count and self.on.day == number:
                return False
            if begun > count:
                self.on -= ONE
                return True


def written(on: date) -> str:
    """``Fr 06.02.2026``."""
    return f"{WEEKDAYS[on.weekday()]} {on.day:02d}.{on.month:02d}.{on.year}"


def nth_day(law: str, sent: date) -> int:
    """PostModG: the fourth day for what was sent from 2025 on, the third before."""
    return 3 if sent < date(2025, 1, 1) else 4


def notified(
    walk: Walk, law: str, way: str, received: date | None = None, retrieved: date | None = None
) -> bool:
    """Walks from the day of sending to the day of notification; False when there is none."""
    sent = walk.on
    walk.say({"mailbox": "bereitgestellt {day}", "retrieval": "bereitgestellt {day}",
              "electronic": "abgesandt {day}"}.get(way, "zur Post {day}"))  # fmt: skip
    if way == "retrieval":
        if retrieved is None or (retrieved - sent).days > 10:
            walk.days(10)
            walk.say("bis {day} nicht abgerufen: beendet, bitte anders bekannt geben")
            return False
        walk.on = retrieved
        walk.say("abgerufen {day}")
        walk.days(1)
        walk.say("Tag danach {day}")
        return True
    number = nth_day(law, sent)
    if way == "mailbox" and law != "AO" and retrieved is not None and (retrieved - sent).days < number:
        walk.on = retrieved
        walk.say("abgerufen {day}")
        walk.assumed = True
        return True
    if way == "letter-abroad" and law != "AO":
        if received is None:
            walk.say("versandt {day}, der Zugang wird nicht vermutet: bitte den wirklichen eintragen")
            return False
        walk.on = received
        walk.say("tatsächlich zugegangen {day}")
        return True
    if way == "letter-abroad":
        short = walk.months(1)
        walk.say("ein Monat: {day}")
        if short:
            walk.say("Monatsende {day}")
    else:
        walk.days(number)
        walk.say(f"{number}. Tag {{day}}")
    if law == "AO":
        walk.to_working_day()
    if received is not None and received > walk.on:
        walk.on = received
        walk.say("tatsächlich zugegangen {day}")
    return True


def appeal(walk: Walk, months: int, *, instructed: bool = True) -> None:
    """From notification to the last day of the objection."""
    short = walk.months(months)
    if not instructed:
        walk.say("ohne richtige Belehrung ein Jahr: {day}")
    elif months == 1:
        walk.say("ein Monat: {day}")
    else:
        walk.say(f"{months} Monate: {{day}}")
    if short:
        walk.say("Monatsende {day}")
    walk.to_working_day()


def period(walk: Walk, amount: int, unit: str, *, day_counts: bool = False) -> None:
    """§§ 187, 188 BGB."""
    words = {
        "day": ("1 Tag", f"{amount} Tage"),
        "week": ("eine Woche", f"{amount} Wochen"),
        "month": ("ein Monat", f"{amount} Monate"),
        "year": ("ein Jahr", f"{amount} Jahre"),
    }[unit][amount != 1]
    short = False
    if day_counts:
        walk.say("{day} zählt mit")
    if unit in ("day", "week"):
        length = amount * (7 if unit == "week" else 1)
        if day_counts:
            length -= 1  # the first day is the first one
        walk.days(length)
    elif not day_counts:
        short = walk.months(amount * (12 if unit == "year" else 1))
    else:
        first = walk.on
        walk.on -= ONE  # the period ends when the day before the first one comes by again …
        if first.day == 1:  # … and the day before a first is the last of a month, however long
            walk.on = first
            walk.months(amount * (12 if unit == "year" else 1))
            walk.on -= ONE
        else:
            short = walk.months(amount * (12 if unit == "year" else 1))
    walk.say(f"{words}: {{day}}")
    if short:
        walk.say("Monatsende {day}")
