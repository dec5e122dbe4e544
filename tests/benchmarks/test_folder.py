"""Two hundred decisions through the signature folder, one PIN on SoftHSM, against the bare signing calls."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clerk_app.domain.folder import PaperResult, PaperState
from clerk_app.signing.keys import open_key
from clerk_app.signing.signer import PdfSigner
from clerk_app.signing.verify import verify
from tests.benchmarks.limits import cpu_s, report
from tests.signing.folder_office import FolderOffice
from tests.signing.pki import Pki
from tests.signing.softhsm import PIN, SoftHsm

COUNT = 200
WARM = 50


def rss_mb() -> float:
    """What this process holds now, in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def spent_s(work: Callable[[], object]) -> float:
    """CPU seconds of ``work``, the card's included: SoftHSM works in this process."""
    gc.collect()
    began = cpu_s()
    work()
    return cpu_s() - began


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """As in the program: the tests' own conftest switches the collector off."""
    gc.enable()
    yield
    gc.disable()


def test_two_hundred_decisions_with_one_pin(pki: Pki, softhsm: SoftHsm, tmp_path: Path) -> None:
    reference = softhsm.token("Mappe 200", pki.personal)  # RSA, as on most cards
    office = FolderOffice(tmp_path / "home", pki.root.der, reference)
    laid = office.lay(COUNT)
    papers = [office.desk.drafts.paper(draft_id) for draft_id in laid]
    asked: list[int] = []
    held: dict[int, float] = {}

    def ask() -> str:
        asked.append(1)
        return PIN

    def watch(done: int, _total: int, _result: PaperResult) -> None:
        if done in (WARM, COUNT):
            gc.collect()
            held[done] = rss_mb()

    def through_the_folder() -> None:
        run = office.desk.folder.sign(laid, ask, progress=watch)
        assert run.count(PaperState.SIGNED) == COUNT

    ours = spent_s(through_the_folder)
    office.close()
    key = open_key(reference, tmp_path, lambda: PIN)
    signed: list[bytes] = []

    def bare() -> None:
        signed.extend(
            PdfSigner().sign(paper, key, reason="", location="", at=datetime.now(UTC)) for paper in papers
        )

    def looked_at() -> None:
        for pdf in signed:
            verify(pdf, trust_roots=(pki.root.der,), at=datetime.now(UTC))

    signing, checking = spent_s(bare), spent_s(looked_at)
    key.close()

    assert len(asked) == 1
    growth = held[COUNT] - held[WARM]
    each = 1000 / COUNT
    report(
        "folder: 200 decisions signed, one PIN",
        ours * each,
        signing * each,
        "ms CPU per decision",
        checking=round(checking * each, 1),
        ratio_to_signing_and_checking=round(ours / (signing + checking), 2),
        grown_mb=round(growth, 1),
    )
    assert growth < 20, "memory must stay flat"
