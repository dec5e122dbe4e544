"""Faults of packages in words: every reason has a sentence."""

from __future__ import annotations

from clerk_app.domain.package import FaultReason, PackageFault, PackageFaultyError
from clerk_app.domain.rules import RuleReason
from clerk_app.texts.errors import sentence
from clerk_app.texts.package_faults import fault_line, known_reasons


def test_every_reason_has_a_sentence() -> None:
    assert {str(reason) for reason in FaultReason} <= known_reasons()
    assert {f"rule-{reason.value}" for reason in RuleReason} <= known_reasons()


def test_a_fault_says_where_and_why_and_a_hint_is_one() -> None:
    refused = PackageFault(
        "form.toml", 3, FaultReason.KEY_UNKNOWN, (("key", "lables"), ("suggestion", "labels"))
    )
    hint = PackageFault("a.json", None, FaultReason.FILE_UNUSED, warning=True)
    assert (
        fault_line(refused)
        == "form.toml, Zeile 3: Den Schlüssel „lables“ kennt das Format hier nicht. Ist „labels“ gemeint?"
    )
    assert fault_line(hint) == "Hinweis – a.json: Diese Datei wird nirgends genannt."


def test_a_value_with_braces_stays_as_it_is() -> None:
    fault = PackageFault("letters.toml", 7, FaultReason.BLANK_MALFORMED, (("text", "{Stand.Art}"),))
    assert fault_line(fault).endswith(": {Stand.Art}")


def test_a_refused_package_names_its_first_fault() -> None:
    fault = PackageFault("package.toml", 2, FaultReason.KEY_MISSING, (("key", "id"),))
    said = sentence(PackageFaultyError((fault, fault)))
    assert "package.toml, Zeile 2: Der Schlüssel „id“ fehlt. (Fehler insgesamt: 2)" in said
