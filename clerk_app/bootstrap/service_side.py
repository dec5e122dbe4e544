"""The nightly fetch: its files for this account, this home and this profile."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clerk_app.cli.entrance import GlobalOptions
from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.system.durable import write_durably
from clerk_app.system.paths import choose_home
from clerk_app.system.service_files import UNIT, is_time, program, task, unit_folder, units

_TASK = f"{UNIT}.xml"


@dataclass(frozen=True)
class NightlyFetch:
    """Implements ``cli.entrance.ServiceWork``."""

    options: GlobalOptions

    def files(self, at: str, *, windows: bool) -> dict[str, str]:
        """See ``ServiceWork``."""
        if not is_time(at):
            message = f"--at: {at!r}"
            raise ClerkError(ErrorCode.USAGE, {"message": message})
        command = [*program(), "--home", str(choose_home(self.options.home).root)]
        if self.options.profile is not None:
            command += ["--profile", str(self.options.profile.absolute())]
        command.append("sync")
        return {_TASK: task(command, at)} if windows else units(command, at)

    def install(self, at: str, *, windows: bool) -> list[Path]:
        """See ``ServiceWork``."""
        folder = choose_home(self.options.home).root if windows else unit_folder()
        places = []
        for name, text in self.files(at, windows=windows).items():
            place = folder / name
            try:
                folder.mkdir(parents=True, exist_ok=True)
                write_durably(place, text.encode("utf-16" if windows else "utf-8"))
            except OSError as error:
                params = {"path": str(place), "reason": error.strerror or ""}
                raise ClerkError(ErrorCode.OUTPUT_NOT_WRITABLE, params, Disposition.ASK_CLERK) from error
            places.append(place)
        return places

    def installed(self) -> list[Path]:
        """See ``ServiceWork``."""
        home = choose_home(self.options.home).root
        named = [*(unit_folder() / name for name in units([], "00:00")), home / _TASK]
        return [place for place in named if place.exists()]

    def enabled(self) -> bool:
        """See ``ServiceWork``."""
        return _wanted().is_symlink()

    def remove(self) -> list[Path]:
        """See ``ServiceWork``."""
        gone = self.installed()
        if self.enabled():
            gone.append(_wanted())
        for place in gone:
            try:
                place.unlink()
            except OSError as error:
                params = {"path": str(place), "reason": error.strerror or ""}
                raise ClerkError(ErrorCode.OUTPUT_NOT_WRITABLE, params, Disposition.ASK_CLERK) from error
        return gone


def _wanted() -> Path:
    """The link ``systemctl --user enable`` makes; left behind it would name a timer that is gone."""
    return unit_folder() / "timers.target.wants" / f"{UNIT}.timer"
