"""The grammar: what can be written, what it is read as, what is refused and where."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clerk_app.domain.rules import (
    AllOf,
    AnyOf,
    Call,
    Comparison,
    FieldPath,
    Literal,
    Not,
    Operator,
    ReferenceKind,
    RuleError,
    RuleReason,
    Sum,
)
from clerk_app.services.rules.functions import FUNCTIONS
from clerk_app.services.rules.language import DEEPEST_RULE, parse_rule
from clerk_app.services.rules.tokens import LONGEST_RULE
from tests.services.rules import test_evaluate


def path(source: str) -> FieldPath:
    return FieldPath(source, tuple(source.lower().split(".")))


def test_and_binds_closer_than_or_and_not_closer_than_both() -> None:
    tree = parse_rule("a or not b and c").tree
    assert tree == AnyOf((path("a"), AllOf((Not(path("b")), path("c")))))


def test_brackets_and_sums() -> None:
    tree = parse_rule("(a + b * 2 - 1) <= c").tree
    assert isinstance(tree, Comparison)
    assert tree.operator is Operator.AT_MOST
    assert isinstance(tree.left, Sum)
    assert tree.left.minus == (False, False, True)


@pytest.mark.parametrize(
    ("source", "parts", "anywhere"),
    [
        ("Hund.Chip-Nummer", ("hund", "chipnummer"), False),
        ("straße.größe_m2", ("strasse", "groessem2"), False),
        ("$schema", ("$schema",), False),
        ("betrag.@währung", ("betrag", "@waehrung"), False),
        ("betrag.#text", ("betrag", "#text"), False),
        ("**.plz", ("plz",), True),
        ("**.a.*.b", ("a", "*", "b"), True),
        ("liste.0.x", ("liste", "0", "x"), False),
        ("list.in.not", ("list", "in", "not"), False),
        ("order.android", ("order", "android"), False),
    ],
)
def test_paths(source: str, parts: tuple[str, ...], anywhere: bool) -> None:
    assert parse_rule(f"{source} = 1").tree == Comparison(
        Operator.EQUAL, FieldPath(source, parts, anywhere), Literal(Decimal(1))
    )


def test_what_a_rule_names() -> None:
    rule = parse_rule(
        'every(haushalt.mitglieder, some(.kinder.*, .name = "x" and . = 1)) and present(b, c, b) '
        'and attached("lease", 2) and d in list("streets") and e > limit("l") + parameter("p") '
        'and rule("r") and check("k")'
    )
    assert rule.fields == (
        "haushalt.mitglieder",
        "haushalt.mitglieder.*.kinder.*",
        "haushalt.mitglieder.*.kinder.*.name",
        "b",
        "c",
        "d",
        "e",
    )
    names = {kind: rule.names(kind) for kind in ReferenceKind}
    assert names == {
        ReferenceKind.EVIDENCE: ("lease",),
        ReferenceKind.LIST: ("streets",),
        ReferenceKind.LIMIT: ("l",),
        ReferenceKind.PARAMETER: ("p",),
        ReferenceKind.RULE: ("r",),
        ReferenceKind.CHECK: ("k",),
    }
    (reference,) = [each for each in rule.refers if each.kind is ReferenceKind.LIMIT]
    assert rule.source[reference.column - 1 :].startswith('"l"')


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a = 1 and b = 2", ["a"]),
        ("present(a, b) and c = 1", ["a", "b"]),
        ("ours(first(x.y, **.z))", ["x.y", "**.z"]),
        ('attached("x")', []),
        ("1 < a", ["a"]),
        ("a = 1 and present(b, c)", ["a"]),
        ("every(liste, .x = 1) and a = 2", ["liste"]),
    ],
)
def test_which_value_a_text_shows(source: str, shown: list[str]) -> None:
    assert [each.source for each in parse_rule(source).shown] == shown


REFUSED = [
    ("", RuleReason.EMPTY, 1),
    ("  \n ", RuleReason.EMPTY, 1),
    ("a and", RuleReason.UNFINISHED, 6),
    ("a b", RuleReason.UNEXPECTED, 3),
    ("(a", RuleReason.UNFINISHED, 3),
    ("a)", RuleReason.UNEXPECTED, 2),
    ("a = = 1", RuleReason.UNEXPECTED, 5),
    ("a < b < c", RuleReason.UNEXPECTED, 7),
    ("a in b", RuleReason.UNEXPECTED, 6),
    ("a in ()", RuleReason.UNEXPECTED, 7),
    ("a in list(b)", RuleReason.UNEXPECTED, 11),
    ("not not a", RuleReason.UNEXPECTED, 5),
    ("a = -1", RuleReason.UNEXPECTED, 5),
    ("a; b", RuleReason.UNEXPECTED, 2),
    ("1.2.3 = a", RuleReason.UNEXPECTED, 1),
    ("a.**.b", RuleReason.UNEXPECTED, 2),
    ("**.0.b = 1", RuleReason.UNEXPECTED, 1),
    ("12abc = a", RuleReason.UNEXPECTED, 1),
    ("a.b(c)", RuleReason.UNKNOWN_FUNCTION, 1),
    ('a = "offen', RuleReason.TEXT_OPEN, 5),
    ("a = 2026-02-30", RuleReason.NO_DATE, 5),
    ("a = 1234567890123456", RuleReason.NUMBER_TOO_LARGE, 5),
    ("a = 1.1234567890123456", RuleReason.NUMBER_TOO_LARGE, 5),
    ("a and eval(b)", RuleReason.UNKNOWN_FUNCTION, 7),
    ("__import__(a)", RuleReason.UNKNOWN_FUNCTION, 1),
    ("present()", RuleReason.ARGUMENT_MISSING, 1),
    ("arrival(a) = b", RuleReason.ARGUMENT_COUNT, 1),
    ("age(a, b, c) = 1", RuleReason.ARGUMENT_COUNT, 1),
    ("every(a)", RuleReason.ARGUMENT_COUNT, 1),
    ("true and present(1)", RuleReason.WRONG_KIND, 18),
    ("present(first(a))", RuleReason.WRONG_KIND, 9),
    ("age(1) = 2", RuleReason.WRONG_KIND, 5),
    ('age("2000-01-01") = 2', RuleReason.WRONG_KIND, 5),
    ("attached(a)", RuleReason.WRONG_KIND, 10),
    ('attached("a", 1.5)', RuleReason.WRONG_KIND, 15),
    ('attached("a", b)', RuleReason.WRONG_KIND, 15),
    ("length(true) = 1", RuleReason.WRONG_KIND, 8),
    ("12", RuleReason.WRONG_KIND, 1),
    ('"x"', RuleReason.WRONG_KIND, 1),
    ("count(a)", RuleReason.WRONG_KIND, 1),
    ("a and 2026-01-01", RuleReason.WRONG_KIND, 7),
    ("not count(a)", RuleReason.WRONG_KIND, 5),
    ("count(a) = 2026-01-01", RuleReason.WRONG_KIND, 10),
    ('count(a) = "1"', RuleReason.WRONG_KIND, 10),
    ('a < "x"', RuleReason.WRONG_KIND, 3),
    ("a < true", RuleReason.WRONG_KIND, 3),
    ("a + true = 1", RuleReason.WRONG_KIND, 5),
    ("a + arrival() = b", RuleReason.WRONG_KIND, 5),
    ('a * "x" = 1', RuleReason.WRONG_KIND, 5),
    ('a in (1, "x")', RuleReason.WRONG_KIND, 3),
    ('present(a) in ("x", "y")', RuleReason.WRONG_KIND, 12),
    ('valid("phone", a)', RuleReason.WRONG_WORD, 7),
    ('plus(a, 1, "weeks") = b', RuleReason.WRONG_WORD, 12),
    (".a = 1", RuleReason.ELEMENT_OUTSIDE, 1),
    ("every(.a, .b)", RuleReason.ELEMENT_OUTSIDE, 7),
    ("every(a, .b) and .c", RuleReason.ELEMENT_OUTSIDE, 18),
    ("every(a, every(.b, every(.c, .d)))", RuleReason.NESTED_TOO_DEEP, 20),
    ("every(a, 12)", RuleReason.WRONG_KIND, 10),
]


@pytest.mark.parametrize(("source", "reason", "column"), REFUSED)
def test_what_is_refused(source: str, reason: RuleReason, column: int) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(source)
    assert (caught.value.reason, caught.value.column) == (reason, column)


def test_a_rule_is_neither_long_nor_deep() -> None:
    longest = f'a = "{"x" * (LONGEST_RULE - 6)}"'
    assert len(longest) == LONGEST_RULE
    parse_rule(longest)
    with pytest.raises(RuleError) as caught:
        parse_rule(longest + " ")
    assert caught.value.reason is RuleReason.TOO_LONG
    parse_rule("(" * DEEPEST_RULE + "a" + ")" * DEEPEST_RULE)
    for opening in ("(", "not (", "length("):
        with pytest.raises(RuleError) as caught:
            parse_rule(opening * (LONGEST_RULE // len(opening)))
        assert caught.value.reason is RuleReason.TOO_DEEP
    deep = "a"
    for _ in range(6):
        deep = f"(not ({deep} and b) or c)"
    with pytest.raises(RuleError) as caught:
        parse_rule(deep)
    assert caught.value.reason is RuleReason.TOO_DEEP


def test_many_terms_do_not_make_a_rule_deep() -> None:
    parse_rule(" and ".join(["a"] * 80))
    parse_rule(" + ".join(["a"] * 100) + " > 1")


def test_every_function_is_tried() -> None:
    """A table of calls that leaves one out would prove nothing about it."""
    tried = " ".join([*test_evaluate.TRUE, *test_evaluate.UNKNOWN, *test_evaluate.FALSE])
    assert [name for name in FUNCTIONS if f"{name}(" not in tried] == []


def test_a_call_keeps_its_arguments() -> None:
    assert parse_rule('attached("x")').tree == Call("attached", (Literal("x"),))
