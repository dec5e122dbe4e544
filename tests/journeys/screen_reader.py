"""Drives a window as assistive technology does: by names, roles and accessible actions, no key, no mouse.

Run by the system's Python, which has the bindings of AT-SPI (``python3-gi``, ``gir1.2-atspi-2.0``), with a
word of the row to choose. Ends with 0 when that case was granted, signed and lies in the outbox.
"""

from __future__ import annotations

import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # type: ignore[import-not-found]  # noqa: E402

warnings.simplefilter("ignore")
PATIENCE_S = 60
Node = Any
_pause = threading.Event()


def until(what: str, find: Callable[[], Node]) -> Node:
    """Asks again and again; another process offers no better way."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            found = find()
        except Exception:  # noqa: BLE001 - what was asked for went away meanwhile
            found = None
        if found:
            return found
        _pause.wait(0.1)
    print("NOT FOUND:", what)
    for node in nodes():
        if node.get_name():
            print("  ", node.get_role_name(), "|", node.get_name()[:100])
    sys.exit(1)


def window() -> Node:
    desktop = Atspi.get_desktop(0)
    for at in range(desktop.get_child_count()):
        application = desktop.get_child_at_index(at)
        if application and application.get_name() == "Amtsstube" and application.get_child_count():
            return application
    return None


def walk(node: Node, depth: int = 0) -> Iterator[Node]:
    """Everything that is shown."""
    if node is None or (depth > 1 and not has(node, "SHOWING")):
        return
    yield node
    for at in range(min(node.get_child_count(), 400)):
        yield from walk(node.get_child_at_index(at), depth + 1)


def nodes(role: str = "", name: str = "") -> list[Node]:
    return [
        node
        for node in walk(window())
        if role in ("", node.get_role_name()) and node.get_name().startswith(name)
    ]


def enabled(role: str, name: str) -> list[Node]:
    return [node for node in nodes(role, name) if has(node, "ENABLED")]


def children(node: Node) -> list[Node]:
    """All its parts, in sight or not."""
    return [node.get_child_at_index(at) for at in range(node.get_child_count())]


def unticked() -> list[Node]:
    """Points to check that nobody has ticked yet."""
    return [each for each in nodes("check box", "Geprüft:") if not has(each, "CHECKED")]


def has(node: Node, state: str) -> bool:
    return bool(node.get_state_set().contains(getattr(Atspi.StateType, state)))


def one(role: str, name: str) -> Node:
    """A part of this role whose name begins so, and that can be used."""
    wanted = lambda: next((node for node in nodes(role, name) if has(node, "ENABLED")), None)  # noqa: E731
    return until(f"{role} {name!r}", wanted)


def do(node: Node, action: str = "Press") -> None:
    names = [Atspi.Action.get_action_name(node, at) for at in range(Atspi.Action.get_n_actions(node))]
    print(action, "|", node.get_role_name(), "|", node.get_name()[:80])
    if action not in names or not Atspi.Action.do_action(node, names.index(action)):
        sys.exit(f"{node.get_name()!r} offers {names}, not {action}")


def main(word: str) -> None:
    table = one("table", "Vorgangsliste")
    rows = until("rows", lambda: [each for each in children(table) if word in each.get_name()])
    row = rows[0].get_name()
    reference = row.rsplit(", ", 1)[1]
    for part in ("Neu", "Eingang", "Frist"):
        if part not in row:
            sys.exit(f"the row does not speak for itself: {row!r}")
    print("choose", "|", row)
    until("the row that is chosen at the start", lambda: Atspi.Selection.get_n_selected_children(table))
    if not Atspi.Selection.clear_selection(table):  # to select is to add: several may be chosen
        sys.exit("the choice cannot be cleared")
    if not Atspi.Selection.select_child(table, rows[0].get_index_in_parent()):
        sys.exit("the row cannot be chosen")
    one("label", f"Az {reference}")
    do(one("push button", "Prüfen"))
    one("label", "Prüfpunkte:")
    while points := unticked():
        do(points[0], "Toggle")
        until("the tick", lambda: len(unticked()) < len(points))
    do(until("a way to grant", lambda: enabled("push button", "Bewilligen"))[-1])
    do(until("a letter to sign", lambda: enabled("push button", "Signieren"))[-1])
    waiting = lambda: [b for b in nodes("push button", "Postausgang:") if ": 0" not in b.get_name()]  # noqa: E731
    do(until("the outbox", waiting)[0])
    until("the decision", lambda: [each for each in nodes("table cell") if reference in each.get_name()])
    print("in the outbox", "|", reference)


main(sys.argv[1])
