"""The main job, step by step, each step checked from the outside: on the portal's side and in the mailbox."""

from __future__ import annotations

import base64
import hashlib
import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from clerk_app.bootstrap import demo_packages, demo_records
from clerk_app.bootstrap.demo_records import NotAsPromisedError
from clerk_app.bootstrap.desk_side import open_desk
from clerk_app.bootstrap.premises import open_premises
from clerk_app.bootstrap.sync_side import open_engine
from clerk_app.bootstrap.window_side import IdleSync, shell_for
from clerk_app.domain.case import CaseQuery, CaseRow, CaseStatus, CaseView
from clerk_app.domain.decision import Outcome, QueuedDecision
from clerk_app.domain.errors import ErrorCode
from clerk_app.domain.outbox import OutboxState
from clerk_app.domain.signature import Verdict
from clerk_app.sandbox.server import RunningSandbox
from clerk_app.sync.status import StatusBoard, SyncPhase, SyncStatus, SyncSummary
from clerk_app.texts import _
from clerk_app.usecases.desk import Desk

REQUESTED = ("Mietvertrag, alle Seiten", "Nachweis über das Einkommen der letzten drei Monate")
Step = Callable[[], str]
T = TypeVar("T")


class Walk:
    """One application from the portal to the citizen's mailbox. The office is closed between steps, so that
    each one shows that everything was really kept."""

    def __init__(self, sandbox: RunningSandbox, home: Path, keep: Path) -> None:
        self._sandbox = sandbox
        self._home = home
        self._keep = keep
        self._row: CaseRow | None = None
        self._decision: QueuedDecision | None = None
        self._mailbox = ""

    def steps(self) -> list[tuple[str, Step]]:
        """The steps with their titles, in order."""
        return [
            (_("Anträge abholen"), self._receive),
            (_("Neuesten Antrag öffnen und prüfen"), self._review),
            (_("Anlage entschlüsseln und Prüfsumme vergleichen"), self._attachment),
            (_("Unterlagen nachfordern, während das Netz getrennt ist"), self._request_offline),
            (_("Abgleich ohne Netz: nichts geht verloren"), self._sync_offline),
            (_("Netz wieder da: Nachforderung zustellen, Antwort abholen"), self._sync_back),
            (_("Ohne Netz entscheiden und signieren"), self._decide_offline),
            (_("Signatur des Bescheids prüfen"), self._verify),
            (_("Netz wieder da: Bescheid zustellen"), self._deliver),
            (_("Im Postfach nachsehen: dasselbe Dokument, unversehrt"), self._read_back),
            (_("Zweite Entscheidung im selben Vorgang wird verweigert"), self._no_second_decision),
            (_("Frist mit ihrer Herleitung"), self._deadline),
            (_("Zustellnachweis schreiben und ohne dieses Programm prüfen"), self._proof),
            (_("Vorgang als E-Akte ausgeben"), self._e_file),
            (_("Unterschriftsmappe: mehrere Bescheide auf einmal signieren"), self._folder),
            (_("Leistungspaket proben, signiert einspielen, einen Vorgang umstellen"), self._package),
            (_("Protokoll prüfen"), self._audit),
            (_("Bilder der Oberfläche, hell und dunkel"), self._screenshots),
        ]

    # -- steps ---------------------------------------------------------------------------------------------

    def _receive(self) -> str:
        summary = self._sync()
        _require(summary.received > 0 and not summary.failures, _("Es kamen keine Anträge an."))
        return _("{received} neu, {rejected} zurückgewiesen, {quarantined} in Quarantäne").format(
            received=summary.received, rejected=summary.rejected, quarantined=summary.quarantined
        )

    def _review(self) -> str:
        def act(desk: Desk) -> CaseRow:
            rows = [
                row
                for row in desk.reads.list(CaseQuery(view=CaseView.NEW))
                if row.channel == "idBundDeMailbox" and row.attachment_count
            ]
            _require(bool(rows), _("Kein Antrag mit Postfach und Anlage ist dabei."))
            desk.cases.open(rows[0].case_id)
            row = desk.reads.row(rows[0].case_id)
            case = desk.reads.case_file(rows[0].case_id)
            _require(row is not None and row.status is CaseStatus.IN_REVIEW, _("Der Status blieb stehen."))
            if case is not None and case.first.reply_channel is not None:
                self._mailbox = str(case.first.reply_channel.address.get("mailboxUuid", ""))
            return rows[0]

        self._row = self._at_desk(act)
        return f"{self._row.case_reference} · {self._row.service} · {self._row.applicant}"

    def _attachment(self) -> str:
        def act(desk: Desk) -> str:
            case = desk.reads.case_file(self.row.case_id)
            _require(case is not None, _("Der Vorgang ist verschwunden."))
            item = case.attachments[0]  # type: ignore[union-attr]
            sink = _Digest()
            desk.attachments.write_to(
                self.row.case_id,
                item.submission_id,
                item.attachment.attachment_id,
                sink,  # type: ignore[arg-type]
            )
            _require(sink.hexdigest() == item.attachment.sha512, _("Die Prüfsumme stimmt nicht."))
            return f"{item.attachment.filename} ({item.attachment.size_bytes} B)"

        return self._at_desk(act)

    def _request_offline(self) -> str:
        self._sandbox.unplug()
        queued = self._at_desk(
            lambda desk: desk.requesting.request(self.row.case_id, REQUESTED, at_once=True)
        )
        return _("{count} Unterlagen bis {due}").format(
            count=len(queued.items), due=f"{queued.due_on:%d.%m.%Y}"
        )

    def _sync_offline(self) -> str:
        summary = self._sync()
        codes = {failure.code for failure in summary.failures}
        _require(codes == {ErrorCode.PORTAL_UNREACHABLE}, _("Das getrennte Netz wurde nicht bemerkt."))
        _require(summary.waiting == 1, _("Die Nachforderung wartet nicht."))
        return _("Portal nicht erreichbar, 1 Eintrag wartet")

    def _sync_back(self) -> str:
        self._sandbox.plug_in()
        summary = self._sync()
        _require(summary.sent == 1 and summary.delivered == 1, _("Die Nachforderung kam nicht an."))
        row = self._at_desk(lambda desk: desk.reads.row(self.row.case_id))
        _require(summary.joined == 1, _("Die Antwort kam nicht zurück."))
        _require(row is not None and row.status is CaseStatus.ANSWERED, _("Die Antwort blieb unbemerkt."))
        return _("zugestellt mit Quittung; Antwort ist beim Vorgang")

    def _decide_offline(self) -> str:
        self._sandbox.unplug()

        def act(desk: Desk) -> QueuedDecision:
            desk.cases.open(self.row.case_id)
            draft = desk.deciding.draft(self.row.case_id, Outcome.GRANTED)
            return desk.deciding.sign(draft, lambda: None, at_once=True)

        self._decision = self._at_desk(act)
        (self._keep / "bescheid.pdf").write_bytes(self._decision.pdf)
        return _("signiert von {who}").format(who=self._decision.signature.subject)

    def _verify(self) -> str:
        report = self._at_desk(lambda desk: desk.letters.verify(self.decision.pdf))
        text = json.dumps(report.to_json(), ensure_ascii=False, indent=2)
        (self._keep / "pruefbericht.json").write_text(text + "\n", encoding="utf-8")
        _require(report.verdict is Verdict.VALID, _("Die Signatur ist nicht gültig."))
        _require(report.attached_decision is not None, _("Die maschinenlesbare Fassung fehlt."))
        return f"{report.verdict.value}, PDF/A-{report.pdfa_claim}, PDF/UA-{report.pdfua_claim}"

    def _deliver(self) -> str:
        self._sandbox.plug_in()
        summary = self._sync()
        _require(summary.sent == 1 and summary.delivered == 1, _("Der Bescheid kam nicht an."))
        entry = self._at_desk(lambda desk: desk.reads.outbox_entry(self.decision.entry_id))
        _require(
            entry is not None and entry.state is OutboxState.DELIVERED and entry.receipt is not None,
            _("Die Quittung fehlt."),
        )
        (self._keep / "quittung.jws").write_text(entry.receipt.token + "\n")  # type: ignore[union-attr]
        return _("Quittung {event}").format(event=entry.receipt.event_id)  # type: ignore[union-attr]

    def _read_back(self) -> str:
        messages = json.loads(self._citizen(f"/citizens/mailboxes/{self._mailbox}/messages"))["messages"]
        found = [
            file
            for message in messages
            for file in message["attachments"]
            if file["filename"].startswith("Bescheid-")
        ]
        _require(len(found) == 1, _("Im Postfach liegt nicht genau ein Bescheid."))
        pdf = self._citizen(found[0]["href"])
        _require(pdf == self.decision.pdf, _("Im Postfach liegt ein anderes Dokument."))
        report = self._at_desk(lambda desk: desk.letters.verify(pdf))
        _require(report.verdict is Verdict.VALID, _("Das Dokument im Postfach ist nicht unversehrt."))
        return _("{count} Nachrichten, Bescheid SHA-256 {digest}…").format(
            count=len(messages), digest=self.decision.sha256[:16]
        )

    def _no_second_decision(self) -> str:
        from clerk_app.domain.errors import ClerkError

        def act(desk: Desk) -> str:
            draft = desk.deciding.draft(self.row.case_id, Outcome.GRANTED)
            try:
                desk.deciding.sign(draft, lambda: None)
            except ClerkError as error:
                return error.code.value
            return ""

        code = self._at_desk(act)
        _require(code == ErrorCode.CASE_ALREADY_DECIDED.value, _("Eine zweite Entscheidung ging durch."))
        return code

    def _deadline(self) -> str:
        return self._at_desk(lambda desk: demo_records.appeal_deadline(desk, self.row.case_id))

    def _proof(self) -> str:
        return self._at_desk(lambda desk: demo_records.prove(desk, self.row.case_id, self._keep))

    def _e_file(self) -> str:
        return self._at_desk(lambda desk: demo_records.hand_over(desk, self.row.case_id, self._keep))

    def _folder(self) -> str:
        return self._at_desk(demo_records.sign_folder)

    def _package(self) -> str:
        return self._at_desk(demo_packages.try_package)

    def _audit(self) -> str:
        count = self._at_desk(lambda desk: desk.ledger.verify_chain())
        return _("{count} Einträge, Kette lückenlos").format(count=count)

    def _screenshots(self) -> str:
        from clerk_app.ui.shell import make_screenshots

        with open_premises(self._home, self._sandbox.profiles[0], lock=True) as premises:
            now = premises.clock.now()
            idle = IdleSync(SyncStatus(SyncPhase.IDLE, now, now))
            pictures = make_screenshots(shell_for(premises, idle), self._keep)
        _require(len(pictures) >= 12, _("Es fehlen Bilder."))
        return _("{count} Bilder").format(count=len(pictures))

    # -- tools ---------------------------------------------------------------------------------------------

    @property
    def row(self) -> CaseRow:
        """The case of this walk."""
        if self._row is None:
            raise NotAsPromisedError(_("Kein Vorgang ist geöffnet."))
        return self._row

    @property
    def decision(self) -> QueuedDecision:
        """The decision of this walk."""
        if self._decision is None:
            raise NotAsPromisedError(_("Es wurde nicht entschieden."))
        return self._decision

    def _at_desk(self, act: Callable[[Desk], T]) -> T:
        with open_premises(self._home, self._sandbox.profiles[0], lock=True) as premises:
            desk = open_desk(premises)
            try:
                return act(desk)
            finally:
                desk.close()

    def _sync(self) -> SyncSummary:
        with (
            open_premises(self._home, self._sandbox.profiles[0], lock=True) as premises,
            open_engine(premises, StatusBoard()) as engine,
        ):
            return engine.run_until_settled(force=True)

    def _citizen(self, path: str) -> bytes:
        """Reads what the citizen sees, over HTTP and with the portal's own credentials."""
        document = self._sandbox.ready_document()
        credentials = f"{document['sender_client_id']}:{document['sender_client_secret']}".encode()
        call = urllib.request.Request(  # noqa: S310 - always the practice portal on this machine
            document["control_url"] + path,
            headers={
                "Authorization": f"Basic {base64.b64encode(credentials).decode()}",
                "User-Agent": "demo",
            },
        )
        with urllib.request.urlopen(call, timeout=10) as answer:  # noqa: S310
            content: bytes = answer.read()
        return content


class _Digest:
    """A sink that only counts up the hash."""

    def __init__(self) -> None:
        self._hash = hashlib.sha512()

    def write(self, chunk: bytes) -> int:
        self._hash.update(chunk)
        return len(chunk)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def _require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise NotAsPromisedError(otherwise)
