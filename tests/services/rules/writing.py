"""Random rules and random forms, small enough for the language's limits."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NAMES = ("a", "b", "liste", "text", "tag")
RULE_NAMES = ("eins", "zwei", "drei")

paths = st.one_of(
    st.sampled_from(NAMES),
    st.builds("{}.{}".format, st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.builds("liste.*.{}".format, st.sampled_from(NAMES)),
    st.builds("liste.{}".format, st.integers(0, 3)),
    st.builds("**.{}".format, st.sampled_from(NAMES)),
)
element_paths = st.one_of(st.just("."), st.builds(".{}".format, st.sampled_from(NAMES)))
literals = st.one_of(
    st.integers(0, 99).map(str),
    st.just("0.5"),
    st.dates().map(str),
    st.sampled_from(['"x"', '"5"', '"2026-01-31"']),
)
fields = st.one_of(paths, st.just("first(a, b.text)"), st.just('parameter("p")'))


def _days(inside: bool) -> st.SearchStrategy[str]:
    some = st.one_of(_field(inside), st.just("arrival()"), st.just("applied()"), st.just("2026-01-31"))
    moved = st.builds(
        'plus({}, {}, "{}")'.format, some, _field(inside), st.sampled_from(["days", "months", "years"])
    )
    return st.one_of(some, moved)


def _field(inside: bool) -> st.SearchStrategy[str]:
    return st.one_of(fields, element_paths) if inside else fields


def _path(inside: bool) -> st.SearchStrategy[str]:
    return st.one_of(paths, element_paths) if inside else paths


def numbers(inside: bool) -> st.SearchStrategy[str]:
    base = st.one_of(
        st.integers(0, 99).map(str),
        _field(inside),
        st.builds("count({})".format, _path(inside)),
        st.builds("sum({})".format, _path(inside)),
        st.builds("length({})".format, _field(inside)),
        st.builds("age({})".format, _days(inside)),
        st.builds("days({}, {})".format, _days(inside), _days(inside)),
        st.builds("months({}, {})".format, _days(inside), _days(inside)),
        st.just('limit("grenze")'),
    )
    both = st.sampled_from(["+", "-", "*"])
    return st.one_of(base, st.builds("{} {} {}".format, base, both, base))


def truths(inside: bool, loops: int, names: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Rules that give true, false or unknown."""
    signs = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    base = st.one_of(
        st.sampled_from(["true", "false"]),
        _field(inside),
        st.builds("present({}, {})".format, _path(inside), _path(inside)),
        st.builds("{} {} {}".format, numbers(inside), signs, numbers(inside)),
        st.builds("{} {} {}".format, _days(inside), signs, _days(inside)),
        st.builds("{} = {}".format, _field(inside), literals),
        st.builds('{} in ("x", {})'.format, _field(inside), _field(inside)),
        st.builds('{} in list("werte")'.format, _field(inside)),
        st.builds('valid("{}", {})'.format, st.sampled_from(["iban", "email", "plate"]), _field(inside)),
        st.builds('attached("{}", 2)'.format, st.sampled_from(["x", "y"])),
        st.builds("ours({})".format, _field(inside)),
        *([st.builds('rule("{}")'.format, st.sampled_from(names))] if names else []),
    )
    if loops:
        body = truths(True, loops - 1, names)
        kind = st.sampled_from(["every", "some"])
        base = st.one_of(base, st.builds("{}({}, {})".format, kind, _path(inside), body))
    return st.one_of(
        base,
        base.map("not ({})".format),
        st.builds("({} {} {})".format, base, st.sampled_from(["and", "or"]), base),
    )


rules = truths(False, 2, ())
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from(
        ["2026-01-31", "2000-02-29T10:00", "9999-12-31", "1.234,56", "true", "x", "5", "05", "-"]
    ),
)
forms: st.SearchStrategy[Any] = st.recursive(
    values,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from([*NAMES, "A", "sonst"]), inner, max_size=4),
    ),
    max_leaves=25,
)
