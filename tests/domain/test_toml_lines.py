"""Lines of TOML keys: each key and element of every file that ships is found on its own line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clerk_app.domain.toml_lines import KeyPath, TomlLines, error_line

TEXT = '''\
a = 1
b = ["x", # no ] here
  "y]",
  { c = 1, "d.e" = "}" },
]
[t.u]
k.l = """
z = 1
"""  # c
m = '#'
[[w]]
p = { de = "x", en = 2026-01-01 }
[w.translations.hsb]
q = 1
[[w]]
p = []
r = 1
'''
LINES: list[tuple[KeyPath, int]] = [
    (("a",), 1),
    (("b",), 2),
    (("b", 0), 2),
    (("b", 1), 3),
    (("b", 2), 4),
    (("b", 2, "d.e"), 4),
    (("t", "u"), 6),
    (("t", "u", "k", "l"), 7),
    (("t", "u", "m"), 10),
    (("w",), 11),
    (("w", 0), 11),
    (("w", 0, "p", "en"), 12),
    (("w", 0, "translations", "hsb", "q"), 14),
    (("w", 1), 15),
    (("w", 1, "r"), 17),
    (("w", 1, "absent"), 15),
    (("a", "below"), 1),
]


@pytest.mark.parametrize(("path", "line"), LINES)
def test_a_key_has_the_line_it_stands_on(path: KeyPath, line: int) -> None:
    assert TomlLines(TEXT).line(path) == line


def test_what_is_nowhere_has_no_line() -> None:
    assert TomlLines(TEXT).line(("x", "y")) is None
    assert TomlLines("").line(("x",)) is None
    assert TomlLines("not toml [").line(("x",)) is None


@pytest.mark.parametrize(
    "file", sorted(Path(__file__).parents[2].glob("resources/packages/**/*.toml")), ids=lambda path: path.name
)
def test_every_value_that_ships_is_found_where_its_key_stands(file: Path) -> None:
    text = file.read_text("utf-8")
    lines, written = TomlLines(text), text.split("\n")
    for path in _paths(tomllib.loads(text), ()):
        line = lines.line(path)
        assert line is not None, path
        if isinstance(path[-1], str):
            assert path[-1] in written[line - 1], path


def test_a_message_of_the_reader_names_its_line() -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads("a = 1\nb = \n")
    assert error_line(str(caught.value)) == 2
    assert error_line("Unexpected end of document") is None


def _paths(node: Any, path: KeyPath) -> Iterator[KeyPath]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _paths(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _paths(value, (*path, number))
    elif path:
        yield path
