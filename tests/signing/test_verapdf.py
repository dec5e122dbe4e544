"""The judge: veraPDF finds our letters to be PDF/A-3a and PDF/UA-1, before and after signing."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from clerk_app.domain.letter import Align, BulletList, Letter, Paragraph, SignaturePlace, Table
from clerk_app.signing.keys import SigningKey, SoftwareKey
from clerk_app.signing.notice import render
from clerk_app.signing.signer import PdfSigner
from tests.signing.samples import AT, bilingual, certificate, decision, every_kind, long_decision
from tests.signing.test_links import a_letter_with_links


def judge(shared_dir: Path, cache_dir: Path, documents: list[Path]) -> list[str]:
    """Lines of the tool: one PASS or FAIL per document and flavour."""
    tool = shared_dir / "tools" / "verapdf" / "verapdf"
    needed = shutil.which("java") and shutil.which("javac") and tool.is_file()
    if not needed:
        _absent("java, javac or tools/verapdf is absent")
    home = os.environ.get("VERAPDF_HOME") or str(cache_dir / "verapdf")
    run = subprocess.run(
        [str(tool), "3a,ua1", *map(str, documents)],
        env=os.environ | {"VERAPDF_HOME": home},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    lines = run.stdout.splitlines()
    if not any(line.startswith(("PASS", "FAIL", "ERROR")) for line in lines):
        _absent(f"veraPDF could not be prepared: {run.stderr[-300:]}")
    return lines


def _absent(why: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{why}, and under CI=true this gate must run")
    pytest.skip(why)


def unsigned_letters() -> dict[str, Letter]:
    """Every kind with one page and with six, with and without a signature place; two languages; links."""
    return {
        **{f"{name}-1": letter for name, letter in every_kind(1).items()},
        **{f"{name}-6": letter for name, letter in every_kind(6, to_sign=False).items()},
        "bilingual": bilingual(),
        "links": a_letter_with_links(),
    }


def test_letters_are_pdfa_3a_and_pdfua_1(
    shared_dir: Path, cache_dir: Path, tmp_path: Path, seal: SigningKey, rsa_key: rsa.RSAPrivateKey
) -> None:
    rsa_seal = SoftwareKey("rsa", certificate(rsa_key), (), rsa_key)
    names = "C̨̆ Č̕ K\u035fH ọ̈ Ž̦ ẞ Ǿ Ωώ Щж ∞≤≥ €"
    letters = {
        "decision": decision(),
        "practice": decision(practice=True),
        "long": long_decision(70),
        "torn": decision(Table(("Nr.", "Text"), (("1", "Wort " * 2500), ("", ""))), SignaturePlace()),
        "unsigned": decision(Paragraph("Bitte reichen Sie nach:"), BulletList(("Lageplan", names))),
        "names": replace(
            decision(
                Paragraph(names),
                BulletList((names,)),
                Table((names, "€"), ((names, "1"),), (Align.LEFT, Align.RIGHT)),
                SignaturePlace(),
            ),
            title=names,
            subject=names,
            language="hsb",
        ),
    }
    documents = []
    for name, letter in letters.items():
        rendered = render(letter, AT)
        documents.append(tmp_path / f"{name}.pdf")
        documents[-1].write_bytes(rendered.pdf)
        if rendered.has_signature_field:
            for kind, key in (("ec", seal), ("rsa", rsa_seal)):
                signed = PdfSigner().sign(rendered.pdf, key, reason="Bescheid", location="Ort", at=AT)
                documents.append(tmp_path / f"{name}-{kind}.pdf")
                documents[-1].write_bytes(signed)
    for name, letter in unsigned_letters().items():
        documents.append(tmp_path / f"{name}.pdf")
        documents[-1].write_bytes(render(letter, AT).pdf)
    untagged = tmp_path / "untagged.pdf"  # a gate that passes everything is no gate
    with pikepdf.open(documents[0]) as document:
        del document.Root.MarkInfo
        document.save(untagged)
    lines = judge(shared_dir, cache_dir, [*documents, untagged])
    verdicts = [line for line in lines if line.startswith(("PASS", "FAIL", "ERROR"))]
    assert len(verdicts) == 2 * len(documents) + 2
    assert [line[:5] for line in verdicts if "untagged.pdf" in line] == ["FAIL ", "FAIL "]
    assert [line for line in verdicts if not line.startswith("PASS") and "untagged.pdf" not in line] == []
