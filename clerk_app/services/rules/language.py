"""Reads rules: recursive descent, with a bound on how deep it descends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from clerk_app.domain.rules import (
    AllOf,
    AnyOf,
    Call,
    Comparison,
    Expression,
    FieldPath,
    InList,
    Literal,
    Not,
    OneOf,
    Operator,
    Product,
    Reference,
    ReferenceKind,
    Rule,
    RuleError,
    RuleReason,
    Sum,
    children,
)
from clerk_app.services.form_tree import folded_name
from clerk_app.services.rules.functions import (
    ALTERNATIVES,
    ELEMENTWISE,
    FUNCTIONS,
    Function,
    Kind,
    Wanted,
    kind_of,
)
from clerk_app.services.rules.tokens import Token, TokenKind, tokens

DEEPEST_RULE = 12
DEEPEST_NESTING = 2  # every and some in one another
_LONGEST_NUMBER = 15  # digits before the point, and behind it
_KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false"})
_OPERATORS = {operator.value: operator for operator in Operator}


@lru_cache(maxsize=2048)
def parse_rule(source: str) -> Rule:
    """The rule written in ``source``. The same text is read once.

    :raises RuleError: with the column and what is wrong there
    """
    return _Reader(source).read()


class _Reader:
    """Reads one rule. ``_lists`` are the paths of the elements that stand around the place being read."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = list(tokens(source))
        self._at = 0
        self._brackets = 0
        self._lists: list[str] = []
        self._fields: dict[str, None] = {}
        self._shown: list[FieldPath] = []
        self._refers: list[Reference] = []

    def read(self) -> Rule:
        if len(self._tokens) == 1:
            raise RuleError(RuleReason.EMPTY, 1)
        tree = self._truth(self._any_of)
        if self._next.kind is not TokenKind.END:
            raise self._unexpected(self._next)
        if _depth(tree) > DEEPEST_RULE:
            raise RuleError(RuleReason.TOO_DEEP, 1, {"most": str(DEEPEST_RULE)})
        return Rule(self._source, tree, tuple(self._fields), tuple(self._shown), tuple(self._refers))

    # -- levels of the grammar, loosest first ----------------------------------------------------------------

    def _any_of(self) -> Expression:
        return self._chain("or", self._all_of, AnyOf)

    def _all_of(self) -> Expression:
        return self._chain("and", self._negated, AllOf)

    def _chain(
        self,
        word: str,
        term: Callable[[], Expression],
        made: Callable[[tuple[Expression, ...]], Expression],
    ) -> Expression:
        began = self._next
        terms = [term()]
        while self._accept(word):
            self._want(terms[-1], Kind.TRUTH, began)
            began = self._next
            terms.append(term())
        if len(terms) == 1:
            return terms[0]
        self._want(terms[-1], Kind.TRUTH, began)
        return made(tuple(terms))

    def _negated(self) -> Expression:
        return Not(self._truth(self._comparison)) if self._accept("not") else self._comparison()

    def _comparison(self) -> Expression:
        left = self._sum()
        token = self._next
        if self._accept("in"):
            return self._membership(left, token)
        if token.kind is not TokenKind.SIGN or token.text not in _OPERATORS:
            return left
        self._at += 1
        right = self._sum()
        operator = _OPERATORS[token.text]
        kinds = {kind_of(left), kind_of(right)} - {Kind.VALUE}
        if len(kinds) > 1:
            raise _wrong_kind(kind_of(left), kind_of(right), token.column)
        if operator not in (Operator.EQUAL, Operator.UNEQUAL) and kinds & {Kind.TRUTH, Kind.TEXT}:
            raise _wrong_kind(Kind.NUMBER, kinds.pop(), token.column)
        return Comparison(operator, left, right)

    def _membership(self, value: Expression, token: Token) -> Expression:
        if kind_of(value) is Kind.TRUTH:
            raise _wrong_kind(Kind.TEXT, Kind.TRUTH, token.column)
        if self._accept("list"):
            self._expect("(")
            named = self._take(TokenKind.TEXT)
            self._expect(")")
            self._refers.append(Reference(ReferenceKind.LIST, named.text, named.column))
            return InList(value, named.text)
        self._expect("(")
        members = [self._value()]
        while self._accept(","):
            members.append(self._value())
        self._expect(")")
        kinds = {kind_of(member) for member in (value, *members)} - {Kind.VALUE}
        if len(kinds) > 1:
            wanted, found = sorted(kinds)[:2]
            raise _wrong_kind(wanted, found, token.column)
        return OneOf(value, tuple(members))

    def _sum(self) -> Expression:
        began = self._next
        terms, minus = [self._product()], [False]
        while self._next.kind is TokenKind.SIGN and self._next.text in ("+", "-"):
            self._want(terms[-1], Kind.NUMBER, began)
            minus.append(self._take(TokenKind.SIGN).text == "-")
            began = self._next
            terms.append(self._product())
        if len(terms) == 1:
            return terms[0]
        self._want(terms[-1], Kind.NUMBER, began)
        return Sum(tuple(terms), tuple(minus))

    def _product(self) -> Expression:
        began = self._next
        factors = [self._value()]
        while self._accept("*"):
            self._want(factors[-1], Kind.NUMBER, began)
            began = self._next
            factors.append(self._value())
        if len(factors) == 1:
            return factors[0]
        self._want(factors[-1], Kind.NUMBER, began)
        return Product(tuple(factors))

    def _value(self) -> Expression:
        token = self._next
        if token.kind is TokenKind.SIGN and token.text == "(":
            return self._bracketed(self._any_of)
        self._at += 1
        match token.kind:
            case TokenKind.NUMBER:
                return Literal(_number(token))
            case TokenKind.DATE:
                return Literal(_date(token))
            case TokenKind.TEXT:
                return Literal(token.text)
            case TokenKind.ELEMENT:
                return self._field(token)
            case TokenKind.NAME if token.text in ("true", "false"):
                return Literal(token.text == "true")
            case TokenKind.NAME if token.text not in _KEYWORDS:
                if self._next.kind is TokenKind.SIGN and self._next.text == "(":
                    return self._call(token)
                return self._field(token)
        raise self._unexpected(token)

    def _bracketed(self, inside: Callable[[], Expression]) -> Expression:
        opening = self._expect("(")
        self._brackets += 1
        if self._brackets > DEEPEST_RULE:
            raise RuleError(RuleReason.TOO_DEEP, opening.column, {"most": str(DEEPEST_RULE)})
        found = inside()
        self._expect(")")
        self._brackets -= 1
        return found

    # -- calls and paths -------------------------------------------------------------------------------------

    def _call(self, name: Token) -> Expression:
        function = FUNCTIONS.get(name.text)
        if function is None:
            raise RuleError(RuleReason.UNKNOWN_FUNCTION, name.column, {"found": name.text})
        return self._bracketed(lambda: self._arguments(name, function))

    def _arguments(self, name: Token, function: Function) -> Expression:
        shown_before = bool(self._shown)
        found: list[Expression] = []
        while not (self._next.kind is TokenKind.SIGN and self._next.text == ")"):
            if found:
                self._expect(",")
            if function.most is not None and len(found) >= function.most:
                raise _count_error(name, function)
            inner = len(found) == 1 and name.text in ELEMENTWISE
            found.append(self._of_elements(name, found[0]) if inner else self._argument(function, len(found)))
        if len(found) < function.least:
            raise _count_error(name, function)
        if name.text in ALTERNATIVES and not shown_before:
            self._shown = [path for path in found if isinstance(path, FieldPath)]
        return Call(name.text, tuple(found))

    def _argument(self, function: Function, at: int) -> Expression:
        token = self._next
        found = self._any_of()
        wanted, kind = function.wanted(at), kind_of(found)
        written = found.value if isinstance(found, Literal) else None
        match wanted:
            case Wanted.PATH:
                fits = isinstance(found, FieldPath)
            case Wanted.NAME | Wanted.WORD:
                fits = isinstance(written, str)
            case Wanted.COUNT:
                fits = isinstance(written, Decimal) and written == written.to_integral_value()
            case Wanted.TEXT:
                fits = kind is not Kind.TRUTH
            case Wanted.NUMBER | Wanted.DATE | Wanted.RULE:
                same = {Wanted.NUMBER: Kind.NUMBER, Wanted.DATE: Kind.DATE, Wanted.RULE: Kind.TRUTH}
                fits = kind in (same[wanted], Kind.VALUE)
        if not fits:
            raise RuleError(
                RuleReason.WRONG_KIND, token.column, {"wanted": wanted.value, "found": kind.value}
            )
        if wanted is Wanted.WORD and written not in function.words:
            params = {"found": str(written), "allowed": ", ".join(function.words)}
            raise RuleError(RuleReason.WRONG_WORD, token.column, params)
        if wanted is Wanted.NAME and function.names is not None:
            self._refers.append(Reference(function.names, str(written), token.column))
        return found

    def _of_elements(self, name: Token, path: Expression) -> Expression:
        if len(self._lists) == DEEPEST_NESTING:
            raise RuleError(RuleReason.NESTED_TOO_DEEP, name.column, {"most": str(DEEPEST_NESTING)})
        assert isinstance(path, FieldPath)  # noqa: S101 - _argument saw to it
        self._lists.append(self._completed(path))
        found = self._argument(FUNCTIONS[name.text], 1)
        self._lists.pop()
        return found

    def _field(self, token: Token) -> FieldPath:
        of_element = token.kind is TokenKind.ELEMENT
        if of_element and not self._lists:
            raise RuleError(RuleReason.ELEMENT_OUTSIDE, token.column, {"found": token.text})
        anywhere = token.text.startswith("**.")
        names = token.text.removeprefix("**.").removeprefix(".")
        parts = tuple(folded_name(part) for part in names.split(".")) if names else ()
        if anywhere and parts[0].isdecimal():
            raise self._unexpected(token)
        path = FieldPath(token.text, parts, anywhere, of_element)
        self._fields[self._completed(path)] = None
        if not self._shown and not of_element:
            self._shown = [path]
        return path

    def _completed(self, path: FieldPath) -> str:
        if not path.of_element:
            return path.source
        around = self._lists[-1].removesuffix(".*")
        return f"{around}.*{path.source if path.parts else ''}"

    # -- words -----------------------------------------------------------------------------------------------

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _accept(self, text: str) -> bool:
        token = self._next
        if token.kind in (TokenKind.SIGN, TokenKind.NAME) and token.text == text:
            self._at += 1
            return True
        return False

    def _expect(self, sign: str) -> Token:
        token = self._next
        if token.kind is not TokenKind.SIGN or token.text != sign:
            raise self._unexpected(token)
        self._at += 1
        return token

    def _take(self, kind: TokenKind) -> Token:
        token = self._next
        if token.kind is not kind:
            raise self._unexpected(token)
        self._at += 1
        return token

    def _truth(self, read: Callable[[], Expression]) -> Expression:
        began = self._next
        found = read()
        self._want(found, Kind.TRUTH, began)
        return found

    def _want(self, found: Expression, kind: Kind, began: Token) -> None:
        if kind_of(found) not in (kind, Kind.VALUE):
            raise _wrong_kind(kind, kind_of(found), began.column)

    def _unexpected(self, token: Token) -> RuleError:
        if token.kind is TokenKind.END:
            return RuleError(RuleReason.UNFINISHED, token.column)
        return RuleError(RuleReason.UNEXPECTED, token.column, {"found": token.text})


def _wrong_kind(wanted: Kind, found: Kind, column: int) -> RuleError:
    return RuleError(RuleReason.WRONG_KIND, column, {"wanted": wanted.value, "found": found.value})


def _count_error(name: Token, function: Function) -> RuleError:
    if function.most is None:
        return RuleError(RuleReason.ARGUMENT_MISSING, name.column, {"function": name.text})
    params = {"function": name.text, "least": str(function.least), "most": str(function.most)}
    return RuleError(RuleReason.ARGUMENT_COUNT, name.column, params)


def _number(token: Token) -> Decimal:
    whole, _point, places = token.text.partition(".")
    if len(whole) > _LONGEST_NUMBER or len(places) > _LONGEST_NUMBER:
        raise RuleError(RuleReason.NUMBER_TOO_LARGE, token.column, {"found": token.text})
    return Decimal(token.text)


def _date(token: Token) -> date:
    try:
        return date.fromisoformat(token.text)
    except ValueError as error:
        raise RuleError(RuleReason.NO_DATE, token.column, {"found": token.text}) from error


def _depth(node: Expression) -> int:
    return 1 + max((_depth(child) for child in children(node)), default=0)
