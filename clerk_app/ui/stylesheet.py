"""The few things a palette cannot say: borders, radius, padding. Everything else is Fusion."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

from clerk_app.ui.contrast import ratio
from clerk_app.ui.resources import resource_dir

_SHEET = Template("""
QMainWindow, QDialog { background: $bg; }
QMenuBar { background: $side; color: $text; padding: ${p2}px ${p12}px; border: 0; }
QMenuBar::item { padding: ${p4}px ${p8}px; background: transparent; border-radius: ${p4}px; }
QMenuBar::item:selected { background: $menubar; color: $onchosen; }
QMenu { background: $raised; color: $text; border: 1px solid $border; padding: ${p4}px; }
QMenu::item { padding: ${p6}px ${p28}px ${p6}px ${p12}px; border-radius: ${p4}px; }
QMenu::item:selected { background: $chosen; color: $onchosen; }
QMenu::item:disabled { color: $gone; }
QMenu::separator { height: 1px; background: $line; margin: ${p4}px ${p8}px; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: ${p4}px ${p6}px; }

QPushButton { background: $bg; color: $text; border: 1px solid $border; border-radius: ${p4}px;
  padding: ${p5}px ${p12}px; min-height: ${p20}px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $chosen; color: $onchosen; }
QPushButton:focus { border: 2px solid $focus; padding: ${p4}px ${p11}px; }
QPushButton:disabled { color: $gone; border-color: $faint; background: $side; }
QPushButton[kind="primary"] { background: $act; color: $onact; border-color: $act; font-weight: bold; }
QPushButton[kind="primary"]:focus { border: 2px solid $ring; }
QPushButton[kind="primary"]:disabled { background: $neu_bg; color: $gone; border-color: $dim; }
QPushButton[kind="danger"] { color: $bad; }
QPushButton[kind="chip"] { border-radius: ${p11}px; padding: ${p2}px ${p10}px; min-height: ${p20}px; }
QPushButton[kind="chip"]:focus { border: 2px solid $focus; padding: ${p1}px ${p9}px; }
QPushButton[kind="chip"]:checked { background: $chosen; color: $onchosen; border-color: $act;
  font-weight: bold; }
QPushButton[kind="flat"] { border: 1px solid transparent; background: transparent; padding: ${p4}px ${p8}px; }
QPushButton[kind="flat"]:hover { background: $hover; }
QPushButton[kind="flat"]:focus { border: 2px solid $focus; padding: ${p3}px ${p7}px; }
QPushButton[kind="flat"]:disabled { color: $gone; }

QPushButton[kind="small"] { padding: ${p1}px ${p8}px; min-height: ${p20}px; }
QPushButton[kind="small"]:focus { border: 2px solid $focus; padding: 0 ${p7}px; }
QLabel[kind="linked"]:focus { border: 2px solid $focus; border-radius: ${p4}px; }

QPushButton[kind="card"] { text-align: left; background: $side; border: 1px solid $line;
  padding: ${p6}px ${p12}px; }
QPushButton[kind="card"]:hover { background: $hover; border-color: $border; }
QPushButton[kind="card"]:focus { border: 2px solid $focus; padding: ${p5}px ${p11}px; }
QPushButton[kind="status"] { border: 1px solid transparent; background: transparent; padding: 0 ${p4}px;
  min-height: ${p24}px; font-size: ${p12}px; color: $muted; }
QPushButton[kind="status"]:hover { background: $selside; }
QPushButton[kind="status"]:focus { border: 2px solid $focus; padding: 0 ${p3}px; }
QLabel[role="status"] { font-size: ${p12}px; color: $muted; }
QRadioButton { spacing: ${p8}px; min-height: ${p24}px; border: 2px solid transparent;
  border-radius: ${p4}px; }
QRadioButton::indicator, QCheckBox::indicator, QTableView::indicator, QListView::indicator {
  width: ${p14}px; height: ${p14}px; border: 1px solid $border; background: $bg; }
QCheckBox::indicator, QTableView::indicator, QListView::indicator { border-radius: ${p3}px; }
QCheckBox::indicator:checked, QTableView::indicator:checked, QListView::indicator:checked {
  background: $act; border-color: $act; image: url("$check"); }
QRadioButton::indicator { border-radius: ${round}px; }
QRadioButton::indicator:checked { width: ${hole}px; height: ${hole}px; border: ${p5}px solid $act;
  border-radius: ${round}px; }
QRadioButton:focus { border-color: $focus; }

QLineEdit, QPlainTextEdit, QDateEdit, QComboBox { background: $bg; color: $text; border: 1px solid $border;
  border-radius: ${p4}px; padding: ${p5}px ${p8}px; selection-background-color: $act;
  selection-color: $onact; }
QLineEdit, QDateEdit, QComboBox { min-height: ${p20}px; }
QLineEdit:focus, QPlainTextEdit:focus, QDateEdit:focus, QComboBox:focus { border: 2px solid $focus;
  padding: ${p4}px ${p7}px; }
QLineEdit:disabled, QPlainTextEdit:disabled { color: $gone; border-color: $faint; }
QPlainTextEdit[kind="raw"] { border: 0; padding: 0; }
QDateEdit::drop-down, QComboBox::drop-down { border: 0; width: ${p24}px; }
QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $border;
  selection-background-color: $chosen; selection-color: $onchosen; }
QDateEdit::down-arrow, QComboBox::down-arrow { image: url("$arrow"); width: ${p18}px; height: ${p18}px; }
QCheckBox { spacing: ${p8}px; min-height: ${p24}px; border: 2px solid transparent; border-radius: ${p4}px; }
QCheckBox:focus { border-color: $focus; }

QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; border: 0; border-bottom: 2px solid transparent;
  padding: ${p8}px ${p12}px; min-height: ${p18}px; }
QTabBar[kind="compact"]::tab { padding: ${p6}px ${p6}px; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $act; font-weight: bold; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected:focus { background: $chosen; color: $onchosen; }

QLineEdit, QPlainTextEdit, QTextEdit { placeholder-text-color: $muted; }
QTableView, QTreeView, QListView, QScrollArea, QTextBrowser { background: $bg; border: 0; outline: 0;
  selection-background-color: $chosen; selection-color: $onchosen; }
QListView[kind="choices"]::item { min-height: ${p28}px; border: 0; }
QListView[kind="choices"]::item:selected { background: $chosen; color: $onchosen; }
QTreeView[kind="form"]::item { border: 0; }
QTableView[kind="table"] { gridline-color: $line; }
QTableView[kind="table"]::item { padding: 0 ${p6}px; border: 0; }
QTableView[kind="table"]::item:selected { background: $sel; }
QHeaderView { background: $bg; }
QHeaderView::section { background: $bg; color: $muted; border: 0; border-bottom: 1px solid $line;
  padding: ${p6}px ${p8}px; font-weight: bold; text-align: left; }
QTextEdit[kind="reading"] { background: $bg; color: $text; border: 0; selection-background-color: $act;
  selection-color: $onact; }
QTextEdit[kind="reading"]:focus { border: 2px solid $focus; }
QSplitter::handle { background: $line; }
QScrollBar:vertical { background: transparent; width: ${p12}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${p12}px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: ${p3}px; margin: ${p3}px; }
QScrollBar::handle:vertical { min-height: ${p28}px; }
QScrollBar::handle:horizontal { min-width: ${p28}px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QLabel { background: transparent; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="bad"] { color: $bad; font-weight: bold; }
QLabel[role="warn"] { color: $warn; font-weight: bold; }
QLabel[role="ok"] { color: $ok; }
QLabel[role="title"] { font-size: ${p18}px; font-weight: bold; }
QLabel[role="section"] { font-weight: bold; }
QLabel[role="caption"] { font-size: ${p11}px; font-weight: bold; color: $muted; }
QLabel[badge="info"], QLabel[badge="ok"], QLabel[badge="warn"], QLabel[badge="bad"], QLabel[badge="neu"] {
  font-size: ${p12}px; font-weight: bold; border-radius: ${p4}px; padding: 0; color: $text;
  qproperty-alignment: AlignCenter; }
QLabel[badge="info"] { background: $info_bg; border: 1px solid $info; }
QLabel[badge="ok"] { background: $ok_bg; border: 1px solid $ok; }
QLabel[badge="warn"] { background: $warn_bg; border: 1px solid $warn; }
QLabel[badge="bad"] { background: $bad_bg; border: 1px solid $bad; }
QLabel[badge="neu"] { background: $neu_bg; border: 1px solid $neu; }
QLabel[role="practice"] { background: $warn_bg; color: $text; font-weight: bold; padding: ${p4}px;
  border-bottom: 1px solid $warn; }
QWidget[area="side"] { background: $side; }
QScrollArea[area="nav"], QWidget[area="navlist"] { background: $side; border: 0; }
QWidget[area="nav"] { background: $side; border: 0; border-right: 1px solid $line; }
QFrame[area="bar"] { background: $bg; border: 0; border-top: 1px solid $line; }
QFrame[area="status"] { background: $side; border: 0; border-top: 1px solid $line; }
QFrame[area="header"] { background: $bg; border: 0; border-bottom: 1px solid $line; }
QFrame[area="line"] { background: $line; border: 0; max-height: 1px; min-height: 1px; }
QFrame[area="card"] { background: $side; border: 1px solid $line; border-radius: ${p4}px; }
QFrame[area="toast"] { background: $raised; border: 1px solid $border; border-radius: ${p4}px; }
QFrame[level="bad"] { background: $bad_bg; border: 0; border-left: ${p4}px solid $bad;
  border-radius: ${p4}px; }
QFrame[level="warn"] { background: $warn_bg; border: 0; border-left: ${p4}px solid $warn;
  border-radius: ${p4}px; }
QFrame[level="info"] { background: $info_bg; border: 0; border-left: ${p4}px solid $info;
  border-radius: ${p4}px; }
QFrame[level="ok"] { background: $ok_bg; border: 0; border-left: ${p4}px solid $ok; border-radius: ${p4}px; }
""")

_MIDDLE = 21**0.5  # a colour as far from white as from black
_LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 18, 20, 24, 28)


def _chosen(tokens: Mapping[str, str], high_contrast: bool) -> dict[str, str]:
    """What is chosen, pressed, greyed out: shades of our own, or in high contrast the system's colours."""
    if high_contrast:
        return {
            "chosen": tokens["act"],
            "menubar": tokens["act"],
            "onchosen": tokens["onact"],
            "ring": tokens["onact"],
            "faint": tokens["gone"],
            "dim": tokens["gone"],
        }
    return {
        "chosen": tokens["sel"],
        "menubar": tokens["selside"],
        "onchosen": tokens["text"],
        "ring": tokens["focus"],
        "gone": tokens["muted"],
        "faint": tokens["line"],
        "dim": tokens["neu_bg"],
    }


def stylesheet(tokens: Mapping[str, str], scale: float, *, high_contrast: bool = False) -> str:
    """The sheet for these colours at this text size."""
    lengths = {f"p{length}": str(max(1, round(length * scale))) for length in _LENGTHS}
    tick = "check-light" if ratio(tokens["act"], "#FFFFFF") > _MIDDLE else "check-dark"
    check = (resource_dir("icons") / f"{tick}.svg").as_posix()
    arrow = (resource_dir("icons") / "arrow-down.svg").as_posix()
    # a radius of more than half a side is no radius: the dot would be a box
    box = round(14 * scale) + 2
    lengths |= {"round": str(box // 2), "hole": str(box - 2 * int(lengths["p5"]))}
    colours = {**tokens, **_chosen(tokens, high_contrast)}
    return _SHEET.substitute(colours, check=check, arrow=arrow, **lengths)
