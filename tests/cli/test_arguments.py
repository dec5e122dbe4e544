"""The grammar of the command line, right and wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from clerk_app.cli.arguments import parse
from clerk_app.cli.writing import fee, wording_of
from clerk_app.domain.decision import FeeItem, Wording
from clerk_app.domain.errors import ClerkError, ErrorCode


def test_global_options_stand_before_or_after_the_command() -> None:
    before = parse(["--home", "h", "--json", "cases"])
    after = parse(["cases", "--home", "h", "--json"])

    for args in (before, after):
        assert (args.home, args.json, args.command) == (Path("h"), True, "cases")


def test_without_a_command_the_window_opens() -> None:
    assert parse([]).command is None


def test_items_may_be_given_one_by_one_or_together() -> None:
    args = parse(["request-documents", "c", "--item", "a", "b", "--item", "c", "--due", "31.12.2026"])

    assert [item for group in args.items for item in group] == ["a", "b", "c"]
    assert args.due == date(2026, 12, 31)
    assert parse(["request-documents", "c", "--due", "2026-12-31"]).due == date(2026, 12, 31)


@pytest.mark.parametrize(
    "argv",
    [
        ["nonsense"],
        ["case"],
        ["decide", "c"],
        ["decide", "c", "--outcome", "maybe"],
        ["cases", "--limit", "-1"],
        ["cases", "--limit", "many"],
        ["cases", "--status", "lost"],
        ["request-documents", "c", "--due", "31.02.2026"],
        ["request-documents", "c", "--due", "tomorrow"],
        ["attachment", "c", "a"],
        ["sandbox"],
        ["sandbox", "--directory", "d", "--port", "70000"],
        ["verify"],
        ["outbox", "burn", "e"],
        ["letter", "c"],
        ["letter", "c", "--kind", "decision"],
        ["letter", "c", "--kind", "hearing", "--due", "bald"],
        ["decide", "c", "--outcome", "granted", "--fee", "Gebühr"],
        ["decide", "c", "--outcome", "granted", "--fee", "=5"],
        ["decide", "c", "--outcome", "granted", "--fee", "Gebühr=-5"],
        ["decide", "c", "--outcome", "granted", "--fee", "Gebühr=1,234"],
        ["decide", "c", "--outcome", "granted", "--fee", "Gebühr=NaN"],
        ["decide", "c", "--outcome", "granted", "--fee", "Gebühr=99999999999,00"],
        ["decide", "c", "--outcome", "granted", "--fee", "A=5", "--no-fee"],
        ["outbox", "posted", "e", "--on", "gestern"],
        ["--no-such-option"],
    ],
)
def test_wrong_usage_is_an_error_like_every_other(argv: list[str]) -> None:
    with pytest.raises(ClerkError) as caught:
        parse(argv)

    assert caught.value.code is ErrorCode.USAGE
    assert caught.value.params["message"]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["case"], "es fehlt ID"),
        (["decide", "c", "--outcome", "maybe"], "maybe"),
        (["request-documents", "c", "--due", "1.2."], "„1.2.“ ist kein Datum (JJJJ-MM-TT oder TT.MM.JJJJ)"),
        (["cases", "--limit"], "nach --limit fehlt ein Wert"),
        (["cases", "--limit", "x"], "„x“ ist keine ganze Zahl ab 0"),
        (["cases", "--bogus"], "unbekannt: --bogus"),
        (["sandbox", "--directory", "d", "--port", "70000"], "„70000“ ist kein Port"),
    ],
)
def test_wrong_usage_is_told_in_our_language(argv: list[str], said: str) -> None:
    with pytest.raises(ClerkError) as caught:
        parse(argv)

    message = str(caught.value.params["message"])
    assert said in message
    for english in ("argument", "required", "invalid", "expected"):
        assert english not in message


def test_a_decision_takes_everything_a_clerk_adds() -> None:
    options = (
        ("--reasons", "Weil"),
        ("--provision", "Eins", "Zwei"),
        ("--provision", "Drei"),
        ("--fee", "Bearbeitung=12,50", "Kopien=3"),
        ("--fee", "a=b=1.234,50 €"),
        ("--enclosure", "Plan"),
        ("--language", "hsb"),
        ("--no-hearing", "Gefahr im Verzug"),
    )
    args = parse(["decide", "c", "--outcome", "refused", *(word for option in options for word in option)])

    assert wording_of(args) == Wording(
        reasons="Weil",
        provisions=("Eins", "Zwei", "Drei"),
        fees=(
            FeeItem("Bearbeitung", Decimal("12.50")),
            FeeItem("Kopien", Decimal(3)),
            FeeItem("a=b", Decimal("1234.50")),
        ),
        enclosures=("Plan",),
        language="hsb",
        no_hearing_reason="Gefahr im Verzug",
    )


def test_without_options_the_template_speaks_alone() -> None:
    args = parse(["decide", "c", "--outcome", "granted"])
    assert wording_of(args) == Wording()
    assert wording_of(parse(["decide", "c", "--outcome", "granted", "--no-fee"])).fees == ()
    assert wording_of(parse(["folder", "add", "c", "--outcome", "granted"])) == Wording()


@pytest.mark.parametrize(
    ("typed", "euros"), [("5", "5"), ("5,5", "5.5"), ("5.50", "5.50"), ("1.234", "1234"), ("0", "0")]
)
def test_amounts_are_read_as_they_are_written(typed: str, euros: str) -> None:
    assert fee(f"Gebühr={typed}").euros == Decimal(euros)
