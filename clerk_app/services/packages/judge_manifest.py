"""What a package says of itself: versions, languages, the law of its procedure, the files it names."""

from __future__ import annotations

from collections.abc import Iterable

from clerk_app.domain.package import AppRange, PackageVersion
from clerk_app.domain.package import FaultReason as R
from clerk_app.services.packages.book import LANDS, Book
from clerk_app.services.packages.files import FORM, LISTS, MANIFEST, SAMPLES
from clerk_app.services.packages.schema_copies import schema_error
from clerk_app.services.state_profile import load_state

_REQUIRED = (MANIFEST, FORM, SAMPLES)
_FEWEST_SAMPLES = 2


def judge_manifest(book: Book, app_version: PackageVersion) -> None:
    """Everything about the manifest and the files it names."""
    for name in _REQUIRED:
        if name not in book.files:
            book.findings.add(name, (), R.FILE_MISSING)
    _app(book, app_version)
    _languages(book)
    _schemas(book)
    _samples(book)
    own = book.value(MANIFEST, "id")
    for number, each in enumerate(book.value(MANIFEST, "replaces") or ()):
        if each == own:
            book.findings.add(MANIFEST, ("replaces", number), R.REPLACES_ITSELF, id=own)
    appeal = book.value(MANIFEST, "procedure", "appeal")
    known = {land: {rule.kind for rule in load_state(land).appeals} for land in LANDS}
    if appeal is not None and any(appeal not in kinds for kinds in known.values()):
        allowed = ", ".join(sorted(set.intersection(*known.values())))
        book.findings.add(MANIFEST, ("procedure", "appeal"), R.APPEAL_UNKNOWN, value=appeal, allowed=allowed)


def judge_names(book: Book) -> None:
    """No two things of a kind may have the same name; what is dated may come again at another time."""
    for file, table, key in (
        ("checks.toml", "check", "id"),
        ("checks.toml", "rule", "id"),
        ("evidence.toml", "evidence", "key"),
        ("letters.toml", "template", "name"),
        ("letters.toml", "notice", "kind"),
        (SAMPLES, "sample", "name"),
        (MANIFEST, "schema", "uri"),
    ):
        seen: set[str] = set()
        for entry in book.own(file, table):
            if entry.item[key] in seen:
                book.findings.add(file, entry.at(key), R.DUPLICATE, name=entry.item[key])
            seen.add(entry.item[key])
    kinds: dict[str, str] = {}
    for table in ("list", "number"):
        for entry in book.own(LISTS, table):
            if kinds.setdefault(entry.item["name"], table) != table:
                book.findings.add(LISTS, entry.at("name"), R.DUPLICATE, name=entry.item["name"])


def _app(book: Book, app_version: PackageVersion) -> None:
    first, before = (book.value(MANIFEST, "app", key) for key in ("from", "before"))
    if first is None:
        return
    span = AppRange(PackageVersion.parse(first), PackageVersion.parse(before) if before is not None else None)
    if span.before is not None and span.before <= span.first:
        book.findings.add(MANIFEST, ("app", "before"), R.RANGE_EMPTY, first=first, before=before)
    elif not span.holds(app_version):
        book.findings.add(
            MANIFEST, ("app",), R.APP_INCOMPATIBLE, first=first, before=before or "", version=app_version
        )


def _languages(book: Book) -> None:
    declared = set(book.value(MANIFEST, "languages") or ())
    for number, code in enumerate(book.value(MANIFEST, "unreviewed") or ()):
        if declared and code not in declared:
            book.findings.add(MANIFEST, ("unreviewed", number), R.LANGUAGE_UNDECLARED, language=code)


def _schemas(book: Book) -> None:
    named: set[str] = set()
    for entry in book.own(MANIFEST, "schema"):
        name = entry.item.get("file")
        if name is None:
            continue
        named.add(name)
        if name not in book.files:
            book.findings.add(MANIFEST, entry.at("file"), R.FILE_MISSING, name=name)
    _unused(book, "schemas/", named)
    for name, schema in book.json.items():
        if name.startswith("schemas/") and (error := schema_error(schema)) is not None:
            book.findings.add_at(name, None, R.SCHEMA_INVALID, **error.params)


def _samples(book: Book) -> None:
    if SAMPLES not in book.files:
        return
    tree = book.trees[SAMPLES].get("sample", ())
    if isinstance(tree, list) and len(tree) < _FEWEST_SAMPLES:
        book.findings.add(SAMPLES, ("sample", 0), R.SAMPLES_TOO_FEW, least=_FEWEST_SAMPLES, count=len(tree))
    named: set[str] = set()
    for entry in book.samples:
        named.add(entry.item["form"])
        if entry.item["form"] not in book.files:
            book.findings.add(SAMPLES, entry.at("form"), R.FILE_MISSING, name=entry.item["form"])
    _unused(book, "samples/", named)


def _unused(book: Book, folder: str, named: Iterable[str]) -> None:
    for name in book.files:
        if name.startswith(folder) and name not in named:
            book.findings.add(name, (), R.FILE_UNUSED, warning=True)
