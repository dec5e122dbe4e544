"""The demo's second half: deadlines with their sum, many decisions with one go, proof and e-file."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from clerk_app.domain.case import CaseQuery, CaseView
from clerk_app.domain.deadlines import DeadlineKind
from clerk_app.domain.decision import Outcome
from clerk_app.domain.errors import ClerkError
from clerk_app.domain.folder import PaperState
from clerk_app.domain.ids import CaseId
from clerk_app.texts import _
from clerk_app.texts.derivations import deadline_label, derivation
from clerk_app.usecases.desk import Desk

PROOF, EFILE = "zustellnachweis.zip", "e-akte.zip"
_PAPERS = 3


class NotAsPromisedError(Exception):
    """What came out is not what it must be."""


def appeal_deadline(desk: Desk, case_id: CaseId) -> str:
    """Until when an appeal is possible, and how that day was found."""
    case = desk.reads.case_file(case_id)
    found = desk.assessor.deadlines(case, desk.deciding.clock.now()) if case is not None else ()
    for deadline in found:
        if deadline.kind is DeadlineKind.APPEAL:
            return f"{deadline_label(deadline.kind)}: {derivation(deadline)}"
    raise NotAsPromisedError(_("Die Rechtsbehelfsfrist fehlt."))


def sign_folder(desk: Desk) -> str:
    """Lays decisions into the folder, looks at each, and signs all of them at once."""
    laid = []
    for row in desk.reads.list(CaseQuery(view=CaseView.NEW)):
        try:
            laid.append(desk.folder.add(desk.deciding.draft(row.case_id, Outcome.GRANTED)))
        except ClerkError:
            continue  # a blank only a person can fill: not for a demonstration
        if len(laid) > _PAPERS:
            break
    laid.pop()  # one stays in the folder, for the pictures
    unseen = desk.folder.sign([draft.draft_id for draft in laid], lambda: None)
    if any(result.state is PaperState.SIGNED for result in unseen.results):
        raise NotAsPromisedError(_("Es wurde etwas signiert, das niemand angesehen hat."))
    for draft in laid:
        desk.drafts.seen(draft.draft_id, desk.drafts.paper(draft.draft_id))
    run = desk.folder.sign([draft.draft_id for draft in laid], lambda: None)
    signed = sum(result.state is PaperState.SIGNED for result in run.results)
    if not laid or signed != len(laid):
        raise NotAsPromisedError(_("Nicht alles in der Mappe wurde signiert."))
    return _("{count} Bescheide: ungesehen verweigert, angesehen signiert").format(count=signed)


def prove(desk: Desk, case_id: CaseId, keep: Path) -> str:
    """Writes the proof bundle and has its own program check it, as a stranger would; then with a flipped
    bit."""
    path = keep / PROOF
    with path.open("wb") as sink:
        proof = desk.proving.prove(case_id, sink)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with zipfile.ZipFile(path) as bundle:
            bundle.extractall(folder)
        if _checked(folder, proof.manifest_sha256) != 0:
            raise NotAsPromisedError(_("Der Zustellnachweis besteht seine eigene Prüfung nicht."))
        notice = next(folder.rglob("*.pdf"))
        content = bytearray(notice.read_bytes())
        content[len(content) // 2] ^= 1
        notice.write_bytes(bytes(content))
        if _checked(folder, proof.manifest_sha256) == 0:
            raise NotAsPromisedError(_("Ein verändertes Byte im Nachweis blieb unbemerkt."))
    return _("{count} Dateien, besteht die Prüfung mit Bordmitteln; ein verändertes Byte fällt auf").format(
        count=proof.files
    )


def hand_over(desk: Desk, case_id: CaseId, keep: Path) -> str:
    """Writes the case as an xdomea package."""
    with (keep / EFILE).open("wb") as sink:
        filed = desk.filing.export([case_id], sink)
    return _("xdomea 3.0.0, {count} Dokumente").format(count=filed.cases[0].documents)


def _checked(folder: Path, manifest_sha256: str) -> int:
    program = [sys.executable, "-I", "pruefen.py", "--manifest-sha256", manifest_sha256]
    done = subprocess.run(program, cwd=folder, capture_output=True, check=False)  # noqa: S603 - our own program
    return done.returncode
