"""Whether a package is fit for use: its shape, its meaning, and whether its samples come out as said."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from clerk_app.domain.package import FaultReason as R
from clerk_app.domain.package import PackageFault, PackageVersion
from clerk_app.services.packages.book import Book
from clerk_app.services.packages.files import (
    BASE,
    CHECKS,
    EVIDENCE,
    FEES,
    FORM,
    LETTERS,
    LISTS,
    MANIFEST,
    SAMPLES,
    TOML_FILES,
    PackageFiles,
)
from clerk_app.services.packages.findings import Findings
from clerk_app.services.packages.hints import judge_one_sided
from clerk_app.services.packages.judge_law import judge_dates, judge_references
from clerk_app.services.packages.judge_manifest import judge_manifest, judge_names
from clerk_app.services.packages.judge_rules import judge_rules
from clerk_app.services.packages.judge_words import judge_blanks, judge_fields, judge_languages
from clerk_app.services.packages.samples import judge_sample_names, judge_samples
from clerk_app.services.packages.shape import judge_shape
from clerk_app.services.packages.trees import base_bytes, take_apart_all


def lint(files: PackageFiles, app_version: PackageVersion) -> tuple[PackageFault, ...]:
    """Everything that is wrong with a package for this version of the program, by file and line.

    The samples are run only when nothing else stands in the way: they would fail for the same reasons.
    """
    trees, torn = take_apart_all(files)
    texts = {name: files.text(name) for name in TOML_FILES if name in files}
    findings = Findings({**texts, BASE: base_bytes(files).decode("utf-8", "replace")})
    for fault in (*files.altered, *torn):
        findings.add_at(fault.file, fault.line, fault.reason, **dict(fault.params))
    broken = {fault.file for fault in torn}
    whole = {name: trees[name] for name in texts if name not in broken}
    if BASE in files and BASE not in broken:  # the program's own is judged by its tests
        whole[BASE] = trees.base
    judge_shape(whole, findings)
    book = Book(files, trees, findings)
    judge_manifest(book, app_version)
    judge_names(book)
    judge_dates(book)
    judge_references(book)
    judge_rules(book)
    judge_languages(book)
    judge_blanks(book)
    judge_fields(book)
    judge_sample_names(book)
    judge_one_sided(book)
    findings.forget(partial(_follows, broken | {name for name in files if _is_json(name)} - set(book.json)))
    if not findings.refused:
        judge_samples(book)
    return findings.all()


#: Where the thing would stand that is missed: when nobody can read that file, missing it is no fault.
_STANDS_IN: Mapping[str, str] = {
    R.LEGAL_BASIS_UNKNOWN: MANIFEST,
    R.LEGAL_BASIS_NOT_IN_LAND: MANIFEST,
    R.FEE_UNKNOWN: FEES,
    R.FEE_NOT_IN_LAND: FEES,
    R.EVIDENCE_UNKNOWN: EVIDENCE,
    R.LABEL_MISSING: FORM,
    R.SAMPLE_TEMPLATE_UNKNOWN: LETTERS,
    R.SAMPLE_CHECK_UNKNOWN: CHECKS,
    "rule-unknown-rule": CHECKS,
    "rule-unknown-check": CHECKS,
    "rule-unknown-evidence": EVIDENCE,
    "rule-unknown-list": LISTS,
    "rule-unknown-limit": LISTS,
}
_OF_FORMS = frozenset({R.PATH_UNKNOWN, R.BLANK_UNKNOWN, R.LABEL_MISSING})
_OF_EVERYTHING = frozenset({R.CHECK_SILENT, R.CHECK_NEVER_OPEN, R.LIST_IN_ONE_LAND, R.BURDEN_WITHOUT_HEARING})


def _follows(unread: Collection[str], fault: PackageFault) -> bool:
    """Whether that is found only because a file cannot be read."""
    if not unread or fault.reason in (R.NOT_TOML, R.NOT_JSON):
        return False
    if fault.reason == R.FILE_UNUSED:
        return (MANIFEST if fault.file.startswith("schemas/") else SAMPLES) in unread
    if fault.reason in _OF_FORMS and any(map(_is_json, unread)):
        return True
    if fault.reason in _OF_EVERYTHING:
        return True
    place = _STANDS_IN.get(fault.reason)
    return place is not None and (place in unread or BASE in unread)


def _is_json(name: str) -> bool:
    return name.startswith(("samples/", "schemas/"))
