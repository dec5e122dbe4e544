"""High contrast: none of our colours, and yet what is chosen and what has the focus can be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from clerk_app.ui.contrast import ratio
from clerk_app.ui.settings import MemorySettings, ThemeChoice
from clerk_app.ui.sidebar import Area
from clerk_app.ui.system_look import SystemLook, contrast_tokens
from clerk_app.ui.theme import own_contrast
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeOffice
from tests.ui.pictures import picture
from tests.ui.screens import filled_office, home, visit

GROUND, TEXT, CHOSEN, ON_CHOSEN, GONE = "#000000", "#ffffff", "#1aebff", "#0a0a0a", "#3ff23f"
OURS = {"#2044AA", "#E4E9F5", "#DFE1EA", "#454B6B", "#51577A"}


def synthetic() -> QPalette:
    """Colours no theme of ours has."""
    role = QPalette.ColorRole
    palette = QPalette()
    for each in (role.Window, role.Base, role.AlternateBase, role.Button, role.ToolTipBase):
        palette.setColor(each, QColor(GROUND))
    for each in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText, role.ToolTipText):
        palette.setColor(each, QColor(TEXT))
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(GONE))
    palette.setColor(role.Highlight, QColor(CHOSEN))
    palette.setColor(role.HighlightedText, QColor(ON_CHOSEN))
    return palette


class FakeLook(SystemLook):
    """A system somebody asked for high contrast."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.asked = True

    @property
    def high_contrast(self) -> bool:
        return self.asked

    def palette(self) -> QPalette:
        return synthetic()


@pytest.fixture
def pilot(open_pilot: Callable[..., Pilot], qapp: QApplication) -> Iterator[Pilot]:
    """A window on such a system; light was chosen in it before."""
    made = open_pilot(filled_office(), MemorySettings({"theme": "light"}))
    theme = made.desk.bench.theme
    theme.system.changed.disconnect(theme.refresh)
    theme.system = FakeLook(qapp)
    theme.system.changed.connect(theme.refresh)
    theme.system.changed.emit()
    yield made
    home(made)
    theme.system = SystemLook(qapp)
    theme.refresh()


def colours(widget: QWidget) -> set[str]:
    """The plain colours of what it shows; the blends at the edges of letters are rare."""
    shown = picture(widget)
    counted = shown.getcolors(shown.width * shown.height) or []
    found = set()
    for count, value in counted:
        assert isinstance(value, tuple)
        if count > shown.width * shown.height / 2000:
            found.add("#{:02x}{:02x}{:02x}".format(*value))
    return found


def test_the_systems_colours_take_the_place_of_ours_and_show_what_is_chosen(pilot: Pilot) -> None:
    for name in ("list", "review", "outbox", "sign-dialog"):
        found = colours(visit(pilot, name))
        assert {GROUND, TEXT} <= found, name
        # letters blend ground and text to greys; pages of documents are pictures
        strange = [QColor(each) for each in found - {GROUND, TEXT, CHOSEN}]
        hues = {QColor(CHOSEN).hue(), QColor(GONE).hue()}
        assert all(each.saturation() < 12 or each.hue() in hues for each in strange), (name, found)
        assert not {each.lower() for each in OURS} & found
    assert QApplication.palette().color(QPalette.ColorRole.Highlight).name() == CHOSEN

    visit(pilot, "list")
    view = pilot.desk.list.view
    pilot.desk.list.search.setFocus()
    pilot.calm()
    assert framed(view, view.visualRect(view.currentIndex()).top()), "even without the focus"
    visit(pilot, "outbox")
    table = pilot.desk.outbox.view
    pilot.desk.window.sidebar.focus_area()
    pilot.calm()
    assert framed(table.viewport(), table.visualRect(table.currentIndex()).top())
    assert CHOSEN in colours(pilot.desk.window.sidebar._buttons[Area.OUTBOX])

    theme = pilot.desk.bench.theme
    assert (theme.high_contrast, theme.dark) == (True, True)
    assert isinstance(theme.system, FakeLook)
    theme.system.asked = False
    theme.system.changed.emit()
    assert (theme.high_contrast, theme.dark) == (False, False)
    assert theme.hex("act") == "#2044AA"


def framed(widget: QWidget, top: int) -> bool:
    """Whether the row that begins there has a line of the chosen colour."""
    shown: Image.Image = picture(widget)
    line = [shown.getpixel((x, top)) for x in range(10, shown.width - 30, 7)]
    return line.count((26, 235, 255)) > len(line) * 0.8


def test_it_can_be_chosen_here_where_the_system_has_none(open_pilot: Callable[..., Pilot]) -> None:
    pilot = open_pilot(FakeOffice(), MemorySettings({"theme": "light"}))
    pilot.desk.window.commands.run("view.contrast")
    theme = pilot.desk.bench.theme
    assert pilot.desk.bench.settings.get("theme") == ThemeChoice.CONTRAST.value
    assert theme.high_contrast
    assert theme.hex("text") == "#000000"
    for mode in ("light", "dark"):
        tokens = contrast_tokens(own_contrast(mode))
        for first, second, least in (
            ("text", "bg", 7),
            ("act", "bg", 7),
            ("onact", "act", 7),
            ("gone", "bg", 4.5),
        ):
            assert ratio(tokens[first], tokens[second]) >= least, (mode, first)
