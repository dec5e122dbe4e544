"""The grammar of the command line, right and wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from clerk_app.cli.arguments import parse
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
        ["outbox", "posted", "e", "--on", "gestern"],
        ["--no-such-option"],
    ],
)
def test_wrong_usage_is_an_error_like_every_other(argv: list[str]) -> None:
    with pytest.raises(ClerkError) as caught:
        parse(argv)

    assert caught.value.code is ErrorCode.USAGE
    assert caught.value.params["message"]


@pytest.mark.parametrize("command", ["package"])
def test_later_commands_say_so(command: str) -> None:
    with pytest.raises(ClerkError) as caught:
        parse(["--home", "h", command, "whatever", "--xdomea", "f"])

    assert caught.value.code is ErrorCode.NOT_YET_AVAILABLE
    assert caught.value.params == {"command": command}


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
