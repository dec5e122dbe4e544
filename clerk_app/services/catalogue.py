"""Leistungskatalog: the descriptions that ship with the program, one TOML file per service, read when
needed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from clerk_app.domain.application import leika_key_of
from clerk_app.domain.deadlines import PauseRule, ProcedureLaw
from clerk_app.domain.localized import Localized
from clerk_app.domain.service_package import (
    CheckKind,
    CheckPoint,
    EvidenceKind,
    PersonPaths,
    ServiceDescription,
)
from clerk_app.domain.signature import SignatureLevel, SignerKind
from clerk_app.services.template_reading import localized, optional_duty, read_notices, read_templates

_COMMON = "common.toml"
_KEYS = frozenset(
    [
        "leika_key",
        "version",
        "procedure_law",
        "processing_days",
        "answer_days",
        "appeal",
        "signature_level",
        "signer",
        "pause",
        "warning_days",
        "fiction_months",
        "four_eyes",
        "order",
        "letter_facts",
        "title",
        "labels",
        "groups",
        "person",
        "evidence",
        "check",
        "template",
        "notice",
        "hearing",
        "language_paths",
    ]
)


class CatalogueError(Exception):
    """A description is not usable; names the file and what is wrong. A defect of the build."""


class ServiceCatalogue:
    """Descriptions by LeiKa key. ``land`` leaves out legal texts of other Länder. Safe for several
    threads.
    """

    def __init__(self, land: str | None = None, folder: Path | None = None) -> None:
        self._land = land
        self._folder = folder if folder is not None else resources_folder("services")
        self._common = self._tree(_COMMON)
        self._generic = self._description({}, _COMMON)
        self._known: dict[str, ServiceDescription] = {}

    def find(self, leika_urn_or_key: str | None) -> ServiceDescription:
        """The description of that service, else the generic one: no application is left undescribed."""
        key = leika_key_of(leika_urn_or_key)
        if key is None:
            return self._generic
        if key not in self._known:
            name = f"{key}.toml"
            there = (self._folder / name).is_file()
            self._known[key] = self._description(self._tree(name), name) if there else self._generic
        return self._known[key]

    def keys(self) -> tuple[str, ...]:
        """The LeiKa keys somebody described."""
        return tuple(sorted(path.stem for path in self._folder.glob("99*.toml")))

    def _tree(self, name: str) -> Mapping[str, Any]:
        try:
            with (self._folder / name).open("rb") as source:
                tree = tomllib.load(source)
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CatalogueError(f"{name}: {error}") from error
        unknown = set(tree) - _KEYS
        if unknown:
            raise CatalogueError(f"{name}: unknown keys {sorted(unknown)}")
        return tree

    def _description(self, tree: Mapping[str, Any], name: str) -> ServiceDescription:
        common = self._common
        try:
            templates = read_templates(tree, self._land)
            covered = {template.outcome for template in templates}
            templates += [
                template for template in read_templates(common, self._land) if template.outcome not in covered
            ]
            evidence = [_evidence(item) for item in tree.get("evidence", ())]
            own = {kind.key for kind in evidence}
            evidence += [kind for item in common["evidence"] if (kind := _evidence(item)).key not in own]
            checks = [_check(item) for item in (*tree.get("check", ()), *common.get("check", ()))]
            for check in checks:
                if check.evidence and check.evidence not in {kind.key for kind in evidence}:
                    raise ValueError(f"check {check.check_id} names unknown evidence {check.evidence}")
            return ServiceDescription(
                leika_key=tree.get("leika_key"),
                title=localized(tree.get("title", common["title"])),
                procedure_law=ProcedureLaw(tree.get("procedure_law", common["procedure_law"])),
                processing_days=int(tree.get("processing_days", common["processing_days"])),
                answer_days=int(tree.get("answer_days", common["answer_days"])),
                version=str(tree.get("version", common["version"])),
                labels=_localized_map(common["labels"], tree.get("labels", {})),
                groups=_localized_map(common["groups"], tree.get("groups", {})),
                order=(*tree.get("order", ()), *common["order"]),
                person=_person(common["person"], tree.get("person", {})),
                evidence=tuple(evidence),
                check_points=tuple(checks),
                templates=tuple(templates),
                notices={**read_notices(common, self._land), **read_notices(tree, self._land)},
                letter_facts=tuple(tree.get("letter_facts", ())),
                signature_level=SignatureLevel(tree.get("signature_level", SignatureLevel.B_B)),
                signer=_signer(tree.get("signer", "any")),
                appeal=str(tree.get("appeal", common["appeal"])),
                pause=PauseRule(tree.get("pause", common["pause"])),
                warning_days=int(tree.get("warning_days", common["warning_days"])),
                fiction_months=int(tree.get("fiction_months", 0)),
                four_eyes=_flag(tree.get("four_eyes", common.get("four_eyes", False))),
                hearing=optional_duty(tree.get("hearing")),
                language_paths=(*tree.get("language_paths", ()), *common["language_paths"]),
            )
        except (KeyError, TypeError, ValueError, ArithmeticError) as error:
            raise CatalogueError(f"{name}: {error!r}") from error


def _signer(word: str) -> SignerKind | None:
    """Who must sign, "personal" or "seal"; None for "any"."""
    return None if word == "any" else SignerKind(word)


def resources_folder(name: str) -> Path:
    """A folder of data that ships with the program: in an installed package, else in the source tree."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_resources"
    return (installed if installed.is_dir() else package.parent / "resources") / name


def _localized_map(*maps: Mapping[str, Sequence[str]]) -> dict[str, Localized]:
    return {key: localized(pair) for found in maps for key, pair in found.items()}


def _person(common: Mapping[str, Sequence[str]], own: Mapping[str, Sequence[str]]) -> PersonPaths:
    names = [part.name for part in fields(PersonPaths)]
    unknown = (set(common) | set(own)) - set(names)
    if unknown:
        raise ValueError(f"unknown parts of a person {sorted(unknown)}")
    return PersonPaths(**{name: (*own.get(name, ()), *common.get(name, ())) for name in names})


def _evidence(item: Mapping[str, Any]) -> EvidenceKind:
    return EvidenceKind(
        key=item["key"],
        title=localized(item["title"]),
        request_text=localized(item["request"]),
        keywords=tuple(item.get("keywords", ())),
        required=bool(item.get("required", False)),
    )


def _check(item: Mapping[str, Any]) -> CheckPoint:
    number = item.get("number")
    return CheckPoint(
        check_id=item["id"],
        kind=CheckKind(item["kind"]),
        ok=localized(item["ok"]),
        warning=localized(item["warning"]),
        paths=tuple(item.get("paths", ())),
        values=tuple(item.get("values", ())),
        number=None if number is None else Decimal(str(number)),
        evidence=item.get("evidence", ""),
    )


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not true or false")
    return value
