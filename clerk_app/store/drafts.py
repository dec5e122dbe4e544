"""Fixed drafts between domain objects and stored text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args, get_type_hints

import msgspec

from clerk_app.domain.decision import DraftDecision, Outcome
from clerk_app.domain.folder import DraftPlace, EndReason, FrozenDraft, WaitingDraft
from clerk_app.domain.ids import CaseId, DocumentId, EntryId
from clerk_app.domain.letter import Block, Letter, Translation
from clerk_app.store.connection import Row
from clerk_app.store.encoding import clean_json, read_optional_time, read_time, stored_time

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
_BLOCKS = {block.__name__: block for block in get_args(Block)}
_KIND = "block"

# Column order of ``as_waiting``. Who saw another paper than this one has not seen it.
_COLUMNS = (
    "d.draft_id, d.case_id, d.place, d.outcome, d.case_reference, d.service, d.recipient_name, d.title, "
    "d.document_id, d.sha256, d.change_token, d.frozen_by, d.frozen_at, d.edited_by, d.released_by, "
    "d.released_at, d.end_reason, d.remark, "
    "(SELECT json_group_array(a.actor) FROM {schema}.draft_author a WHERE a.draft_id = d.draft_id), "
    "(SELECT json_group_array(s.actor) FROM {schema}.draft_seen s "
    "WHERE s.draft_id = d.draft_id AND s.sha256 = d.sha256)"
)
WAITING = "d.place IN ('review', 'folder') ORDER BY d.frozen_sequence"


def draft_query(where: str, schema: str = "main") -> str:
    """SELECT of fixed drafts; ``where`` is SQL of ours and may go on with ORDER BY."""
    columns = _COLUMNS.replace("{schema}", schema)
    return f"SELECT {columns} FROM {schema}.draft_state d WHERE {where}"  # noqa: S608


def as_waiting(row: Row) -> WaitingDraft:
    """A draft from a row of ``draft_query``."""
    return WaitingDraft(
        draft_id=EntryId(row[0]),
        case_id=CaseId(row[1]),
        place=DraftPlace(row[2]),
        outcome=Outcome(row[3]),
        case_reference=row[4],
        service=row[5],
        recipient_name=row[6],
        title=row[7],
        document_id=DocumentId(row[8]),
        sha256=row[9],
        change_token=row[10],
        frozen_by=row[11],
        frozen_at=read_time(row[12]),
        edited_by=row[13],
        released_by=row[14],
        released_at=read_optional_time(row[15]),
        end_reason=None if row[16] is None else EndReason(row[16]),
        remark=row[17],
        authors=frozenset(msgspec.json.decode(row[18], type=list[str])),
        seen_by=frozenset(msgspec.json.decode(row[19], type=list[str])),
    )


def frozen_members(frozen: FrozenDraft) -> dict[str, object]:
    """``frozen`` as JSON members; each block of the letter says which kind it is."""
    draft = frozen.draft
    members = _members(frozen, draft=_members(draft, letter=_letter_members(draft.letter)))
    return cast("dict[str, object]", clean_json(members))


def frozen_from(members: Mapping[str, Any]) -> FrozenDraft:
    """What ``frozen_members`` wrote."""
    draft = members["draft"]
    letter = _letter_from(draft["letter"])
    return _made(FrozenDraft, members, draft=_made(DraftDecision, draft, letter=letter))


def _letter_members(letter: Letter) -> dict[str, object]:
    translation = letter.translation
    return _members(
        letter,
        blocks=[_block_members(block) for block in letter.blocks],
        translation=None
        if translation is None
        else _members(translation, blocks=[_block_members(block) for block in translation.blocks]),
    )


def _letter_from(members: Mapping[str, Any]) -> Letter:
    translation = members["translation"]
    return _made(
        Letter,
        members,
        blocks=_blocks(members),
        translation=None
        if translation is None
        else _made(Translation, translation, blocks=_blocks(translation)),
    )


def _block_members(block: Block) -> dict[str, object]:
    return _members(block) | {_KIND: type(block).__name__}


def _blocks(members: Mapping[str, Any]) -> tuple[Block, ...]:
    return tuple(msgspec.convert(block, _BLOCKS[block[_KIND]]) for block in members["blocks"])


def _members(value: DataclassInstance, **made: object) -> dict[str, object]:
    """The fields of ``value`` as JSON members, those in ``made`` as they are given."""
    names = [each.name for each in fields(value) if each.name not in made]
    return {name: _plain(getattr(value, name)) for name in names} | made


def _plain(value: object) -> object:
    return stored_time(value) if isinstance(value, datetime) else msgspec.to_builtins(value)


def _made(cls: type[T], members: Mapping[str, Any], **made: object) -> T:
    """A ``cls`` of stored members; fields that were added since keep their defaults."""
    hints = get_type_hints(cls)
    found = {name: value for name, value in members.items() if name in hints and name not in made}
    return cls(**{name: msgspec.convert(value, hints[name]) for name, value in found.items()}, **made)
