"""Whether a package is fit for use: its shape, its meaning, and whether its samples come out as said."""

from __future__ import annotations

from clerk_app.domain.package import PackageFault, PackageVersion
from clerk_app.services.packages.book import Book
from clerk_app.services.packages.files import BASE, TOML_FILES, PackageFiles
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
    if not findings.refused:
        judge_samples(book)
    return findings.all()
