"""The doors the command line and the window go through."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from clerk_app import __version__
from clerk_app.bootstrap.premises import Premises, older_ledger, open_premises
from clerk_app.cli.entrance import (
    BackupWork,
    DoctorFinding,
    GlobalOptions,
    KeyWork,
    RetentionDesk,
    SandboxRequest,
    ServiceWork,
    UpdateDesk,
)
from clerk_app.domain.attachment_text import TextCoverage
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.policy_state import PolicyState
from clerk_app.domain.signature import VerificationReport
from clerk_app.sync.status import StatusBoard, SyncSummary
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.teamwork import OwnOffice, TeamAdmin, TeamDesk


def main(argv: Sequence[str]) -> int:
    """Runs ``clerk-app``; its exit code."""
    from clerk_app.cli.main import run
    from clerk_app.system.logs import quieten_libraries

    _speak_unicode()
    os.umask(0o077)  # whatever this program writes is for its owner alone
    quieten_libraries()
    choose_language()
    limit_exports()
    return run(Doors(), argv, __version__)


def _speak_unicode() -> None:
    """Sentences have signs that code pages of Windows lack; a pipe gets UTF-8, and nothing ends a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = "utf-8" if sys.platform == "win32" else stream.encoding
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def choose_language() -> None:
    """German unless the environment asks for a language there is a catalogue for (``CLERK_LANGUAGE``)."""
    from clerk_app.texts import LANGUAGES, set_language

    wanted = os.environ.get("CLERK_LANGUAGE", "de")[:3].rstrip("_-")
    set_language(wanted if wanted in LANGUAGES else "de")


def limit_exports() -> None:
    """Only where the machine's policy allows it."""
    from clerk_app.domain import export_places
    from clerk_app.system.policy import machine_policy

    policy = machine_policy()
    export_places.limit_exports(policy.texts("files.export_folders"), policy.source)


class Doors:
    """See ``cli.entrance.Entrance``. Imports what a command needs when it needs it."""

    @contextmanager
    def desk(self, options: GlobalOptions, *, writing: bool) -> Iterator[Desk]:
        """A desk; with the home's lock when ``writing``."""
        from clerk_app.bootstrap.desk_side import open_desk
        from clerk_app.bootstrap.sync_side import open_whole_premises

        with open_whole_premises(options.home, options.profile, lock=writing) as premises:
            _tell_older_ledger(premises)
            desk = open_desk(premises)
            try:
                yield desk
            finally:
                desk.close()

    def sync(self, options: GlobalOptions, *, once: bool) -> SyncSummary:
        """Runs the engine on this thread. A person asked, so the back-off is ignored."""
        from clerk_app.bootstrap.logging_side import logged
        from clerk_app.bootstrap.sync_side import open_engine
        from clerk_app.system.logs import event

        with (
            self._premises(options, lock=True) as premises,
            open_engine(premises, StatusBoard()) as engine,
        ):
            _tell_older_ledger(premises)
            with logged(premises.home):
                done = engine.run_once(force=True) if once else engine.run_until_settled(force=True)
                sent, waiting = done.sent, done.waiting
                event("synced", received=done.received, joined=done.joined, sent=sent, waiting=waiting)
                return done

    def read_texts(self, options: GlobalOptions, say: Callable[[TextCoverage], None]) -> TextCoverage:
        """On this thread, until nothing is left."""
        from clerk_app.bootstrap.texts_side import open_reading

        with self._premises(options, lock=True) as premises, open_reading(premises) as reading:
            reads = premises.store.reads()
            try:
                reading.begin()
                while reading.step():
                    say(reads.text_coverage())
                return reads.text_coverage()
            finally:
                reads.close()

    def verify(
        self, options: GlobalOptions, pdf: bytes, *, online: bool = False, trust: Sequence[Path] = ()
    ) -> VerificationReport:
        """Needs no profile; the practice authority of a home is believed when a home is named."""
        from clerk_app.bootstrap.verifying_side import verify_document

        return verify_document(options, pdf, online=online, trust=trust)

    def audit(self, options: GlobalOptions) -> int:
        """Walks the chain of this home's ledger."""
        with self._premises(options, lock=False) as premises:
            ledger = premises.store.ledger(premises.actor)
            try:
                return ledger.verify_chain()
            finally:
                ledger.close()

    @contextmanager
    def retention(self, options: GlobalOptions) -> Iterator[RetentionDesk]:
        """The end of a file's life."""
        from clerk_app.bootstrap.retention_side import open_retention

        with open_retention(options.home, options.profile) as desk:
            yield desk

    def support(self, options: GlobalOptions, target: BinaryIO) -> list[str]:
        """Also when the office cannot be opened."""
        from clerk_app.bootstrap.support_side import write_support

        return write_support(target, options)

    def service(self, options: GlobalOptions) -> ServiceWork:
        """Opens nothing."""
        from clerk_app.bootstrap.service_side import NightlyFetch

        return NightlyFetch(options)

    def backups(self, options: GlobalOptions, tell: Callable[[int, int], None]) -> BackupWork:
        """Backups of this home."""
        from clerk_app.bootstrap.backup_side import BackupDoor

        return BackupDoor(options, tell)

    def keys(self, options: GlobalOptions) -> KeyWork:
        """The data key of this home."""
        from clerk_app.bootstrap.keys_side import DataKeyDoor

        return DataKeyDoor(options)

    @contextmanager
    def team(self, options: GlobalOptions) -> Iterator[TeamDesk]:
        """Our place in the team; works beside a running window."""
        with self._premises(options, lock=False) as premises:
            from clerk_app.bootstrap.team_side import open_team_desk

            with open_team_desk(premises) as desk:
                yield desk

    @contextmanager
    def team_admin(
        self, options: GlobalOptions, login: str, password: Callable[[], str]
    ) -> Iterator[tuple[TeamAdmin, OwnOffice]]:
        """The server's administration. No home is opened: an admin has none."""
        from clerk_app.bootstrap.team_side import open_administration, team_profile
        from clerk_app.system.profile import load_profile

        profile = load_profile(options.profile)
        own = OwnOffice(team_profile(profile).office_id, profile.authority.ars, profile.authority.name)
        with open_administration(profile, login, password) as admin:
            yield admin, own

    def doctor(self, options: GlobalOptions, *, begin_ledger: bool = False) -> Sequence[DoctorFinding]:
        """Looks at everything this office needs."""
        from clerk_app.bootstrap.doctor import examine

        return examine(options, begin_ledger=begin_ledger)

    @contextmanager
    def updates(self, options: GlobalOptions) -> Iterator[UpdateDesk]:
        """No office is opened for it."""
        from clerk_app.bootstrap.updates_side import open_updates
        from clerk_app.system.paths import open_home

        with open_updates(open_home(options.home)) as desk:
            yield desk

    def policy(self, options: GlobalOptions) -> PolicyState:
        """Policy, and the profile when one is named or this home was opened with one."""
        from clerk_app.bootstrap.policy_side import policy_state
        from clerk_app.bootstrap.premises import profile_path
        from clerk_app.system.paths import choose_home
        from clerk_app.system.profile import load_profile

        path = profile_path(choose_home(options.home), options.profile)
        try:
            return policy_state(load_profile(path) if path is not None else None)
        except ClerkError:
            if options.profile is not None:
                raise
            return policy_state(
                None
            )  # the policy names a profile that is not there yet, say: all the more reason

    def sandbox(self, request: SandboxRequest) -> int:
        """Serves until told to stop."""
        from clerk_app.sandbox.command import SandboxOptions, run

        return run(
            SandboxOptions(
                directory=request.directory,
                port=request.port,
                applications=request.applications,
                seed=request.seed,
                faults=request.faults,
                defective=request.defective,
            )
        )

    def demo(
        self, keep: Path | None, *, headless: bool, say: Callable[[str], None], team: bool = False
    ) -> int:
        """The practice office; with ``team`` two of its desktops and the county."""
        if team:
            from clerk_app.bootstrap.demo_team import run_team_demo

            return run_team_demo(keep, headless=headless, say=say)
        from clerk_app.bootstrap.demo import run_demo

        return run_demo(keep, headless=headless, say=say)

    def window(self, options: GlobalOptions) -> int:
        """The window on this office."""
        from clerk_app.bootstrap.display import has_display, require_platform

        require_platform()
        from clerk_app.bootstrap.window_side import run_office_window

        try:
            return run_office_window(lambda: self._premises(options, lock=True))
        except ClerkError as error:
            if options.profile or error.code is not ErrorCode.PROFILE_MISSING or not has_display():
                raise
        from clerk_app.bootstrap.first_start_side import profile_from_steps

        chosen = replace(options, profile=profile_from_steps(options))
        return run_office_window(lambda: self._premises(chosen, lock=True))

    @staticmethod
    @contextmanager
    def _premises(options: GlobalOptions, *, lock: bool) -> Iterator[Premises]:
        with open_premises(options.home, options.profile, lock=lock) as premises:
            yield premises


def _tell_older_ledger(premises: Premises) -> None:
    """On the error stream, beside whatever the command answers."""
    from clerk_app.cli.output import say_error

    if (warning := older_ledger(premises)) is not None:
        say_error(warning, as_json=False)
