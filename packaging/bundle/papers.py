"""What goes with every bundle: licences with their texts, and what is inside (CycloneDX 1.6)."""

from __future__ import annotations

import re
import shutil
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from sbom import document

NOT_SHIPPED = {"pip", "setuptools", "wheel"}  # a dependency names it, nothing here uses it
ROOT = Path(__file__).resolve().parents[2]


def papers(site: Path, place: Path, python_licence: Path, python: str = "") -> None:
    """Writes them below ``place`` for the packages in ``site``. ``python``: the version that is shipped."""
    python = python or sys.version.split()[0]
    place.mkdir(parents=True)
    shutil.copy2(ROOT / "LICENSE", place / "LICENSE")
    shipped = (each for each in distributions(path=[str(site)]) if each.metadata["Name"] not in NOT_SHIPPED)
    found = sorted(shipped, key=lambda each: each.metadata["Name"].lower())
    lines = [f"Python {python}: PSF-2.0"]
    for each in found:
        lines.append(f"{each.metadata['Name']} {each.version}: {licence(each)}")
        for file in each.files or ():
            if re.search(r"(?i)(licen[cs]e|copying|notice|copyright)", file.name) and file.suffix not in (
                ".py",
                ".pyc",
            ):
                source = Path(str(each.locate_file(file)))
                if source.is_file():
                    target = place / "licences" / each.metadata["Name"] / file.name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(source, target)
    if python_licence.is_file():
        (place / "licences").mkdir(exist_ok=True)
        shutil.copy2(python_licence, place / "licences" / "PYTHON.txt")
    (place / "LICENCES.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (place / "sbom.cdx.json").write_text(document(found, python), encoding="utf-8")
    sys.path.insert(0, str(ROOT / "packaging" / "compliance"))
    from report import report

    text, wrong = report(found, python)
    if wrong:
        raise SystemExit("\n".join(wrong))
    (place / "audit.md").write_text(text, encoding="utf-8")


#: Licences of packages that name none in their metadata, as their licence file has it.
_READ = {"sqlcipher3": "Zlib"}


def licence(each: Distribution) -> str:
    """What the package says of itself, or its licence file where it says nothing."""
    if each.metadata["Name"] in _READ:
        return _READ[each.metadata["Name"]]
    metadata = each.metadata
    expression = metadata.get("License-Expression") or ""
    classifiers = [
        line.rsplit(" :: ", 1)[-1]
        for line in metadata.get_all("Classifier", [])
        if line.startswith("License ::")
    ]
    named = (
        expression or ", ".join(classifiers) or (metadata.get("License") or "").splitlines()[0:1] or "unknown"
    )
    return named if isinstance(named, str) else (named[0] or "unknown")
