"""One sentence or more for every error code: what happened, why, what to do now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from string import Formatter

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.package import PackageFaultyError
from clerk_app.texts.catalogue import gettext as _
from clerk_app.texts.error_sentences import SENTENCES, VALUE_LABELS, Part
from clerk_app.texts.formats import day
from clerk_app.texts.package_faults import fault_line

_FORMATTER = Formatter()
_BLANK = "…"
_LONGEST_VALUE = 200
#: Params that are days, also where they come spelled for machines: from a finding, from the ledger.
_DAYS = frozenset({"due_on", "earliest", "latest", "on"})
#: Other names under which rooms give the same thing.
_ALIASES = {
    "case_id": "case",
    "case_reference": "case",
    "entry_id": "entry",
    "attachment_id": "attachment",
    "destination_id": "destination",
    "cause": "reason",
    "type": "detail",
    "kind": "detail",
    "message": "detail",
}


def sentence(error: ClerkError) -> str:
    """What a person reads about ``error``, in the language in force. Never raises for missing params."""
    if isinstance(error, PackageFaultyError):
        return sentence_for(error.code, {**error.params, "detail": fault_line(error.first)})
    return sentence_for(error.code, error.params)


def sentence_for(code: ErrorCode | str, params: Mapping[str, object] | None = None) -> str:
    """The sentence for a stored code, with whatever params are at hand.

    Unknown codes (written by a newer version) are named as they are. Parts that need a param nobody gave
    are left out; only in the leading part a blank is shown instead.
    """
    try:
        known = ErrorCode(code)
    except ValueError:
        return _("Unbekannter Fehler {code}.").format(code=code)
    values: dict[str, str] = {}
    for name, value in (params or {}).items():
        if value is not None and value != "":
            name = _ALIASES.get(name, name)  # noqa: PLW2901 - the canonical name from here on
            values.setdefault(name, _readable(known, name, value))
    leading, *more = SENTENCES[known]
    texts = [_choose(leading, values) or _fill(_last(leading), values)]
    texts.extend(text for part in more if (text := _choose(part, values)))
    return " ".join(texts)


def placeholders(template: str) -> set[str]:
    """The names of the blanks in ``template``."""
    return {name for _text, name, _spec, _conversion in _FORMATTER.parse(template) if name is not None}


def _choose(part: Part, values: Mapping[str, str]) -> str | None:
    for template in (part,) if isinstance(part, str) else part:
        if placeholders(template) <= values.keys():
            return _fill(template, values)
    return None


def _last(part: Part) -> str:
    return part if isinstance(part, str) else part[-1]


def _fill(template: str, values: Mapping[str, str]) -> str:
    translated = _(template)
    blanks = dict.fromkeys(placeholders(translated), _BLANK)
    return translated.format_map({**blanks, **values})


def _readable(code: ErrorCode, name: str, value: object) -> str:
    label = VALUE_LABELS.get((code, name), {}).get(str(value)) or VALUE_LABELS.get((None, name), {}).get(
        str(value)
    )
    if label is not None:
        return _(label)
    if name in _DAYS and isinstance(value, str):
        value = _day_of(value)
    if isinstance(value, date):
        text = day(value)
    elif isinstance(value, list | tuple | set | frozenset):
        text = ", ".join(str(item) for item in value)
    else:
        text = str(value)
    text = "".join(character if character.isprintable() else " " for character in text).rstrip(". ")
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + _BLANK


def _day_of(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
