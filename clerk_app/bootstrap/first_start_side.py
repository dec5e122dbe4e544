"""Leads through the first start when nothing is set up yet."""

from __future__ import annotations

import sys
from pathlib import Path

from clerk_app.bootstrap.policy_side import window_policy
from clerk_app.bootstrap.practice_side import open_practice
from clerk_app.cli.entrance import GlobalOptions
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.system.paths import open_home
from clerk_app.system.profile import load_profile


def profile_from_steps(options: GlobalOptions) -> Path:
    """The profile a person chose. Raises ClerkError PROFILE_MISSING when they did not go through with it."""
    from clerk_app.ui.application import application
    from clerk_app.ui.first_start import ExaminedPart, FirstStart, FirstStartDoors
    from clerk_app.ui.policed import PolicedSettings
    from clerk_app.ui.settings import FileSettings
    from clerk_app.ui.theme import Theme

    home = open_home(options.home)

    def examine(profile: Path) -> list[ExaminedPart]:
        from clerk_app.bootstrap.doctor import examine as findings_of
        from clerk_app.cli.sentences import doctor_sentence

        found = findings_of(GlobalOptions(home=home.root, profile=profile))
        return [ExaminedPart(each.area, doctor_sentence(each), each.ok) for each in found]

    settings = PolicedSettings(FileSettings(home.root / "window.json"), window_policy())
    app = application(sys.argv[:1])
    theme = Theme(app, settings)
    theme.refresh()
    doors = FirstStartDoors(
        lambda path: load_profile(path).authority.name, examine, open_practice, str(home.root)
    )
    steps = FirstStart(theme, settings, doors)
    try:
        accepted = steps.exec()
        if not accepted or steps.profile is None:
            raise ClerkError(ErrorCode.PROFILE_MISSING)
        return steps.profile
    finally:
        steps.deleteLater()
