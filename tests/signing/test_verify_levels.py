"""Our own signatures at every level, as a verifier finds them: now, online, and years later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clerk_app.bootstrap.entrance import main
from clerk_app.domain.signature import Revocation, SignatureLevel, SigningDemand
from clerk_app.domain.verdict import Reason, StampKind, Verdict
from clerk_app.portal.config import NetworkConfig
from clerk_app.portal.trust_services import TrustServiceCalls
from clerk_app.signing.desk import LetterDesk
from clerk_app.signing.notice import render
from clerk_app.signing.verify import verify
from tests.signing.pki import FAULTS, P12_PASSWORD, Pki
from tests.signing.samples import decision

LEVELS = list(SignatureLevel)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def services() -> Iterator[Pki]:
    """Authorities of this module alone: it revokes certificates."""
    with Pki() as made:
        yield made


@pytest.fixture(scope="module")
def signed(services: Pki, tmp_path_factory: pytest.TempPathFactory) -> dict[SignatureLevel, bytes]:
    """One letter at every level."""
    folder = tmp_path_factory.mktemp("keys")
    web = TrustServiceCalls(NetworkConfig(), now=now, patience_s=10)
    desk = LetterDesk(
        base=folder,
        default_key=services.personal_ec.p12(folder),
        trust_roots=lambda: [services.root.der],
        timestamp_url=services.tsa_url,
        web=web,
    )
    letter = render(decision(), now()).pdf
    made = {level: desk.sign(letter, None, lambda: P12_PASSWORD, SigningDemand(level))[0] for level in LEVELS}
    web.close()
    return made


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_is_what_it_claims(
    services: Pki, signed: dict[SignatureLevel, bytes], level: SignatureLevel
) -> None:
    report = verify(signed[level], trust_roots=[services.root.der], at=now())
    assert (report.verdict, report.reasons) == (Verdict.VALID, ())
    signature = report.signature
    assert signature is not None
    assert (signature.level, signature.claimed_level) == (level, level)
    assert len(signature.chain) == 2
    proven = level is not SignatureLevel.B_B
    assert (signature.proven_at is not None) is proven
    kept = level.at_least(SignatureLevel.B_LT)
    assert signature.revocation is (Revocation.GOOD if kept else Revocation.NOT_CHECKED)
    kinds = [stamp.kind for each in report.signatures for stamp in each.time_stamps]
    assert kinds == (
        ([StampKind.SIGNATURE] if proven else [])
        + ([StampKind.DOCUMENT] if level is SignatureLevel.B_LTA else [])
    )


def test_after_the_signer_has_ended(services: Pki, signed: dict[SignatureLevel, bytes]) -> None:
    ended = services.personal_ec.certificate.not_valid_after_utc + timedelta(days=1)
    roots = [services.root.der]
    verdicts = {level: verify(pdf, trust_roots=roots, at=ended) for level, pdf in signed.items()}
    assert verdicts[SignatureLevel.B_B].verdict is Verdict.INDETERMINATE
    lasting = verdicts[SignatureLevel.B_LTA]
    assert lasting.signature is not None
    if services.tsa.certificate.not_valid_after_utc > ended:
        assert (lasting.verdict, lasting.reasons) == (Verdict.VALID, ())
        assert Reason.EXPIRED_SINCE in lasting.notes
    else:  # the archive stamp's authority has ended too, and nobody stamped again
        assert lasting.verdict is Verdict.INDETERMINATE


def test_asked_online(
    services: Pki,
    signed: dict[SignatureLevel, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CLERK_APP_HOME", str(tmp_path / "nobody"))
    root = tmp_path / "root.der"
    root.write_bytes(services.root.der)
    paths = {}
    for level, document in signed.items():
        paths[level] = tmp_path / f"{level}.pdf"
        paths[level].write_bytes(document)

    def told(level: SignatureLevel, *more: str) -> dict[str, object]:
        main(["verify", str(paths[level]), "--trust", str(root), "--json", *more])
        answer: dict[str, object] = json.loads(capsys.readouterr().out)
        return answer

    before = sum(services.hits.values())
    assert told(SignatureLevel.B_B)["revocation"] == "not-checked"
    assert sum(services.hits.values()) == before, "nobody was asked to ask"
    asked = told(SignatureLevel.B_B, "--online")
    assert (asked["verdict"], asked["revocation"], asked["notes"]) == ("VALID", "good", [])

    for fault in set(FAULTS) - {"silent", "huge"}:
        with services.broken("ocsp", fault), services.broken("crl", fault):
            unanswered = told(SignatureLevel.B_B, "--online")
            assert (unanswered["verdict"], unanswered["notes"]) == ("VALID", ["REVOCATION_NOT_CHECKED"])

    services.revoke(services.personal_ec, now() + timedelta(seconds=-1))
    gone = told(SignatureLevel.B_B, "--online")
    assert (gone["verdict"], gone["reasons"]) == ("INVALID", ["CERTIFICATE_REVOKED"])
    stamped = told(SignatureLevel.B_T, "--online")
    assert (stamped["verdict"], stamped["notes"]) == ("VALID", ["REVOKED_LATER"])
    assert told(SignatureLevel.B_B)["verdict"] == "VALID", "offline nobody can know"
