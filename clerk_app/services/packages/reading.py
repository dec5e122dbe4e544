"""Leistungspaket read: from its files, with the base laid under them, to what the program works with.

Only one Land's law is taken over when one is named. Whether what a package says makes sense is judged by
``lint``; here it must only be there in the right shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from typing import Any, TypeVar

from clerk_app.domain.deadlines import PauseRule, ProcedureLaw
from clerk_app.domain.package import (
    AcceptedSchema,
    AppRange,
    FaultReason,
    Manifest,
    PackageFault,
    PackageFaultyError,
    PackageMark,
    PackageVersion,
)
from clerk_app.domain.service_package import (
    DatedList,
    DatedNumber,
    EvidenceKind,
    PersonPaths,
    ServiceDescription,
)
from clerk_app.domain.signature import SignatureLevel, SignerKind
from clerk_app.services.packages.archive import mark_of
from clerk_app.services.packages.checks import read_checks, read_rule, read_rules
from clerk_app.services.packages.files import (
    BASE,
    CHECKS,
    EVIDENCE,
    FORM,
    LETTERS,
    LISTS,
    MANIFEST,
    PackageFiles,
)
from clerk_app.services.packages.letters import (
    optional_duty,
    read_blocks,
    read_fees,
    read_legal_bases,
    read_notices,
    read_templates,
)
from clerk_app.services.packages.trees import PackageTrees, Tree, take_apart
from clerk_app.services.toml_values import (
    day,
    flag,
    in_land,
    localized,
    localized_map,
    optional_day,
    texts,
    whole_number,
)

_T = TypeVar("_T")
_SHAPELESS = (AttributeError, LookupError, TypeError, ValueError, ArithmeticError)


def describe(files: PackageFiles, land: str | None = None) -> ServiceDescription:
    """What a package says of its service; law of other Länder than ``land`` is left out.

    :raises PackageFaultyError: a file is not TOML, or an entry lacks what it must have
    """
    trees = take_apart(files)
    manifest = _within(MANIFEST, lambda: read_manifest(trees[MANIFEST]))
    mark = mark_of(files, manifest)
    return _description(trees, land, manifest, mark)


def describe_base(files: PackageFiles, land: str | None = None) -> ServiceDescription:
    """The generic description that serves every service nobody described: the base alone."""
    return _description(take_apart(files), land, None, None)


def manifest_of(files: PackageFiles) -> Manifest:
    """What a package says of itself.

    :raises PackageFaultyError: it says nothing usable
    """
    trees = take_apart(files)
    return _within(MANIFEST, lambda: read_manifest(trees[MANIFEST]))


def read_manifest(tree: Tree) -> Manifest:
    """The manifest from its tree. Raises KeyError, TypeError or ValueError for one that is not whole."""
    app = tree["app"]
    return Manifest(
        package_id=tree["id"],
        version=PackageVersion.parse(tree["version"]),
        title=localized(tree["title"]),
        leika_keys=texts(tree["leika_keys"]),
        schemas=tuple(
            AcceptedSchema(item["uri"], item["media_type"], item.get("file"))
            for item in tree.get("schema", ())
        ),
        languages=texts(tree["languages"]),
        unreviewed=texts(tree.get("unreviewed", ())),
        publisher=tree["publisher"],
        changes=tree.get("changes", ""),
        app=AppRange(
            PackageVersion.parse(app["from"]),
            PackageVersion.parse(app["before"]) if "before" in app else None,
        ),
        replaces=texts(tree.get("replaces", ())),
        retention=tree["retention"],
    )


def _description(
    trees: PackageTrees, land: str | None, manifest: Manifest | None, mark: PackageMark | None
) -> ServiceDescription:
    file = MANIFEST if manifest is not None else BASE
    form = FORM if manifest is not None else BASE
    procedure = _within(file, lambda: trees.table(MANIFEST, "procedure"))
    times = _within(file, lambda: trees.table(MANIFEST, "deadlines"))
    legal = _within(file, lambda: read_legal_bases(trees, land))
    fees = _within("fees.toml", lambda: read_fees(trees, land))
    evidence = _within(EVIDENCE, lambda: _evidence(trees))
    checks, rules = _within(CHECKS, lambda: (read_checks(trees), read_rules(trees)))
    templates = _within(LETTERS, lambda: read_templates(trees, legal, fees))
    notices = _within(LETTERS, lambda: read_notices(trees, legal))
    blocks = _within(LETTERS, lambda: read_blocks(trees, legal))
    lists, limits = _within(LISTS, lambda: (_lists(trees, land), _numbers(trees, land)))
    base = trees.base
    own = trees[FORM]

    def with_procedure() -> ServiceDescription:
        return ServiceDescription(
            leika_key=manifest.leika_keys[0] if manifest is not None else None,
            title=manifest.title if manifest is not None else localized(base["title"]),
            version=str(manifest.version) if manifest is not None else "0",
            procedure_law=ProcedureLaw(procedure["law"]),
            appeal=procedure["appeal"],
            signature_level=SignatureLevel(procedure["signature_level"]),
            signer=None if procedure["signer"] == "any" else SignerKind(procedure["signer"]),
            four_eyes=flag(procedure["four_eyes"]),
            hearing=optional_duty(procedure.get("hearing")),
            processing_days=whole_number(times["processing_days"]),
            answer_days=whole_number(times["answer_days"]),
            pause=PauseRule(times["pause"]),
            warning_days=whole_number(times["warning_days"]),
            fiction_months=whole_number(times["fiction_months"]),
            evidence=evidence,
            check_points=checks,
            rules=rules,
            lists=lists,
            limits=limits,
            templates=templates,
            notices=notices,
            blocks=blocks,
            legal_bases=legal,
            package=mark,
            manifest=manifest,
            accepted=manifest.schemas if manifest is not None else (),
            **_within(form, lambda: _form(own, base)),
        )

    return _within(file, with_procedure)


def _form(own: Tree, base: Tree) -> dict[str, Any]:
    return {
        "labels": localized_map(base.get("labels", {}), own.get("labels", {})),
        "groups": localized_map(base.get("groups", {}), own.get("groups", {})),
        "order": (*texts(own.get("order", ())), *texts(base.get("order", ()))),
        "person": _person(own.get("person", {}), base.get("person", {})),
        "letter_facts": texts(own.get("letter_facts", ())),
        "language_paths": (*texts(own.get("language_paths", ())), *texts(base.get("language_paths", ()))),
        "formats": {**base.get("formats", {}), **own.get("formats", {})},
        "values": {
            path: localized_map(words)
            for path, words in {**base.get("values", {}), **own.get("values", {})}.items()
        },
    }


def _person(own: Tree, base: Tree) -> PersonPaths:
    names = [part.name for part in fields(PersonPaths)]
    unknown = (set(base) | set(own)) - set(names)
    if unknown:
        raise ValueError(f"unknown parts of a person {sorted(unknown)}")
    return PersonPaths(**{name: (*texts(own.get(name, ())), *texts(base.get(name, ()))) for name in names})


def _evidence(trees: PackageTrees) -> tuple[EvidenceKind, ...]:
    return tuple(_evidence_kind(item) for item in trees.laid(EVIDENCE, "evidence", "key"))


def _evidence_kind(item: Tree) -> EvidenceKind:
    required = item.get("required", False)
    return EvidenceKind(
        key=item["key"],
        title=localized(item["title"]),
        request_text=localized(item["request"]),
        keywords=texts(item.get("keywords", ())),
        required=(
            read_rule(item["key"], required, EVIDENCE) if isinstance(required, str) else flag(required)
        ),
        accepts=texts(item.get("accepts", ())),
    )


def _lists(trees: PackageTrees, land: str | None) -> tuple[DatedList, ...]:
    return tuple(
        DatedList(
            name=item["name"],
            values=texts(item["values"]),
            valid_from=day(item["valid_from"]),
            valid_until=optional_day(item.get("valid_until")),
            assumed=flag(item.get("assumed", False)),
        )
        for item in trees.laid(LISTS, "list", "name")
        if in_land(item, land)
    )


def _numbers(trees: PackageTrees, land: str | None) -> tuple[DatedNumber, ...]:
    return tuple(
        DatedNumber(
            name=item["name"],
            value=Decimal(item["value"]),
            valid_from=day(item["valid_from"]),
            valid_until=optional_day(item.get("valid_until")),
            assumed=flag(item.get("assumed", False)),
            unit=item.get("unit", ""),
            basis=item.get("basis", ""),
        )
        for item in trees.laid(LISTS, "number", "name")
        if in_land(item, land)
    )


def _within(file: str, read: Callable[[], _T]) -> _T:
    """Reads a part; what is wrong with its shape is a fault of that file."""
    try:
        return read()
    except _SHAPELESS as error:
        fault = PackageFault(
            file, None, FaultReason.ENTRY_UNUSABLE, (("detail", f"{type(error).__name__}: {error}"),)
        )
        raise PackageFaultyError((fault,)) from error
