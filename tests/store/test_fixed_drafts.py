"""Fixed drafts in the store: they come back as they were, and the tables say what the chain says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import get_args

import pytest
from sqlcipher3 import dbapi2

from clerk_app.domain.decision import DraftDecision, FeeItem, Outcome, Wording
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import DraftPlace, FrozenDraft
from clerk_app.domain.ids import CaseId, DocumentId, EntryId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.letter import (
    Align,
    AppealNotice,
    Block,
    BulletList,
    Enclosures,
    Heading,
    Letter,
    LetterKind,
    LetterSender,
    NumberedList,
    Paragraph,
    SignaturePlace,
    Table,
    Translation,
)
from clerk_app.store.connection import raw_key
from clerk_app.store.drafts import frozen_from, frozen_members
from clerk_app.store.encoding import from_json, to_json
from clerk_app.store.home import HomePaths, Store
from clerk_app.store.keys import StoreKeys
from clerk_app.store.ledger import LedgerStore
from tests.store.making import DATA_KEY, START, make_outgoing, new_id

CASE = CaseId("22222222-2222-4222-8222-222222222222")
BLOCKS: tuple[Block, ...] = (
    Heading("Bescheid"),
    Paragraph("Žofia\nMüller"),
    NumberedList(("Eins", "Zwei"), start=3),
    BulletList(("a",)),
    Table(("Wofür", "EUR"), (("Hund", "96,00"),), (Align.LEFT, Align.RIGHT), (3.0, 1.5), "Gebühren"),
    AppealNotice("Widerspruch …"),
    SignaturePlace("Siegel"),
    Enclosures(("Plan",)),
)


def frozen(case_id: str = CASE) -> FrozenDraft:
    letter = Letter(
        LetterKind.DECISION_PARTLY_GRANTED,
        "Titel",
        LetterSender("Stadt", street="Weg 1"),
        ("Žofia Müller", "Weg 5"),
        "2026-7KQ4-M2XR",
        date(2026, 11, 20),
        "Betreff",
        BLOCKS,
        info=(("Datum", "heute"),),
        footer=(("eins",), ("zwei", "drei")),
        facts={"outcome": "granted", "fees": [{"euros": "96.00"}]},
        practice=True,
        translation=Translation("hsb", "Přełožk", "Wěc", BLOCKS[:3]),
    )
    wording = Wording("Weil", "besonders", ("Leine",), (FeeItem("Hund", Decimal("96.00"), "§ 5"),), ("Plan",))
    draft = DraftDecision(
        EntryId(new_id()), CaseId(case_id), Outcome.PARTLY_GRANTED, wording, letter, "token", START
    )
    return FrozenDraft(
        draft,
        DocumentId("d-1"),
        "ab" * 32,
        ("anna", "carla"),
        "2026-7KQ4-M2XR",
        "Hundesteuer",
        "Žofia Müller",
    )


def test_a_letter_with_every_kind_of_block_comes_back_as_it_was() -> None:
    assert {type(block) for block in BLOCKS} == set(get_args(Block))
    whole = frozen()
    members = from_json(to_json(frozen_members(whole)))
    assert isinstance(members, dict)
    assert frozen_from(members) == whole


def lived_through(store: Store) -> LedgerStore:
    """A ledger in which everything that can happen to a fixed draft has happened."""
    anna, bert = store.ledger("anna"), store.ledger("bert")
    laid, submitted, returned, edited = (frozen(new_id()) for _ in range(4))
    for ledger, each, place in (
        (anna, laid, DraftPlace.FOLDER),
        (anna, submitted, DraftPlace.REVIEW),
        (anna, returned, DraftPlace.REVIEW),
        (anna, edited, DraftPlace.FOLDER),
    ):
        with ledger.transaction("freeze") as write:
            write.freeze(each, place)
    acts = (
        (ActKind.DRAFT_SEEN, laid, {"sha256": "cd" * 32}),
        (ActKind.DRAFT_SEEN, laid, {"sha256": laid.sha256}),
        (ActKind.REVIEW_RELEASED, submitted, {"sha256": submitted.sha256, "change_token": "token"}),
        (ActKind.REVIEW_RETURNED, returned, {"text": "Gebühr"}),
        (ActKind.DRAFTED, edited, {"outcome": "refused"}),
    )
    for kind, each, payload in acts:
        with bert.transaction(kind.value) as write:
            subject = None if kind is ActKind.DRAFTED else each.draft.entry_id
            write.append(Act(kind, each.draft.case_id, subject, payload))
    with anna.transaction("sign another") as write:
        write.queue(make_outgoing(submitted.draft.case_id), START)
    return anna


def test_the_tables_are_what_the_chain_says(store: Store) -> None:
    ledger = lived_through(store)
    count = ledger.verify_chain()
    assert count == 10
    drafts = store.reads().waiting_drafts()
    assert [(each.seen_by, each.edited_by) for each in drafts] == [
        (frozenset({"bert"}), None),
        (frozenset(), "bert"),
    ]
    assert drafts[1].authors == frozenset({"anna", "bert", "carla"})


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE draft_state SET released_by = 'carla' WHERE place = 'folder'",
        "UPDATE draft_state SET edited_by = NULL",
        "DELETE FROM draft_author WHERE actor = 'anna'",
        "INSERT INTO draft_seen SELECT draft_id, 'anna', sha256 FROM draft_state LIMIT 1",
    ],
)
def test_who_forges_a_release_in_the_tables_is_found_out(store: Store, paths: HomePaths, sql: str) -> None:
    ledger = lived_through(store)
    attacker = dbapi2.connect(str(paths.ledger_db), isolation_level=None)
    try:
        attacker.execute(f'PRAGMA key="{raw_key(StoreKeys.from_data_key(DATA_KEY).database)}"')
        attacker.execute(sql)
    finally:
        attacker.close()
    with pytest.raises(ClerkError) as caught:
        ledger.verify_chain()
    assert (caught.value.code, caught.value.params["cause"]) == (ErrorCode.LEDGER_DAMAGED, "projection")


def test_one_fixed_draft_waits_per_case(store: Store) -> None:
    ledger = store.ledger("anna")
    with ledger.transaction("first") as write:
        write.freeze(frozen(), DraftPlace.FOLDER)
    with pytest.raises(ClerkError) as caught, ledger.transaction("second") as write:
        write.freeze(frozen(), DraftPlace.REVIEW)
    assert caught.value.code is ErrorCode.DRAFT_ALREADY_WAITING
    with pytest.raises(ClerkError) as caught:
        ledger.frozen_draft(EntryId("none"))
    assert caught.value.code is ErrorCode.DRAFT_UNKNOWN
