"""What argparse says of a wrong call, in our language. What is not known here is passed on as it is."""

from __future__ import annotations

import re

from clerk_app.texts import N_, _

_SAYINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"the following arguments are required: (?P<what>.+)"), N_("es fehlt {what}")),
    (
        re.compile(r"argument (?P<what>\S+): invalid choice: '(?P<value>.*)' \(choose from (?P<known>.+)\)"),
        N_("{what} kennt „{value}“ nicht (möglich: {known})"),
    ),
    (re.compile(r"argument (?P<what>.+): expected .*argument.*"), N_("nach {what} fehlt ein Wert")),
    (
        re.compile(r"argument (?P<what>.+): invalid _?(?P<kind>\w+) value: '(?P<value>.*)'"),
        N_("„{value}“ passt nicht zu {what}"),
    ),
    (re.compile(r"argument (?P<what>\S+): (?P<value>.+)"), N_("{what}: {value}")),
)


def in_our_words(message: str) -> str:
    """``message`` of argparse as a clerk reads it."""
    for pattern, words in _SAYINGS:
        found = pattern.fullmatch(message)
        if found is not None:
            parts = {name: (value or "").replace("'", "") for name, value in found.groupdict().items()}
            return _(words).format(**parts)
    return message
