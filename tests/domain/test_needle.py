"""Words are found however their letters are written."""

from __future__ import annotations

import pytest

from clerk_app.domain.needle import Needle


def found(words: str, text: str) -> list[str]:
    return [text[begin:end] for begin, end in Needle(words).spans(text)]


@pytest.mark.parametrize(
    ("words", "text", "hits"),
    [
        ("mueller", "Frau Müller", ["Müller"]),
        ("muller", "Frau Müller", ["Müller"]),
        ("Müller", "MUELLER und mueller", ["MUELLER", "mueller"]),
        ("MULLER", "Mu\u0308ller", ["Mu\u0308ller"]),
        ("gross", "Groß, Ben", ["Groß"]),
        ("solcina", "Heide-Šołćina", ["Šołćina"]),
        ("dordevic", "Đorđević", ["Đorđević"]),
        ("aa", "aaaa", ["aa", "aa"]),
        ("a b", "a\nb", ["a\nb"]),
        ("  ", "a  b", []),
        ("x", "", []),
        ("", "abc", []),
        ("weg 5", "Musterweg 5 a", ["weg 5"]),
        ("<b>", "<b>fett</b>", ["<b>"]),
    ],
)
def test_hits(words: str, text: str, hits: list[str]) -> None:
    assert found(words, text) == hits
