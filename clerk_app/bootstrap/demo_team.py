"""Two desktops, the county and a server: the team's day walked step by step, or in windows."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from clerk_app.bootstrap.demo_records import NotAsPromisedError
from clerk_app.bootstrap.desk_side import open_desk
from clerk_app.bootstrap.display import PLATFORM_VARIABLE, WITHOUT_DISPLAY, has_display
from clerk_app.bootstrap.premises import Premises, open_premises
from clerk_app.bootstrap.sync_side import open_engine
from clerk_app.bootstrap.team_side import open_administration, open_team_desk
from clerk_app.domain.case import CaseQuery, CaseRow, CaseView
from clerk_app.domain.county import Batch, CountyQuery, Direction
from clerk_app.domain.decision import Outcome
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.outbox import OutboxKind, OutboxState
from clerk_app.sandbox.database import ADMIN, PracticeDatabase, server_programs
from clerk_app.sandbox.server import RunningSandbox
from clerk_app.sync.status import StatusBoard, SyncSummary
from clerk_app.system.profile import load_profile
from clerk_app.texts import _, county_words
from clerk_app.texts.errors import sentence
from clerk_app.usecases.desk import Desk
from clerk_app.usecases.teamwork import TeamDesk

Say = Callable[[str], None]
Step = tuple[str, Callable[[], str]]
T = TypeVar("T")
_OFFICE, _COUNTY, _PASSWORD = "musterhausen", "kreis", "uebung-uebung"


@dataclass(frozen=True)
class Seat:
    """One person at one desktop."""

    login: str
    home: Path
    profile: Path


def run_team_demo(keep: Path | None, *, headless: bool, say: Say) -> int:
    """Runs the demo; exit code 0 when every step succeeded, 2 without a PostgreSQL server."""
    programs = server_programs()
    if programs is None:
        say(_("Auf diesem Rechner ist kein PostgreSQL-Server. Debian: apt install postgresql"))
        return 2
    with tempfile.TemporaryDirectory(prefix="amtsstube-team-") as throw_away:
        folder = Path(throw_away)
        folder.chmod(0o755)  # the server's account must enter
        say(_("Übungsportal und Team-Server werden vorbereitet …"))
        server = PracticeDatabase(folder / "server", programs)
        with RunningSandbox(folder / "portal", applications=24, defective=0) as sandbox:
            server.create()
            server.start()
            try:
                stage = Stage(server, sandbox, folder)
                if headless or not has_display():
                    return _walk(stage, keep or Path.cwd() / "demo-output", say)
                return stage.windows(say)
            finally:
                server.stop()


def _walk(stage: Stage, keep: Path, say: Say) -> int:
    os.environ[PLATFORM_VARIABLE] = WITHOUT_DISPLAY
    keep.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    steps = stage.steps(keep)
    try:
        for number, (title, step) in enumerate(steps, 1):
            say(f"[{number:2}/{len(steps)}] {title} ✓ {step()}")
    except NotAsPromisedError as error:
        say(_("FEHLGESCHLAGEN: {what}").format(what=error))
        return 1
    except ClerkError as error:
        say(_("FEHLGESCHLAGEN: {what}").format(what=f"{error.code.value}: {sentence(error)}"))
        return 1
    say(_("Alle {count} Schritte gelungen ({seconds:.1f} s).").format(
        count=len(steps), seconds=time.monotonic() - began))  # fmt: skip
    return 0


class Stage:
    """Server, portal, two clerks and the county."""

    def __init__(self, server: PracticeDatabase, sandbox: RunningSandbox, folder: Path) -> None:
        self._server, self._sandbox, self._folder = server, sandbox, folder
        office = sandbox.profiles[0]
        team = (
            f'\n[team]\nhost = "127.0.0.1"\nport = {server.port}\ndatabase = "postgres"\nplain = true\n'
            f'password = "{_PASSWORD}"\noffice = "{_OFFICE}"\n'
        )
        clerk = office.with_name("team.toml")
        clerk.write_text(office.read_text("utf-8") + team, "utf-8")
        county = office.with_name("county.toml")
        county.write_text(
            '[authority]\nname = "Landkreis Musterland"\nars = "081110000000"\nland = "BW"\n'
            f'[practice]\nenabled = true\n{team}county = "{_COUNTY}"\n',
            "utf-8",
        )
        self.brand = Seat("brand", folder / "brand", clerk)
        self.ito = Seat("ito", folder / "ito", clerk)
        self.ohm = Seat("ohm", folder / "ohm", county)
        self._case: CaseRow | None = None
        self._batch: Batch | None = None

    def steps(self, keep: Path) -> list[Step]:
        """The walk, with titles."""
        return [
            (_("Team-Server einrichten, Personen eintragen"), self.set_up),
            (_("Zwei Arbeitsplätze treten bei; einer lässt den anderen zu"), self.join),
            (_("Frau Brand holt ab, Herr Ito hat es auch"), self._share),
            (_("Frau Brand legt einen Vermerk an, Herr Ito liest ihn"), self._note),
            (_("Der Server ist weg: beide entscheiden denselben Vorgang"), self._decide_twice),
            (_("Der Server ist wieder da: ein Bescheid geht hinaus, der andere kommt zurück"), self._settle),
            (_("Der Landkreis sieht, was offen ist, und bittet um Abgabe"), lambda: self._triage(keep)),
            (_("Der Landkreis nimmt es zurück"), self._undo),
            (_("Der ganze Server wird geprüft"), self._check),
        ]

    def set_up(self) -> str:
        """Schema, offices, people."""
        profile = load_profile(self.brand.profile)
        with open_administration(profile, ADMIN, lambda: self._server.password) as admin:
            version = admin.upgrade()
            admin.office(_OFFICE, "081110000000", "Stadt Musterhausen", _COUNTY)
            admin.office("nebenstadt", "081110000001", "Gemeinde Nebenstadt", _COUNTY)
            for seat in (self.brand, self.ito):
                admin.member(seat.login, _OFFICE, ["clerk", "reviewer"], seat.login, _PASSWORD)
            admin.member(self.ohm.login, _COUNTY, ["triage"], self.ohm.login, _PASSWORD)
        return _("Stand {version}").format(version=version)

    def join(self) -> str:
        """Both desktops."""
        with _team(self.brand) as desk:
            desk.join("PC Brand")
        with _team(self.ito) as desk:
            facts = desk.join("Laptop Ito")
        with _team(self.brand) as desk:
            admitted = desk.admit(facts.desktop_id, facts.fingerprint)
        return f"{admitted.label} · {facts.fingerprint}"

    def windows(self, say: Say) -> int:
        """Two windows of the office and the county's; until all are closed."""
        say(self.set_up())
        say(self.join())
        running = [
            subprocess.Popen(  # noqa: S603 - this very program
                [sys.executable, "-m", "clerk_app", "--home", str(seat.home), "--profile", str(seat.profile)],
                env={**os.environ, "LOGNAME": seat.login},
            )
            for seat in (self.brand, self.ito, self.ohm)
        ]
        say(_("Drei Fenster öffnen sich. Alles darin ist Übung und verschwindet beim Schließen."))
        return max(window.wait() for window in running)

    def _share(self) -> str:
        fetched = self._sync(self.brand)
        _require(fetched.received > 0, _("Es kamen keine Anträge an."))
        self._sync(self.ito)
        here = self._at_desk(self.brand, lambda desk: {row.case_id for row in desk.reads.list(CaseQuery())})
        there = self._at_desk(self.ito, lambda desk: {row.case_id for row in desk.reads.list(CaseQuery())})
        _require(here == there, _("Herr Ito sieht nicht dasselbe."))
        return _("{count} Vorgänge").format(count=len(there))

    def _note(self) -> str:
        rows = self._at_desk(self.brand, lambda desk: desk.reads.list(CaseQuery(view=CaseView.NEW)))
        self._case = next(row for row in rows if row.channel == "idBundDeMailbox")
        words = _("Bitte zuerst die Meldebescheinigung ansehen")
        self._at_desk(self.brand, lambda desk: desk.cases.note(self.case.case_id, words))
        self._sync(self.brand)
        self._sync(self.ito)
        history = self._at_desk(self.ito, lambda desk: desk.ledger.entries(self.case.case_id))
        _require(any(entry.act.payload.get("text") == words for entry in history), _("Der Vermerk fehlt."))
        return f"{self.case.case_reference} · {history[-1].actor}"

    def _decide_twice(self) -> str:
        self._server.stop()
        for seat in (self.brand, self.ito):
            self._at_desk(seat, self._decide)
            summary = self._sync(seat)
            codes = {failure.code for failure in summary.failures}
            _require(codes == {ErrorCode.TEAM_UNREACHABLE}, _("Der Ausfall blieb unbemerkt."))
            _require(summary.sent == 0, _("Ohne Server ging etwas hinaus."))
        self._server.start()
        return _("beide warten")

    def _settle(self) -> str:
        for seat in (self.brand, self.ito, self.brand, self.ito):
            self._sync(seat)
        states = [self._at_desk(seat, _decisions) for seat in (self.brand, self.ito)]
        wanted = sorted([OutboxState.DELIVERED.value, OutboxState.RETURNED.value])
        _require(states[0] == states[1] == wanted, f"{states}")
        return ", ".join(states[0])

    def _triage(self, keep: Path) -> str:
        def act(desk: Desk) -> str:
            county = desk.county()
            found = county.page(CountyQuery())
            _require(bool(found), _("Der Landkreis sieht nichts."))
            (keep / "landkreis.csv").write_bytes(county_words.county_csv(found, county.today()))
            self._batch = county.direct([found[0].key], Direction.FORWARD, "nebenstadt", _("dort zuständig"))
            return found[0].case_reference

        reference = self._at_desk(self.ohm, act)
        self._sync(self.ito)
        return reference

    def _undo(self) -> str:
        self._at_desk(self.ohm, self._take_back)
        return _("wie vorher")

    def _take_back(self, desk: Desk) -> None:
        _require(self._batch is not None, "batch")
        desk.county().undo(self._batch)  # type: ignore[arg-type]

    def _check(self) -> str:
        profile = load_profile(self.brand.profile)
        with open_administration(profile, ADMIN, lambda: self._server.password) as admin:
            found = admin.check()
        _require(found.ok, f"{found}")
        for seat in (self.brand, self.ito):
            self._at_desk(seat, lambda desk: desk.ledger.verify_chain())
        return _("{count} Einträge, lückenlos").format(count=found.entries)

    @property
    def case(self) -> CaseRow:
        """The case everybody works at."""
        _require(self._case is not None, "case")
        return self._case  # type: ignore[return-value]

    def _decide(self, desk: Desk) -> None:
        draft = desk.deciding.draft(self.case.case_id, Outcome.GRANTED)
        desk.deciding.sign(draft, lambda: None, at_once=True)

    def _at_desk(self, seat: Seat, work: Callable[[Desk], T]) -> T:
        with _office(seat) as premises:
            desk = open_desk(premises)
            try:
                return work(desk)
            finally:
                desk.close()

    def _sync(self, seat: Seat) -> SyncSummary:
        with _office(seat) as premises, open_engine(premises, StatusBoard()) as engine:
            return engine.run_once(force=True)


def _decisions(desk: Desk) -> list[str]:
    entries = [entry for entry in desk.reads.outbox() if entry.kind is OutboxKind.DECISION]
    return sorted(entry.state.value for entry in entries)


@contextmanager
def _office(seat: Seat) -> Iterator[Premises]:
    with _as(seat), open_premises(seat.home, seat.profile, lock=True) as premises:
        yield premises


@contextmanager
def _team(seat: Seat) -> Iterator[TeamDesk]:
    with _office(seat) as premises, open_team_desk(premises) as desk:
        yield desk


@contextmanager
def _as(seat: Seat) -> Iterator[None]:
    """In a practice office ``LOGNAME`` says who plays (see ``actor_name``)."""
    before: Mapping[str, str] = dict(os.environ)
    os.environ["LOGNAME"] = seat.login
    try:
        yield
    finally:
        if "LOGNAME" in before:
            os.environ["LOGNAME"] = before["LOGNAME"]
        else:
            del os.environ["LOGNAME"]


def _require(promise: bool, what: str) -> None:
    if not promise:
        raise NotAsPromisedError(what)
