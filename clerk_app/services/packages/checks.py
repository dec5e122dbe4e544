"""The check points of a package: its own before the base's; one of its own hides the base's of that id."""

from __future__ import annotations

import re
from decimal import Decimal

from clerk_app.domain.service_package import CheckKind, CheckPoint
from clerk_app.services.packages.files import CHECKS
from clerk_app.services.packages.trees import PackageTrees, Tree
from clerk_app.services.toml_values import localized

_PATHS = r"((?:first|present)\((?P<paths>[^()]*)\)|(?P<path>[^\s()=]+))"
_VALUES = r'(?:in \((?P<values>[^()]*)\)|= (?P<value>true|false|"[^"]*"))'
_SHAPES: tuple[tuple[CheckKind, str], ...] = (
    (CheckKind.FIELD_PRESENT, r"present\((?P<paths>[^()]*)\)"),
    (CheckKind.DATE_NOT_FUTURE, _PATHS + r" <= arrival\(\)"),
    (CheckKind.AGE_AT_LEAST, r"age\(" + _PATHS + r"\) >= (?P<number>\d+)"),
    (CheckKind.EVIDENCE_PRESENT, r'attached\("(?P<evidence>[a-z0-9-]+)"\)'),
    (CheckKind.MUNICIPALITY_MATCHES, r"ours\(" + _PATHS + r"\)"),
    (CheckKind.FIELD_EQUALS, _PATHS + " " + _VALUES),
)


def read_checks(trees: PackageTrees) -> tuple[CheckPoint, ...]:
    """All check points. Raises KeyError, TypeError or ValueError for one that is not whole."""
    return tuple(_check(item) for item in trees.laid(CHECKS, "check", "id"))


def _check(item: Tree) -> CheckPoint:
    rule = item["rule"]
    for kind, shape in _SHAPES:
        found = re.fullmatch(shape, rule)
        if found is None:
            continue
        parts = found.groupdict()
        paths = tuple((parts.get("paths") or parts.get("path") or "").split(", "))
        values = parts.get("values") or parts.get("value") or ""
        number = parts.get("number")
        return CheckPoint(
            check_id=item["id"],
            kind=kind,
            ok=localized(item["ok"]),
            warning=localized(item["warning"]),
            paths=() if paths == ("",) else paths,
            values=tuple(value.strip('"') for value in values.split(", ")) if values else (),
            number=None if number is None else Decimal(number),
            evidence=item.get("evidence", parts.get("evidence") or ""),
        )
    raise ValueError(f"check {item['id']}: {rule}")
