"""The judge on signed letters: PDF/A-3a and PDF/UA-1 at every level, with every kind of key.

Every kind of letter, with one page and with six, signed at every level with every kind of key; RSA and EC
take turns. One call of the judge for each length.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clerk_app.domain.letter import LetterKind, SignaturePlace
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


def keys_of(pki: Pki, softhsm: SoftHsm, service: RemoteService, folder: Path, card: str) -> dict[str, Key]:
    """RSA and EC, as file, on a card, at a remote service."""
    service.accounts["judged-rsa"] = Account(pki.personal, scal=2)
    service.accounts["judged-ec"] = Account(pki.personal_ec)
    softhsm.token(card, pki.personal, pki.personal_ec, always_authenticate=True)
    return {
        "file-rsa": (pki.seal_rsa.p12(folder), P12_PASSWORD),
        "file-ec": (pki.seal.p12(folder), P12_PASSWORD),
        "card-rsa": (softhsm.reference(card, "personal"), PIN),
        "card-ec": (softhsm.reference(card, "personal-ec"), PIN),
        "remote-rsa": (service.reference("judged-rsa"), csc.PIN),
        "remote-ec": (service.reference("judged-ec"), csc.PIN),
    }


@pytest.mark.parametrize("pages", [1, 6])
def test_signed_letters_are_pdfa_3a_and_pdfua_1(
    pages: int,
    shared_dir: Path,
    cache_dir: Path,
    tmp_path: Path,
    pki: Pki,
    softhsm: SoftHsm,
    remote_service: RemoteService,
) -> None:
    keys = keys_of(pki, softhsm, remote_service, tmp_path, f"Richter {pages}")
    web = TrustServiceCalls(NetworkConfig(), now=lambda: datetime.now(UTC), patience_s=10)
    desk = LetterDesk(
        base=tmp_path,
        trust_roots=lambda: [pki.root.der],
        timestamp_url=pki.tsa_url,
        web=web,
        remote=RemoteSignIn(lambda: csc.TOKEN),
    )
    documents: list[Path] = []

    def put(name: str, paper: bytes, key: str, level: SignatureLevel) -> None:
        reference, typed = keys[key]
        signed, signature = desk.sign(paper, reference, lambda: typed, SigningDemand(level))
        assert signature.level == level.value
        documents.append(tmp_path / f"{name}-{key}-{level}.pdf")
        documents[-1].write_bytes(signed)

    kinds = set()
    algorithms = itertools.cycle(("rsa", "ec", "ec", "rsa", "ec"))  # five: every place meets both
    ways = list(itertools.product(("file", "card", "remote"), SignatureLevel))
    with desk.keys_kept(200):
        for name, letter in every_kind(pages).items():
            assert any(isinstance(block, SignaturePlace) for block in letter.blocks)
            kinds.add(letter.kind)
            paper = desk.render(letter, datetime.now(UTC))
            for where, level in ways:
                put(name, paper, f"{where}-{next(algorithms)}", level)
    web.close()
    assert kinds == set(LetterKind)
    assert len(documents) == len(ways) * len(kinds)
    lines = judge(shared_dir, cache_dir, documents)
    verdicts = [line for line in lines if line.startswith(("PASS", "FAIL", "ERROR"))]
    assert len(verdicts) == 2 * len(documents)
    assert [line for line in verdicts if not line.startswith("PASS")] == []
