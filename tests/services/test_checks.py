"""Check points over a case: what they say, and that none is silently in order."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from clerk_app.domain.application import Attachment
from clerk_app.domain.ids import AttachmentId
from clerk_app.domain.localized import Localized
from clerk_app.domain.service_package import CheckLevel, CheckPoint, CheckResult, EvidenceKind
from clerk_app.services.catalogue import ServiceCatalogue
from clerk_app.services.checks import CheckMatter, attached_counts, run_checks
from clerk_app.services.form_tree import read_form
from clerk_app.services.rules.language import parse_rule

GENERIC = ServiceCatalogue("BW").find(None)
POINT = CheckPoint(
    "chip",
    parse_rule("present(hund.chip, hund.chipnummer)"),
    Localized({"de": "Chip {value}.", "en": "Chip {value}!"}),
    Localized({"de": "Chip fehlt.", "en": "No chip."}),
    advice=Localized({"de": "Nachfragen."}),
    ask=Localized({"de": "Teilen Sie uns die Chipnummer mit."}),
    evidence="chip",
)


def results(form: Any, *points: CheckPoint, **more: Any) -> tuple[CheckResult, ...]:
    tree = read_form(json.dumps(form).encode(), "application/json")
    description = replace(GENERIC, check_points=points)
    return run_checks(description, CheckMatter(tree, (), date(2026, 3, 2), **more))


def test_a_point_in_order_shows_the_first_filled_value_and_asks_for_nothing() -> None:
    (found,) = results({"hund": {"chipnummer": "276"}}, POINT)
    assert (found.level, str(found.text), found.path) == (CheckLevel.OK, "Chip 276.", "hund.chipnummer")
    assert found.text.text("en") == "Chip 276!"
    assert (found.evidence, found.advice, found.ask) == ("", None, None)


def test_a_warning_says_how_to_clear_it() -> None:
    (found,) = results({}, POINT)
    assert (found.level, str(found.text), found.path) == (CheckLevel.WARN, "Chip fehlt.", None)
    assert (found.evidence, found.advice, found.ask) == ("chip", POINT.advice, POINT.ask)


@pytest.mark.parametrize(("listed", "shown"), [(True, True), (False, False), (None, False), ("?", False)])
def test_a_point_is_only_checked_when_it_applies(listed: object, shown: bool) -> None:
    point = replace(POINT, when=parse_rule("hund.listenhund = true"))
    assert bool(results({"hund": {"listenhund": listed}}, point)) is shown


def test_what_is_unknown_has_no_result() -> None:
    assert results({}, replace(POINT, rule=parse_rule("hund.alter > 3"))) == ()


@pytest.mark.parametrize("where", ["rule", "when"])
def test_what_cannot_be_evaluated_is_open_and_never_in_order(where: str) -> None:
    too_long: dict[str, Any] = {where: parse_rule("some(zeilen, .x = 1)")}
    too_long["warning"] = Localized({"de": "Chip fehlt. {value}", "en": "No chip."})
    (found,) = results({"zeilen": [{"x": 1}] * 201, "hund": {"chip": "1"}}, replace(POINT, **too_long))
    assert found.level is CheckLevel.UNDECIDED
    assert str(found.text).endswith("Chip fehlt. …"), "no blank is left open"
    assert "No chip." in found.text.text("en")
    assert found.evidence == "chip"
    (fine,) = results({"zeilen": [{"x": 1}] * 200, "hund": {"chip": "1"}}, replace(POINT, **too_long))
    assert fine.level is CheckLevel.OK


def test_open_points_come_first_in_their_order() -> None:
    fine, undecided, warned = (
        replace(POINT, check_id="fine", rule=parse_rule("true")),
        replace(POINT, check_id="undecided", rule=parse_rule("count(zeilen) > 1")),
        POINT,
    )
    found = results({"zeilen": [1] * 300}, fine, undecided, warned)
    assert [each.check_id for each in found] == ["undecided", "chip", "fine"]


def test_points_and_named_rules_may_ask_one_another() -> None:
    description = replace(
        GENERIC,
        rules={"dog": parse_rule("present(hund)")},
        check_points=(
            replace(POINT, check_id="a", rule=parse_rule('rule("dog")')),
            replace(POINT, check_id="b", rule=parse_rule('check("a") and not check("c")')),
            replace(POINT, check_id="c", rule=parse_rule("false"), when=parse_rule("true")),
        ),
    )
    tree = read_form(b'{"hund": {"name": "B"}}', "application/json")
    found = run_checks(description, CheckMatter(tree, (), date(2026, 3, 2)))
    assert {each.check_id: each.level.value for each in found} == {"a": "ok", "b": "ok", "c": "warn"}


def test_attachments_are_counted_by_kind() -> None:
    kinds = [
        EvidenceKind(key, Localized({"de": key}), Localized({"de": key}), words)
        for key, words in (("lease", ("miet-vertrag",)), ("any", ("vertrag", "plan")), ("none", ("foto",)))
    ]
    files = [
        Attachment(AttachmentId(str(name)), name, "application/pdf", 1, "0" * 128, description=words)
        for name, words in (("Mietvertrag.pdf", None), ("x.pdf", "Lage Plan"), (None, None))
    ]
    assert attached_counts(replace(GENERIC, evidence=tuple(kinds)), files) == {"lease": 1, "any": 2}


def test_a_long_value_is_shortened() -> None:
    (found,) = results({"hund": {"chip": "9" * 200}}, POINT)
    assert str(found.text) == f"Chip {'9' * 80}…."
