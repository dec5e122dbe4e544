"""Every screen as it was accepted: light, dark, twice the text size, and in a language a third longer.

``CLERK_SNAPSHOTS=write`` accepts what is painted now; pictures of screens that are gone go with it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

import pytest

from clerk_app.ui.access_walk import complaints as clipped
from clerk_app.ui.settings import MemorySettings
from tests.ui.conftest import Pilot
from tests.ui.pictures import HOW, Album, picture, writing
from tests.ui.pseudo import pseudo_language
from tests.ui.screens import SCREENS, filled_office, home, ready, visit
from tests.ui.test_lock import LOCK_PICTURES

VARIANTS: dict[str, dict[str, object]] = {
    "light": {"theme": "light"},
    "dark": {"theme": "dark"},
    "large": {"theme": "light", "font_scale": 2.0},
    "pseudo": {"theme": "light"},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_screen_looks_as_it_was_accepted(open_pilot: Callable[..., Pilot], variant: str) -> None:
    album = Album()
    complaints: list[str] = []
    with pseudo_language() if variant == "pseudo" else nullcontext():
        pilot = open_pilot(filled_office(), MemorySettings(VARIANTS[variant]))
        ready(pilot)
        for screen in SCREENS:
            seen = visit(pilot, screen)
            name, shown = f"{variant}-{screen}", picture(seen)
            if variant == "large":
                complaints += [f"{name}: {each}" for each in clipped(seen)]
            if writing():
                album.keep(name, shown)
            elif (told := album.complaint(name, shown)) is not None:
                complaints.append(told)
        home(pilot)
    assert not complaints, "\n".join(complaints)


def test_no_picture_is_of_a_screen_that_is_gone() -> None:
    album = Album()
    names = {f"{variant}-{screen}" for variant in VARIANTS for screen in SCREENS}
    strays = album.strays(names | LOCK_PICTURES)
    if writing():
        album.drop(strays)
    else:
        assert not strays, HOW
