"""The check points and named rules of a package: its own before the base's; one of its own hides the base's
of that id.
"""

from __future__ import annotations

from collections.abc import Mapping

from clerk_app.domain.localized import Localized
from clerk_app.domain.package import PackageFault, PackageFaultyError
from clerk_app.domain.rules import Rule, RuleError
from clerk_app.domain.service_package import CheckPoint
from clerk_app.services.packages.files import CHECKS
from clerk_app.services.packages.trees import PackageTrees, Tree
from clerk_app.services.rules.language import parse_rule
from clerk_app.services.toml_values import localized


def read_checks(trees: PackageTrees) -> tuple[CheckPoint, ...]:
    """All check points. Raises KeyError, TypeError or ValueError for one that is not whole.

    :raises PackageFaultyError: a rule cannot be read
    """
    return tuple(_check(item) for item in trees.laid(CHECKS, "check", "id"))


def read_rules(trees: PackageTrees) -> Mapping[str, Rule]:
    """All named rules. Raises as ``read_checks`` does."""
    return {item["id"]: read_rule(item["id"], item["rule"]) for item in trees.laid(CHECKS, "rule", "id")}


def read_rule(owner: str, source: object, file: str = CHECKS) -> Rule:
    """The rule of an entry. Raises TypeError for what is no text.

    :raises PackageFaultyError: it cannot be read; the fault names the entry and the column
    """
    if not isinstance(source, str):
        raise TypeError(f"{owner}: the rule is no text")
    try:
        return parse_rule(source)
    except RuleError as error:
        place = (("entry", owner), ("column", str(error.column)), ("rule", source))
        fault = PackageFault(file, None, f"rule-{error.reason.value}", (*place, *error.params.items()))
        raise PackageFaultyError((fault,)) from error


def _check(item: Tree) -> CheckPoint:
    owner = item["id"]
    return CheckPoint(
        check_id=owner,
        rule=read_rule(owner, item["rule"]),
        ok=localized(item["ok"]),
        warning=localized(item["warning"]),
        when=read_rule(owner, item["when"]) if "when" in item else None,
        advice=_optional(item, "advice"),
        ask=_optional(item, "ask"),
        evidence=item.get("evidence", ""),
    )


def _optional(item: Tree, name: str) -> Localized | None:
    return localized(item[name]) if name in item else None
