"""Which attachment answers which missing item: by the answer's own words, by keywords; else a person says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from clerk_app.domain.application import Application, Attachment
from clerk_app.domain.case import AttachmentKey
from clerk_app.domain.gaps import same_words
from clerk_app.domain.ids import SubmissionId
from clerk_app.domain.service_package import EvidenceKind
from clerk_app.services.form_tree import MalformedFormError, Members, Node, folded_name, read_form

_ANSWERS = "nachreichung"
_LISTED = "unterlagen"
_ASKED, _FILE = "angefordert", "dateiname"


@dataclass(frozen=True)
class Brought:
    """An attachment as it came. ``named`` are the words of the item its sender says it answers (empty: said
    nothing), ``fits`` the kinds of evidence its name and description fit."""

    key: AttachmentKey
    named: frozenset[str]
    fits: frozenset[str]

    @property
    def submission_id(self) -> SubmissionId:
        """The submission it came with."""
        return self.key.submission_id


@dataclass(frozen=True)
class Sought:
    """An item while matching. ``words`` are all texts it was asked for by; ``evidence`` its kind, if it is
    one; ``past`` are submissions that do not answer it: they were there when it was asked for."""

    gap_id: str
    words: frozenset[str]
    evidence: str
    past: frozenset[SubmissionId]


@dataclass(frozen=True)
class Matches:
    """What was found, by ``gap_id``: ``found`` seems to answer the item, ``offered`` may. ``loose`` fits
    nothing."""

    found: Mapping[str, tuple[AttachmentKey, ...]]
    offered: Mapping[str, tuple[AttachmentKey, ...]]
    loose: tuple[AttachmentKey, ...]


def brought(application: Application, evidence: Sequence[EvidenceKind]) -> tuple[Brought, ...]:
    """The attachments of one submission, with what can be said about each."""
    if not application.attachments:
        return ()
    said = _said(application)
    return tuple(
        Brought(
            AttachmentKey(application.submission_id, item.attachment_id),
            _named(item, said),
            frozenset(kind.key for kind in evidence if fits(kind, item)),
        )
        for item in application.attachments
    )


def fits(kind: EvidenceKind, attachment: Attachment) -> bool:
    """Whether an attachment seems to be evidence of that kind, by its file name and description."""
    label = folded_name(f"{attachment.filename or ''} {attachment.description or ''}").replace(" ", "")
    return any(folded_name(word).replace(" ", "") in label for word in kind.keywords)


def match(sought: Sequence[Sought], came: Iterable[Brought], first: SubmissionId) -> Matches:
    """Matches attachments with items.

    What the sender names counts; then keywords, as long as they fit one item alone: what fits several of
    them is offered. Attachments of the ``first`` submission are never loose: nobody had asked.
    """
    found: dict[str, list[AttachmentKey]] = {}
    offered: dict[str, list[AttachmentKey]] = {}
    loose = []
    for item in came:
        open_to = [each for each in sought if item.submission_id not in each.past]
        named = [each for each in open_to if each.words & item.named]
        fitting = [] if named else [each for each in open_to if each.evidence in item.fits]
        if item.submission_id == first:
            for each in fitting:  # as the check points see it
                found.setdefault(each.gap_id, []).append(item.key)
        elif len(named) == 1 or len(fitting) == 1:
            found.setdefault((named or fitting)[0].gap_id, []).append(item.key)
        elif named or fitting:
            for each in named or fitting:
                offered.setdefault(each.gap_id, []).append(item.key)
        elif not _known_before(item, sought):
            loose.append(item.key)
    return Matches(
        {key: tuple(keys) for key, keys in found.items()},
        {key: tuple(keys) for key, keys in offered.items()},
        tuple(loose),
    )


def _known_before(item: Brought, sought: Sequence[Sought]) -> bool:
    """Whether it fits an item that was asked for again since: then it was not good enough."""
    return any(each.words & item.named or each.evidence in item.fits for each in sought)


def _named(item: Attachment, said: Mapping[str, frozenset[str]]) -> frozenset[str]:
    words = said.get(same_words(item.filename or ""), frozenset())
    return words | {same_words(item.description)} if item.description else words


def _said(application: Application) -> Mapping[str, frozenset[str]]:
    """File name → words of the items it answers, as the answer's form says. The form is of our own making
    (assumed: no standard knows one): ``nachreichung.unterlagen[] {angefordert, dateiname}``."""
    try:
        tree = read_form(application.content, application.content_media_type)
    except MalformedFormError:
        return {}
    found: dict[str, set[str]] = {}
    for answer in _members(tree, _ANSWERS):
        for line in _members(answer, _LISTED):
            asked, file = _text(line, _ASKED), _text(line, _FILE)
            if asked and file:
                found.setdefault(same_words(file), set()).add(same_words(asked))
    return {name: frozenset(words) for name, words in found.items()}


def _members(node: Node, name: str) -> list[Node]:
    if not isinstance(node, Members):
        return []
    values = [value for key, value in node.pairs if folded_name(key) == name]
    return [each for value in values for each in (value if isinstance(value, list) else [value])]


def _text(node: Node, name: str) -> str:
    return next((value for value in _members(node, name) if isinstance(value, str)), "")
