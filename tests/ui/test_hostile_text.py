"""What a citizen typed is shown as typed: no text anywhere is taken for markup."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

import clerk_app.ui
from clerk_app.domain.case import HistoryEvent
from clerk_app.domain.outbox import OutboxKind
from clerk_app.ui.commands import tooltip
from clerk_app.ui.history import event_sentence
from tests.ui.conftest import Pilot
from tests.ui.fake_store import NOW, FakeOffice, case_id_of
from tests.ui.fakes import open_desk
from tests.ui.seeds import seed

HOSTILE = (
    "<b>fett</b>",
    "<img src='file:///etc/passwd'>",
    '<a href="http://evil.example">klick</a>',
    "<html><body><h1>Bewilligt</h1>",
    "&lt;b&gt; &amp; &copy;",
    "Zeile 1\nZeile 2\r\nZeile 3",
    "\u202egnp.exe\u202c",
    "A" * 500,
    "Müller & Söhne <GmbH>",
    "%s %n {0} {name}",
    "",
)
SOURCES = Path(clerk_app.ui.__file__).parent


@pytest.mark.parametrize("text", HOSTILE)
def test_every_screen_takes_it_as_text(open_pilot: Callable[..., Pilot], text: str) -> None:
    office = FakeOffice()
    office.add(
        seed(
            1,
            text,
            text or "Leistung",
            files=(text or "x",),
            warnings={"w": text or "x"},
            form={text or "Gruppe": {text or "Feld": text}},
        )
    )
    side = open_desk(office)
    side.cases.note(case_id_of(1), text)
    side.requesting.request(case_id_of(1), [text or "x"])
    pilot = open_pilot(office)
    desk = pilot.desk
    for area in ("open", "requests"):
        desk.window.commands.run(f"area.{area}")
        pilot.calm()
    for tab in range(desk.page.tabs.count()):
        desk.page.tabs.setCurrentIndex(tab)
        desk.window.grab()
    desk.open_case()
    pilot.calm()
    desk.window.grab()
    desk.ask()
    pilot.calm()
    desk.window.grab()
    desk.window.commands.run("area.outbox")
    pilot.calm()
    desk.window.grab()
    _only_plain_labels(desk.window)
    assert not desk.window.messages.isVisible()


def _only_plain_labels(window: QWidget) -> None:
    labels = window.findChildren(QLabel)
    assert len(labels) > 40
    for found in labels:
        if found.text():
            assert found.textFormat() is Qt.TextFormat.PlainText, found.text()


def test_no_module_makes_labels_that_guess() -> None:
    """QLabel("…") guesses; QMessageBox does too. Both are made in one place or not at all."""
    for path in SOURCES.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "QMessageBox", path.name
                assert node.func.id != "QLabel" or not node.args, path.name
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("setHtml", "appendHtml", "insertHtml", "RichText"), path.name


def test_tooltips_are_escaped() -> None:
    assert tooltip("<b>x</b>", 'a & "b"\nc') == (
        "<qt>&lt;b&gt;x&lt;/b&gt;<br>a &amp; &quot;b&quot;<br>c</qt>"
    )


def test_history_texts_stay_texts() -> None:
    event = HistoryEvent(NOW, "x", "noted", {"text": "<b>{kind}</b>"})
    assert event_sentence(event) == "Vermerk: <b>{kind}</b>"


@pytest.mark.parametrize(
    ("kind", "details", "words"),
    [
        ("opened", {}, "Vorgang angesehen"),
        ("checked", {"accepted": True, "reason": "telefonisch"}, "Prüfpunkt geprüft: telefonisch"),
        ("checked", {"accepted": True}, "Prüfpunkt geprüft"),
        ("checked", {"accepted": False}, "Prüfpunkt wieder geöffnet"),
        ("drafted", {"outcome": "refused"}, "Entwurf gespeichert: Ablehnung"),
        ("drafted", {"outcome": "later"}, "Entwurf gespeichert: later"),
        ("queued", {"kind": "decision"}, "Bescheid in den Postausgang gelegt"),
        ("moved", {"to": "DELIVERED"}, "Eintrag: zugestellt"),
        ("moved", {"to": "NEWER", "kind": "decision"}, "Bescheid: NEWER"),
        (
            "posted-corrected",
            {"kind": "decision", "was": "2026-11-27", "posted_on": "2026-11-25"},
            "Bescheid: Versandtag berichtigt, 25.11.2026 statt 27.11.2026",
        ),
        (
            "posted-corrected",
            {"kind": "decision", "was": None, "posted_on": "2026-11-25"},
            "Bescheid: Versandtag berichtigt auf den 25.11.2026",
        ),
        ("portal:accept-submission", {}, "Annahme gemeldet"),
        ("portal:unheard-of", {}, "Portal meldet: unheard-of"),
        ("future-act", {}, "future-act"),
    ],
)
def test_the_timeline_in_words(kind: str, details: dict[str, object], words: str) -> None:
    assert event_sentence(HistoryEvent(NOW, "x", kind, details)) == words


def test_every_kind_of_entry_has_a_word() -> None:
    from clerk_app.ui import labels

    assert len({labels.kind(kind) for kind in OutboxKind}) == len(OutboxKind)
