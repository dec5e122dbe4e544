"""An office that is killed and started again, beside a portal that is not; judged from outside."""

from __future__ import annotations

import base64
import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
import urllib.request
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from clerk_app.bootstrap.desk_side import open_desk
from clerk_app.bootstrap.premises import Premises, open_premises
from clerk_app.bootstrap.sync_side import open_engine
from clerk_app.domain.case import CaseFile, CaseQuery, CaseStatus
from clerk_app.domain.decision import Outcome
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ids import CaseId
from clerk_app.domain.outbox import FINAL_STATES, OutboxEntry, OutboxKind, OutboxState
from clerk_app.signing.fonts import fonts_directory, letter_font
from clerk_app.sync.status import StatusBoard
from clerk_app.usecases.desk import Desk
from tests.kill.points import KILLED, Points, install

READ, WROTE = 0, 1


class PortalOverHttp:
    """A practice portal, wherever it runs, asked over its control port; ``ready`` is what it says of itself
    when it has started."""

    def __init__(self, ready: dict[str, Any]) -> None:
        self.ready = ready

    def call(self, method: str, path: str, body: object = None) -> Any:
        content = self.fetch(method, path, json.dumps(body).encode() if body is not None else None)
        return json.loads(content) if content else None

    def fetch(self, method: str, path: str, body: bytes | None = None) -> bytes:
        credentials = f"{self.ready['sender_client_id']}:{self.ready['sender_client_secret']}"
        headers = {
            "Authorization": "Basic " + base64.b64encode(credentials.encode()).decode(),
            "User-Agent": "kill-test",
            "Content-Type": "application/json",
        }
        request = urllib.request.Request(
            self.ready["control_url"] + path, data=body, method=method, headers=headers
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            content: bytes = answer.read()
        return content

    def file(self, count: int) -> list[dict[str, Any]]:
        body = {"count": count, "defective": 0, "authority": "bw"}
        filed: list[dict[str, Any]] = self.call("POST", "/sandbox/applications", body)["applications"]
        return filed


class PracticePortal(PortalOverHttp):
    """``clerk-app sandbox`` in a process of its own, spoken to over HTTP."""

    def __init__(self, directory: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "clerk_app", "sandbox", "--directory", str(directory)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        super().__init__(json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        assert self._process.stdout is not None
        self._process.stdout.close()


class Judged(Protocol):
    """An office that can be looked at from outside."""

    @property
    def portal(self) -> PortalOverHttp: ...

    @property
    def home(self) -> Path: ...


@dataclass
class Trials:
    """Runs trials in forked children, so that starting costs nothing and dying is real."""

    portal: PracticePortal
    home: Path
    mutant: Callable[[], None] | None = None
    longest_s: int = 300  # a child that goes on for longer is ended: it will never settle
    points: Counter[str] = field(default_factory=Counter)
    kills: int = 0

    def warm_up(self) -> None:
        """Loads here what a whole job needs: else every child would load it anew, which costs more than the
        job itself."""
        with tempfile.TemporaryDirectory() as folder:
            told = Path(folder) / "modules.json"

            def tell() -> None:
                self.whole_job()
                told.write_text(json.dumps(sorted(sys.modules)))

            code, _passed = self.in_child(tell)
            assert code == 0
            for name in json.loads(told.read_text()):
                with contextlib.suppress(ImportError):
                    importlib.import_module(name)
        letter_font(fonts_directory())

    def in_child(self, work: Callable[[], None], kill_at: int | None = None) -> tuple[int, list[str]]:
        """Runs ``work`` in a child; its exit code and the points it passed (when it lived to tell)."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            code = 1
            try:
                signal.alarm(self.longest_s)
                points = Points(kill_at)
                install(points)
                if self.mutant is not None:
                    self.mutant()
                work()
                with os.fdopen(writing, "w") as told:
                    json.dump(points.passed, told)
                code = 0
            except BaseException:  # noqa: BLE001 - a child must never return into pytest
                traceback.print_exc()
            os._exit(code)
        os.close(writing)
        with os.fdopen(reading) as told:
            text = told.read()
        _pid, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status), json.loads(text) if text else []

    def killed(self, work: Callable[[], None], kill_at: int) -> bool:
        """Whether the child died at its point; any other failure is one of the client."""
        code, passed = self.in_child(work, kill_at)
        if code == KILLED:
            self.kills += 1
            return True
        assert code == 0, f"the client failed with {code} instead of being killed"
        self.points.update(passed)
        return False

    # -- the client's work -----------------------------------------------------------------------------------

    def sync(self) -> None:
        with (
            open_premises(self.home, Path(self.portal.ready["profiles"][0]), lock=True) as premises,
            open_engine(premises, StatusBoard()) as engine,
        ):
            summary = engine.run_until_settled(force=True)
            assert not summary.failures, summary.failures

    def act(self) -> None:
        """What the office does with every case it may act on: ask first, decide once answered or asked."""
        with open_premises(self.home, Path(self.portal.ready["profiles"][0]), lock=True) as premises:
            desk = open_desk(premises)
            try:
                for row in desk.reads.list(CaseQuery()):
                    act_on(desk, row.case_id, row.status)
            finally:
                desk.close()

    def whole_job(self) -> None:
        self.sync()
        self.act()
        self.sync()


def act_on(desk: Desk, case_id: CaseId, status: CaseStatus) -> None:
    if status in (CaseStatus.NEW, CaseStatus.IN_REVIEW):
        desk.cases.open(case_id)
        desk.requesting.request(case_id, ["Mietvertrag"], at_once=True)
    elif status in (CaseStatus.REQUESTED, CaseStatus.ANSWERED):
        desk.cases.open(case_id)
        draft = desk.deciding.draft(case_id, Outcome.GRANTED)
        try:
            desk.deciding.sign(draft, lambda: None, at_once=True)
        except ClerkError as error:
            if error.code is not ErrorCode.CASE_ALREADY_DECIDED:
                raise


def violations(trials: Judged, filed: list[dict[str, Any]]) -> list[str]:
    """What is wrong, seen from the portal, the mailboxes, the replies and the office's own books."""
    found: list[str] = []
    profile = Path(trials.portal.ready["profiles"][0])
    with open_premises(trials.home, profile, lock=True) as premises:
        desk = open_desk(premises)
        try:
            desk.ledger.verify_chain()
            known = {row.case_id: row for row in desk.reads.list(CaseQuery())}
            entries = desk.reads.outbox()
            for application in filed:
                row = known.get(CaseId(application["caseId"]))
                if row is None:
                    found.append(f"lost: case {application['caseId']}")
                    continue
                case = desk.reads.case_file(row.case_id)
                kept = {a.submission_id for a in case.applications} if case else set()
                if application["submissionId"] not in kept:
                    found.append(f"lost: submission {application['submissionId']}")
                elif case is not None and case.first.content_sha512 != application["dataSha512"]:
                    found.append(f"changed: submission {application['submissionId']}")
                if case is not None:
                    found += _torn_originals(premises, case)
            found += _torn_letters(desk, entries)
        finally:
            desk.close()
    for entry in entries:
        if entry.state not in FINAL_STATES and entry.state is not OutboxState.TO_POST:
            main = next((e.state for e in entries if e.entry_id == entry.accompanies), None)
            found.append(f"stuck: {entry.kind} {entry.state} ({entry.last_error}) beside {main}")
        if entry.state is OutboxState.DELIVERED and entry.receipt is None:
            found.append(f"no receipt: {entry.entry_id}")
    wanted: Counter[tuple[str, OutboxKind]] = Counter(
        (entry.case_reference, entry.kind)
        for entry in entries
        if entry.state is OutboxState.DELIVERED and entry.kind is not OutboxKind.STATUS
    )
    for key, count in wanted.items():
        if key[1] is OutboxKind.DECISION and count > 1:
            found.append(f"decided twice: {key[0]}")
    ours = {row.case_reference for row in known.values()}  # the portal serves other homes too
    at_citizens = {key: n for key, n in arrived(trials.portal, filed).items() if key[0] in ours}
    for key in {**wanted, **at_citizens}:
        there = at_citizens.get(key, 0)
        if wanted[key] != there:
            found.append(f"{key[1]} {key[0]}: delivered {wanted[key]}, with the citizen {there}")
    return found


def _torn_originals(premises: Premises, case: CaseFile) -> list[str]:
    """Originals that are missing or not whole."""
    found = []
    for arrival in case.applications:
        try:
            premises.store.original(case.row.case_id, arrival.submission_id)
        except ClerkError as error:
            found.append(f"half: original {arrival.submission_id} ({error.code})")
    return found


def _torn_letters(desk: Desk, entries: Sequence[OutboxEntry]) -> list[str]:
    """Letters that are missing or not whole."""
    found = []
    for entry in entries:
        for document in desk.ledger.outgoing(entry.entry_id).documents:
            try:
                desk.deciding.documents.read(entry.case_id, document.document_id)
            except ClerkError as error:
                found.append(f"half: letter {document.document_id} ({error.code})")
    return found


def arrived(portal: PortalOverHttp, filed: list[dict[str, Any]]) -> Counter[tuple[str, OutboxKind]]:
    """Letters as the citizens hold them, by case reference and kind (both stand in the file's name)."""
    names: list[str] = []
    for mailbox in {a["mailboxUuid"] for a in filed if a.get("mailboxUuid")}:
        for message in portal.call("GET", f"/citizens/mailboxes/{mailbox}/messages")["messages"]:
            names += [file["filename"] for file in message["attachments"]]
    for reply in portal.call("GET", "/citizens/replies")["replies"]:
        names += [file["filename"] for file in reply["attachments"]]
    kinds = {"Bescheid": OutboxKind.DECISION, "Nachforderung": OutboxKind.DOCUMENT_REQUEST}
    return Counter(
        (name.removesuffix(".pdf").split("-", 1)[1], kinds[name.split("-", 1)[0]])
        for name in names
        if name.split("-", 1)[0] in kinds
    )
