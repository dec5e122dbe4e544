"""The judge on signed letters: PDF/A-3a and PDF/UA-1 at every level, with every kind of key.

Every level with every kind of key is judged on a decision with one page and with six, RSA and EC in turn;
every kind of letter, with one page and with six, is judged signed in some way. One call of the judge.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from clerk_app.domain.letter import SignaturePlace
from clerk_app.domain.signature import SignatureLevel, SigningDemand
from clerk_app.portal.config import NetworkConfig
from clerk_app.portal.trust_services import TrustServiceCalls
from clerk_app.signing.desk import LetterDesk, RemoteSignIn
from tests.signing import remote_service as csc
from tests.signing.pki import P12_PASSWORD, Pki
from tests.signing.remote_service import Account, RemoteService
from tests.signing.samples import every_kind
from tests.signing.softhsm import PIN, SoftHsm
from tests.signing.test_verapdf import judge

Key = tuple[str, str]  # reference, what is typed


def keys_of(pki: Pki, softhsm: SoftHsm, service: RemoteService, folder: Path) -> dict[str, Key]:
    """RSA and EC, as file, on a card, at a remote service."""
    service.accounts["judged-rsa"] = Account(pki.personal, scal=2)
    service.accounts["judged-ec"] = Account(pki.personal_ec)
    softhsm.token("Richter", pki.personal, pki.personal_ec, always_authenticate=True)
    return {
        "file-rsa": (pki.seal_rsa.p12(folder), P12_PASSWORD),
        "file-ec": (pki.seal.p12(folder), P12_PASSWORD),
        "card-rsa": (softhsm.reference("Richter", "personal"), PIN),
        "card-ec": (softhsm.reference("Richter", "personal-ec"), PIN),
        "remote-rsa": (service.reference("judged-rsa"), csc.PIN),
        "remote-ec": (service.reference("judged-ec"), csc.PIN),
    }


def test_signed_letters_are_pdfa_3a_and_pdfua_1(
    shared_dir: Path,
    cache_dir: Path,
    tmp_path: Path,
    pki: Pki,
    softhsm: SoftHsm,
    remote_service: RemoteService,
) -> None:
    keys = keys_of(pki, softhsm, remote_service, tmp_path)
    web = TrustServiceCalls(NetworkConfig(), now=lambda: datetime.now(UTC), patience_s=10)
    desk = LetterDesk(
        base=tmp_path,
        trust_roots=lambda: [pki.root.der],
        timestamp_url=pki.tsa_url,
        web=web,
        remote=RemoteSignIn(lambda: csc.TOKEN),
    )
    documents: list[Path] = []

    def put(name: str, letter: Callable[[], bytes], combination: tuple[str, SignatureLevel]) -> None:
        key, level = combination
        reference, typed = keys[key]
        signed, signature = desk.sign(letter(), reference, lambda: typed, SigningDemand(level))
        assert signature.level == level.value
        documents.append(tmp_path / f"{name}-{key}-{level}.pdf")
        documents[-1].write_bytes(signed)

    everything = list(itertools.product(keys, SignatureLevel))
    turns = itertools.cycle(everything)
    halves: dict[int, list[tuple[str, SignatureLevel]]] = {1: [], 6: []}
    for at, (where, level) in enumerate(itertools.product(("file", "card", "remote"), SignatureLevel)):
        one, other = ("rsa", "ec") if (at + at // 4) % 2 else ("ec", "rsa")
        halves[1].append((f"{where}-{one}", level))
        halves[6].append((f"{where}-{other}", level))
    kinds = set()
    with desk.keys_kept(100):
        for pages in (1, 6):
            for name, letter in every_kind(pages).items():
                assert any(isinstance(block, SignaturePlace) for block in letter.blocks)
                kinds.add(letter.kind)
                paper = desk.render(letter, datetime.now(UTC))
                put(f"{name}-{pages}", lambda paper=paper: paper, next(turns))  # type: ignore[misc]
                if name == "decision-granted":
                    for combination in halves[pages]:
                        put(f"every-{pages}", lambda paper=paper: paper, combination)  # type: ignore[misc]
    web.close()
    assert len(kinds) > 5
    assert len(documents) == len(everything) + 2 * len(kinds)
    assert {path.stem.partition("every-")[2][2:] for path in documents if "every-" in path.stem} == {
        f"{key}-{level}" for key, level in everything
    }
    lines = judge(shared_dir, cache_dir, documents)
    verdicts = [line for line in lines if line.startswith(("PASS", "FAIL", "ERROR"))]
    assert len(verdicts) == 2 * len(documents)
    assert [line for line in verdicts if not line.startswith("PASS")] == []
