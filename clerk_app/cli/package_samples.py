"""What a clerk would see of a package's samples: ``package lint --samples``."""

from __future__ import annotations

from pathlib import Path

from clerk_app.domain.package import PackageFaultyError
from clerk_app.domain.service_package import CheckLevel, CheckResult
from clerk_app.services.letter_text import message_text
from clerk_app.services.packages.files import read_package
from clerk_app.services.packages.samples import SampleResult, run_samples
from clerk_app.texts import _, language


def sample_runs(path: Path) -> tuple[SampleResult, ...]:
    """Every sample, run; none of a package that cannot be read, because its faults are told anyway."""
    try:
        return run_samples(read_package(path))
    except (PackageFaultyError, KeyError, TypeError, ValueError):
        return ()


def sample_lines(run: SampleResult) -> list[str]:
    """One sample in one Land: check points, missing evidence, the letter."""
    lines = [_("Beispiel „{sample}“ ({land})").format(sample=run.sample, land=run.land)]
    lines += [f"  {_state(check)}: {check.check_id} – {check.text.text(language())}" for check in run.checks]
    if run.silent:
        lines.append("  " + _("kein Ergebnis: {names}").format(names=", ".join(run.silent)))
    lines.append("  " + _("Nachweise, die fehlen: {names}").format(names=", ".join(run.missing) or "–"))
    if run.letter is not None:
        words = message_text(run.letter).splitlines()
        lines += [
            "  " + _("Bescheid: {subject}").format(subject=run.letter.subject),
            *(f"    {line}" if line else "" for line in words),
        ]
    return [*lines, ""]


def sample_document(run: SampleResult) -> dict[str, object]:
    """The same for ``--json``."""
    letter = run.letter
    return {
        "sample": run.sample,
        "land": run.land,
        "checks": [
            {"id": check.check_id, "level": check.level.value, "text": check.text.text(language())}
            for check in run.checks
        ],
        "without_result": run.silent,
        "missing": run.missing,
        "letter": None if letter is None else {"subject": letter.subject, "text": message_text(letter)},
    }


def _state(check: CheckResult) -> str:
    if check.level is CheckLevel.OK:
        return _("in Ordnung")
    return _("offen") if check.level is CheckLevel.WARN else _("nicht auswertbar")
