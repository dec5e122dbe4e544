"""Every screen walked as people with other eyes and hands meet it: contrast of what is painted, Tab, focus.

Each lint is shown a widget it must complain about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPropertyAnimation, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from clerk_app.ui.access_check import AccessLine, Subject, Verdict, as_text, examine
from clerk_app.ui.access_dialog import AccessDialog
from clerk_app.ui.access_walk import clipped, in_sight, misnamed, small_targets, takes_tab, unnamed
from clerk_app.ui.contrast import LEAST_TEXT, ratio, weak_pairs
from clerk_app.ui.settings import MemorySettings
from clerk_app.ui.tab_order import reading_order
from clerk_app.ui.theme import load_tokens
from clerk_app.ui.window import SMALLEST
from tests.ui.conftest import Pilot
from tests.ui.screens import SCREENS, filled_office, front, home, ready, visit

_MOST_TABS = 150
_MOST_SECTIONS = 4


def weak_texts(window: QWidget) -> list[str]:
    """Words whose painted colour is too close to what is painted behind them."""
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    found = []
    for widget in in_sight(window):
        if not isinstance(widget, QLabel | QPushButton | QRadioButton) or not widget.isEnabled():
            continue
        words = widget.text()
        whole = widget.visibleRegion().boundingRect() == widget.rect()  # else most of it may be scrolled away
        if not whole or not any(c.isalnum() for c in words):
            continue
        box = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(3, 3, -3, -3)
        contrast = painted_contrast(image, box.intersected(image.rect()))
        if contrast is not None and contrast < LEAST_TEXT:
            found.append(f"{contrast:.1f}: {words[:40]}")
    return found


def painted_contrast(image: QImage, box: QRect) -> float | None:
    """Contrast of the commonest colour with the one furthest from it; None where nothing is written."""
    if box.width() < 6 or box.height() < 6:
        return None
    colours: Counter[int] = Counter()
    for y in range(box.top(), box.bottom() + 1):
        for x in range(box.left(), box.right() + 1, 1):
            colours[image.pixel(x, y) & 0xFFFFFF] += 1
    (ground, number), *_rest = colours.most_common(1)
    if number == box.width() * box.height():
        return None
    return max(ratio(f"#{ground:06X}", f"#{colour:06X}") for colour in colours)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_what_is_painted_can_be_read_and_tab_goes_everywhere(
    open_pilot: Callable[..., Pilot], look: str
) -> None:
    pilot = open_pilot(filled_office(), MemorySettings({"theme": look}))
    ready(pilot)
    complaints: list[str] = []
    for screen in SCREENS:
        seen = visit(pilot, screen)
        complaints += [f"{screen}: contrast {each}" for each in weak_texts(seen)]
        if look == "light":
            complaints += [
                f"{screen}: {each}" for each in unnamed(seen) + misnamed(seen) + small_targets(seen)
            ]
            complaints += [f"{screen}: {each}" for each in round_trip(seen, pilot.calm)]
            complaints += [f"{screen}: {each}" for each in out_of_order(visit(pilot, screen))]
    home(pilot)
    assert not complaints, "\n".join(complaints)


def round_trip(window: QWidget, settle: Callable[[], object] = lambda: None) -> list[str]:
    """Tab from the first stop until it comes round again: who is left out, where it is caught, which list it
    comes to without a row to begin at."""
    window.activateWindow()
    wanted = {each for each in in_sight(window) if takes_tab(each) and each.isEnabled() and not _inner(each)}
    start = QApplication.focusWidget()
    if start is None or start not in wanted:
        first = next(iter(sorted(wanted, key=lambda each: each.mapTo(window, QPoint(0, 0)).y())), None)
        if first is None:
            return []
        first.setFocus(Qt.FocusReason.TabFocusReason)
        start = first
    passed: list[QWidget] = []
    found = []
    for _step in range(_MOST_TABS):
        now = QApplication.focusWidget()
        if now is None:
            break
        if passed and now is start:
            break
        again = passed[-1:] == [now] and passed.count(now) < _MOST_SECTIONS  # day, month, year
        if now in passed and not again:
            found.append(f"Tab is caught at {_told(now)}")
            break
        passed.append(now)
        if isinstance(now, QAbstractItemView) and now.model().rowCount() and not now.currentIndex().isValid():
            found.append(f"no row to begin at in {_told(now)}")
        QTest.keyClick(now, Qt.Key.Key_Tab)
        settle()
    groups = {_group(each) for each in passed}
    for each in wanted - set(passed):
        if _group(each) not in groups and each.isVisible():
            found.append(f"Tab never comes to {_told(each)}")
    return found


def out_of_order(window: QWidget) -> list[str]:
    """Stops of the Tab key that stand wholly above, or to the left in the same line of, the one before them,
    within the same part of the window (parts beside each other are read one after the other)."""
    window.activateWindow()
    start = next((each for each in reading_order(window) if each.isEnabled()), None)
    if start is None:
        return []
    start.setFocus(Qt.FocusReason.TabFocusReason)
    found, now = [], start
    for _step in range(_MOST_TABS):
        QTest.keyClick(now, Qt.Key.Key_Tab)
        following = QApplication.focusWidget()
        if following is None or following is start:
            break
        if following.parentWidget() is now.parentWidget() and _stands_before(following, now):
            found.append(f"{_told(following)} is read before {_told(now)} and reached after it")
        now = following
    return found


def _stands_before(one: QWidget, other: QWidget) -> bool:
    a, b = one.geometry(), other.geometry()
    above = a.bottom() <= b.top()
    return above or (a.right() <= b.left() and not b.bottom() <= a.top())


def _inner(widget: QWidget) -> bool:
    """Parts of a widget that takes the focus itself."""
    return widget.focusProxy() is not None


def _group(widget: QWidget) -> object:
    """Radio buttons of one group are one stop; so are the exclusive buttons of the sidebar."""
    if isinstance(widget, QAbstractButton) and (widget.group() is not None or widget.autoExclusive()):
        return widget.group() or widget.parentWidget()
    return widget


def _told(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName() or getattr(widget, 'text', str)()}"


@pytest.mark.parametrize("look", ["light", "dark", "contrast"])
def test_focus_can_be_seen(open_pilot: Callable[..., Pilot], look: str) -> None:
    pilot = open_pilot(filled_office(), MemorySettings({"theme": look}))
    ready(pilot)
    unseen = []
    for screen in SCREENS:
        window = visit(pilot, screen)
        window.activateWindow()
        for widget in in_sight(window):
            if not takes_tab(widget) or not widget.isEnabled() or _inner(widget):
                continue
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            if not widget.hasFocus():
                continue
            with_focus = widget.grab().toImage()
            widget.clearFocus()
            if widget.grab().toImage() == with_focus and not _edge_differs(window, widget):
                unseen.append(f"{screen}: {_told(widget)}")
    home(pilot)
    assert not unseen, "\n".join(unseen)


def _edge_differs(window: QWidget, widget: QWidget) -> bool:
    """The ring may be painted by what is around it."""
    box = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(-6, -6, 6, 6)
    without = window.grab(box).toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    return bool(window.grab(box).toImage() != without)


def test_each_lint_finds_what_it_is_for(qtbot: QtBot) -> None:
    window = QWidget()
    lines = QVBoxLayout()
    bare, small, pale, long = QLineEdit(), QPushButton("x"), QLabel("blass"), QLabel("abgeschnitten und lang")
    other = QPushButton("Senden")
    other.setAccessibleName("Abschicken")
    small.setFixedSize(10, 10)
    pale.setStyleSheet("color: #DDDDDD; background: #FFFFFF;")
    long.setFixedWidth(20)
    trap = QPlainTextEdit()
    for part in (bare, small, pale, long, other, trap):
        lines.addWidget(part)
    after = QPushButton("danach")
    lines.addWidget(after)
    window.setLayout(lines)
    qtbot.addWidget(window)
    window.setStyleSheet("QPushButton { color: black; background: white; min-height: 0; padding: 0; }")
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert any("QLineEdit" in each for each in unnamed(window))
    assert misnamed(window) == ["label not in name: 'senden' is called 'abschicken'"]
    assert any("10x10" in each for each in small_targets(window))
    assert any("abgeschnitten" in each for each in clipped(window))
    assert any("blass" in each for each in weak_texts(window))
    caught = round_trip(window)
    assert any("Tab is caught at QPlainTextEdit" in each for each in caught), caught
    assert any("Tab never comes to QPushButton danach" in each for each in caught), caught
    trap.hide()
    lines.activate()
    QWidget.setTabOrder(after, other)  # below, and now before it
    assert any("Senden" in each or "Abschicken" in each for each in out_of_order(window))
    tokens = load_tokens("light") | {"muted": "#EEEEEE"}
    assert {("muted", "bg"), ("muted", "sel")} <= {pair[:2] for pair in weak_pairs(tokens)}


def test_small_rows_and_sliders_are_found_unless_they_have_room(qtbot: QtBot) -> None:
    window = QWidget()
    rows, slider, button = (
        QListWidget(window),
        QSlider(Qt.Orientation.Horizontal, window),
        QPushButton(window),
    )
    rows.addItems(["eins", "zwei", "drei"])
    rows.setGeometry(0, 0, 200, 120)
    rows.setStyleSheet("QListWidget::item { height: 18px; }")
    slider.setGeometry(0, 130, 200, 14)
    slider.setAccessibleName("Größe")
    button.setGeometry(0, 200, 100, 30)
    qtbot.addWidget(window)
    window.resize(300, 300)
    window.show()
    found = small_targets(window)
    assert [each for each in found if "row: zwei" in each], found
    assert not [each for each in found if "Größe" in each], "nothing is near it"
    button.move(0, 144)
    assert [each for each in small_targets(window) if "200x14: Größe" in each]
    rows.setStyleSheet("QListWidget::item { height: 24px; }")
    assert not [each for each in small_targets(window) if "row" in each]


@pytest.mark.parametrize("look", ["light", "dark"])
def test_what_stands_in_an_empty_field_can_be_read(open_pilot: Callable[..., Pilot], look: str) -> None:
    pilot = open_pilot(filled_office(), MemorySettings({"theme": look}))
    ready(pilot)
    seen_words: set[str] = set()
    for screen in SCREENS:
        window = visit(pilot, screen)
        for field in in_sight(window):
            if (
                isinstance(field, QLineEdit)
                and field.isEnabled()
                and field.placeholderText()
                and not field.text()
            ):
                seen_words.add(field.placeholderText())
                image = field.grab(field.rect().adjusted(4, 4, -4, -4)).toImage()
                image = image.convertToFormat(QImage.Format.Format_RGB32)
                contrast = painted_contrast(image, image.rect())
                assert contrast is not None, (screen, field.placeholderText())
                assert contrast >= LEAST_TEXT, (screen, field.placeholderText(), contrast)
    home(pilot)
    assert len(seen_words) > 2


def test_the_self_check_tells_and_can_be_copied(pilot: Pilot) -> None:
    pilot.desk.window.commands.run("access.check")
    pilot.until(lambda: isinstance(front(pilot), AccessDialog))
    dialog = front(pilot)
    assert isinstance(dialog, AccessDialog)
    verdicts = {line.title: line.verdict for line in dialog._lines}
    assert verdicts["Alles Bedienbare hat einen Namen"] is Verdict.MET
    assert Verdict.NOT_MET not in verdicts.values(), as_text(dialog._lines)
    assert Verdict.BY_HAND in verdicts.values()
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == as_text(dialog._lines)
    assert "11.4.1.2\tAlles Bedienbare hat einen Namen\terfüllt" in as_text(dialog._lines)
    dialog.reject()
    pilot.until(lambda: front(pilot) is pilot.desk.window)

    window = pilot.desk.window
    broken = QPushButton(window)
    broken.setGeometry(0, 0, 12, 12)
    broken.show()
    found = examine(Subject(window, window.commands, pilot.desk.bench.theme))
    failed = {line.clause for line in found if line.verdict is Verdict.NOT_MET}
    assert failed == {"11.4.1.2", "2.5.8", "11.1.4.4"}
    moving = QPropertyAnimation(broken, b"pos", broken)
    moving.setEndValue(QPoint(5, 5))
    moving.setLoopCount(-1)
    moving.start()
    window_moves = examine(Subject(window, window.commands, pilot.desk.bench.theme))
    assert "11.2.2.2" in {line.clause for line in window_moves if line.verdict is Verdict.NOT_MET}
    moving.stop()

    def motion() -> AccessLine:
        lines = examine(Subject(window, window.commands, pilot.desk.bench.theme))
        return next(line for line in lines if line.clause == "11.2.2.2")

    assert motion().verdict is Verdict.MET
    timer = QTimer(broken, interval=40)
    timer.start()
    assert motion().verdict is Verdict.BY_HAND
    assert "QPushButton (40 ms)" in motion().details
    busy = QProgressBar(window)
    busy.setRange(0, 0)
    busy.show()
    assert motion().verdict is Verdict.NOT_MET
    busy.setRange(0, 7)
    timer.stop()
    assert motion().verdict is Verdict.MET
    busy.setParent(None)
    busy.deleteLater()
    broken.setParent(None)
    broken.deleteLater()


def test_twice_as_large_in_the_smallest_window_nothing_is_cut_off(open_pilot: Callable[..., Pilot]) -> None:
    """What has no room scrolls: every word of every screen can be brought into sight."""
    pilot = open_pilot(filled_office(), MemorySettings({"theme": "light", "font_scale": 2.0}))
    ready(pilot)
    cut_off = []
    for screen in SCREENS:
        seen = visit(pilot, screen, SMALLEST)
        cut_off += [f"{screen}: {each}" for each in clipped(seen)]
    assert pilot.desk.window.size().toTuple() == SMALLEST
    home(pilot)
    assert not cut_off, "\n".join(cut_off)


def test_the_screen_goes_where_the_keyboard_goes(open_pilot: Callable[..., Pilot]) -> None:
    pilot = open_pilot(filled_office(), MemorySettings({"theme": "light", "font_scale": 2.0}))
    ready(pilot)
    visit(pilot, "decision", SMALLEST)
    decision, room = pilot.desk.decision, pilot.desk.window._room
    first = next(iter(decision.outcomes.values()))
    first.setFocus(Qt.FocusReason.TabFocusReason)
    assert not first.visibleRegion().isEmpty()
    sign = decision._sign_button
    sign.setFocus(Qt.FocusReason.TabFocusReason)
    assert sign.visibleRegion().boundingRect() == sign.rect()
    assert room.verticalScrollBar().value() > 0
    home(pilot)
