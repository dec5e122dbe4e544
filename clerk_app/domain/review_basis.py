"""Prüfgrundlage: by what a case is read, and how well that fits what came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from clerk_app.domain.case import AttachmentKey
from clerk_app.domain.localized import Localized
from clerk_app.domain.package import PackageMark
from clerk_app.domain.service_package import EvidenceKind


@dataclass(frozen=True)
class ReviewBasis:
    """The service package a case goes by (``package`` None: the generic rules, nobody described the service).

    ``accepted`` are the forms the package knows, ``assumed`` what it takes for granted without confirmation
    on the day of arrival, ``unreviewed`` its languages nobody qualified has read. ``newer`` is the version
    that would be used for an application arriving now, where that is another one.
    """

    title: Localized
    package: PackageMark | None = None
    schema_uri: str | None = None
    accepted: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    unreviewed: tuple[str, ...] = ()
    newer: PackageMark | None = None

    @property
    def knows_form(self) -> bool:
        """Whether the package understands the form that came."""
        return self.package is not None and self.schema_uri in self.accepted


@dataclass(frozen=True)
class EvidenceMatch:
    """Which kind of evidence each attachment seems to be, and which required kinds are not there."""

    kinds: Mapping[AttachmentKey, tuple[EvidenceKind, ...]] = field(default_factory=dict)
    missing: tuple[EvidenceKind, ...] = ()
    catalogued: bool = False  # whether the service names evidence at all: else nothing can be said
