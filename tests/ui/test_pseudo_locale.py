"""Every screen in a language a third longer: nothing written past the catalogue, nothing clipped.

The one walk over all screens also sees that the list of screens is whole.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QRawFont

import clerk_app.usecases.filed_documents
from clerk_app.texts import LANGUAGES, _, set_language
from clerk_app.ui.access_walk import complaints
from clerk_app.ui.commands import Menu, Screen
from clerk_app.ui.pages import MAKERS
from clerk_app.ui.resources import resource_dir
from clerk_app.ui.settings import MemorySettings
from tests.ui.conftest import Pilot
from tests.ui.pseudo import outside, pseudo, pseudo_language
from tests.ui.screens import SCREENS, filled_office, front, home, ready, visit
from tests.ui.visible_text import visible_texts

WORD = re.compile(r"[^\W\d_]{3,}")
#: Names that are the same in every language: of the program, of formats, of keys.
NAMES = {"Amtsstube", "PDF", "Alt", "Tab", "Esc", "Enter", *LANGUAGES.values()}
VALUES = ("seeds", "policy_sample", "outbox_seeds", "fakes", "fake_store", "fake_letters", "fake_packages",
          "screens", "test_related_panel", "test_review_page", "test_verify_page")  # fmt: skip


def office_words() -> set[str]:
    """Every word the fake office may bring along: names, services, forms, documents."""
    found: set[str] = set()
    for name in VALUES:
        tree = ast.parse(Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                found |= set(WORD.findall(node.value))
    return found


def foreign(signs: set[str]) -> set[str]:
    """Those of them that no font of ours has."""
    fonts = [
        QRawFont(str(resource_dir("fonts") / f"{name}.ttf"), 13)
        for name in ("NotoSans-Regular", "AmtsstubeSigns-Regular")
    ]
    return {
        sign
        for sign in signs
        if sign.isprintable() and not any(font.supportsCharacter(ord(sign)) for font in fonts)
    }


def help_words() -> set[str]:
    """The help's own texts; they are translated file by file."""
    texts = (path.read_text(encoding="utf-8") for path in (resource_dir("help") / "de").glob("*.txt"))
    return {word for text in texts for word in WORD.findall(text)}


def file_words() -> set[str]:
    """What documents of a file are called: a German authority's file is German."""
    source = Path(clerk_app.usecases.filed_documents.__file__).read_text(encoding="utf-8")
    return set(WORD.findall(source))


def test_placeholders_mnemonics_and_lines_are_kept() -> None:
    made = pseudo("&Anlagen von {name}:\nkeine")
    assert made.startswith("[&Añlágéñ vóñ {name}:\nkéíñé ")
    assert len(made) > len("&Anlagen von :\nkeine") * 1.25
    assert outside(pseudo("{a} [und] {b}").format(a="x", b="y [z]") + " w").strip() == "w"


def test_nothing_is_written_past_the_catalogue_and_nothing_clipped(
    open_pilot: Callable[..., Pilot],
) -> None:
    known = office_words() | file_words() | NAMES
    forgotten: dict[str, set[str]] = defaultdict(set)
    unclear: list[str] = []
    signs: set[str] = set()
    shown: set[Screen] = set()
    with pseudo_language():
        pilot = open_pilot(filled_office(), MemorySettings({"theme": "light"}))
        ready(pilot)
        for name in SCREENS:
            seen = visit(pilot, name)
            shown.add(pilot.desk.window.shown)
            assert not pilot.desk.window.messages.isVisible() or name == "message", name
            unclear += [f"{name}: {each}" for each in complaints(seen)]
            allowed = known | help_words() if name == "help" else known
            for where, text in visible_texts(seen):
                signs.update(text)
                for word in set(WORD.findall(outside(text))) - allowed:
                    forgotten[word].add(f"{name}/{where}")
        home(pilot)
        assert front(pilot) is pilot.desk.window
    assert not forgotten
    assert not unclear
    assert not foreign(signs), "signs that only some machines can show"
    assert shown >= {Screen.BROWSE, *MAKERS}, "a page without an entry in SCREENS"


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "de"])
def test_mnemonics_are_unique_in_each_menu(pilot: Pilot, code: str) -> None:
    """In German they are with the commands' own tests."""
    set_language(code)
    try:
        twice = []
        for menu in Menu:
            letters: dict[str, list[str]] = {}
            for text in (_(c.text) for c in pilot.desk.window.commands.all() if c.menu is menu):
                if "&" in text:
                    letters.setdefault(text[text.index("&") + 1].casefold(), []).append(text)
            twice += [(menu, texts) for texts in letters.values() if len(texts) > 1]
    finally:
        set_language("de")
    assert not twice
