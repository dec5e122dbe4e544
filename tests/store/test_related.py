"""Related cases: found whatever the spelling, told apart where people differ, and explained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clerk_app.domain.application import Application, Attachment, CaseFacts, PersonFacts
from clerk_app.domain.case import CaseQuery
from clerk_app.domain.ids import AttachmentId, CaseId, SubmissionId
from clerk_app.domain.relations import RelatedCases, Relation, RelationKind, says_double, weight
from clerk_app.store import case_rows
from clerk_app.store.catching_up import LANGUAGES_LEFT
from clerk_app.store.connection import Connection, Role
from clerk_app.store.home import HomePaths, Store
from clerk_app.store.migrations import migrate, migrations, statements
from clerk_app.store.relation_keys import (
    KeyKind,
    RelationKey,
    attachment_keys,
    person_keys,
    relations_between,
)
from clerk_app.store.relations import MOST_CASES, PERSONS_LEFT
from clerk_app.sync.ports import Intake, Mailbox, Opened, Original
from clerk_app.sync.receive import rebuild
from tests.store.making import (
    DATA_KEY,
    MAILBOX,
    START,
    SteppingClock,
    make_opened,
    make_original,
    new_id,
    page,
)
from tests.store.population import Filed, filed
from tests.store.related import put

PERSON, NAME = RelationKind.SAME_PERSON, RelationKind.SAME_NAME
ADDRESS, ATTACHMENT = RelationKind.SAME_ADDRESS, RelationKind.SAME_ATTACHMENT
ANNA = PersonFacts(
    "Anna Maria", "Müller", "", date(1980, 4, 3), "Hauptstraße", "12a", "70999", "Musterhausen"
)


def attachment(content: str, filename: str | None = "mietvertrag.pdf", size: int = 9) -> Attachment:
    digest = content.encode().hex().ljust(128, "0")
    return Attachment(AttachmentId(new_id()), filename, "application/pdf", size, digest)


def one(facts: PersonFacts, *attachments: Attachment, service: str = "Wohngeld") -> Filed:
    return Filed(0, 0, 0, service, facts, attachments)


def elsewhere(facts: PersonFacts) -> PersonFacts:
    return replace(facts, street="Rosenweg", house_number="1", postcode="01067", city="Dresden")


def between(own: PersonFacts, other: PersonFacts) -> list[RelationKind]:
    keys = person_keys(own)
    found = relations_between(keys, person_keys(other), frozenset(key.key for key in keys))
    return [relation.kind for relation in found]


def kinds(found: RelatedCases) -> list[list[RelationKind]]:
    return [[relation.kind for relation in case.relations] for case in found]


# -- spelling


@pytest.mark.parametrize(
    ("given_names", "family"),
    [
        ("Anna Maria", "Mueller"),
        ("ANNA MARIA", "MÜLLER"),
        ("  anna  maria ", "müller"),
        ("Anna-Maria", "Müller"),
        ("Anna", "Müller"),
        ("Maria", "Müller"),
        ("Maria Anna", "Müller"),
        ("Anna Maria Luise", "Müller"),
        ("Dr. Anna M.", "Müller"),
        ("Müller", "Anna Maria"),
        ("Anna Maria", "Mu\u0308ller"),
    ],
)
def test_one_person_however_the_form_was_filled_in(given_names: str, family: str) -> None:
    other = elsewhere(replace(ANNA, given_names=given_names, family_name=family))
    assert between(ANNA, other) == [PERSON]
    assert between(other, ANNA) == [PERSON]


@pytest.mark.parametrize(
    "change",
    [
        {"given_names": "Anna Lena"},  # a twin with the same first name
        {"given_names": "Lena Maria"},  # a twin with the same middle name
        {"birth_on": date(1980, 4, 4)},  # a namesake
        {"family_name": "Möller"},
        {"family_name": ""},
        {"given_names": ""},
    ],
)
def test_other_people(change: dict[str, object]) -> None:
    assert between(ANNA, elsewhere(replace(ANNA, **change))) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("family", "other"),
    [
        ("Šołćina", "Solcina"),
        ("Đorđević", "DORDEVIC"),
        ("O'Brien", "O’BRIEN"),
        ("Groß", "Gross"),
        ("von der Heide", "Von der Heide"),
        ("Müller-Lüdenscheidt", "Mueller Luedenscheidt"),
    ],
)
def test_letters_of_din_91379(family: str, other: str) -> None:
    assert between(replace(ANNA, family_name=family), elsewhere(replace(ANNA, family_name=other))) == [PERSON]


@pytest.mark.parametrize(
    ("street", "number", "postcode"),
    [
        ("Hauptstr.", "12a", "70999"),
        ("HAUPTSTRASSE", "12 A", "D-70999"),
        ("Haupt-Straße", "12 a", "70999"),
        ("Haupt Str", "12a", "70 999"),
        ("Hauptstraße 12a", "", "70999"),
        ("Hauptstr. 12 A", "", "70999"),
    ],
)
def test_one_address_however_it_is_written(street: str, number: str, postcode: str) -> None:
    other = PersonFacts("Ben", "Weiß", street=street, house_number=number, postcode=postcode)
    assert between(ANNA, other) == [ADDRESS]


@pytest.mark.parametrize(
    ("street", "number", "postcode"),
    [
        ("Hauptstraße", "12", "70999"),
        ("Hauptstraße", "12b", "70999"),
        ("Hauptstraße", "12a", "70998"),
        ("Hauptgasse", "12a", "70999"),
        ("Hauptstraße", "", "70999"),
        ("Hauptstraße", "12a", ""),
        ("", "12a", "70999"),
    ],
)
def test_other_addresses(street: str, number: str, postcode: str) -> None:
    other = PersonFacts("Ben", "Weiß", street=street, house_number=number, postcode=postcode)
    assert between(ANNA, other) == []


def test_a_range_of_house_numbers_is_no_large_number() -> None:
    here = replace(ANNA, house_number="12-14")
    assert between(here, replace(elsewhere(ANNA), birth_on=None, family_name="X", street="Hauptstraße")) == []
    assert ADDRESS not in between(here, replace(ANNA, house_number="1214"))
    assert ADDRESS in between(here, replace(ANNA, house_number="12 - 14"))


def test_people_with_a_single_name() -> None:
    alone = PersonFacts(family_name="Suharto", birth_on=date(1980, 4, 3))
    assert between(alone, replace(alone, family_name="SUHARTO")) == [PERSON]
    assert between(alone, replace(alone, birth_on=date(1980, 4, 4))) == []
    assert between(alone, replace(alone, birth_on=None)) == []
    assert between(alone, replace(alone, given_names="Anna")) == []


@pytest.mark.parametrize(
    ("found", "double"),
    [
        ({PERSON}, True),
        ({NAME, ADDRESS}, True),
        ({ATTACHMENT, ADDRESS}, True),
        ({ATTACHMENT, NAME}, True),
        ({ATTACHMENT}, False),
        ({ADDRESS}, False),
        ({NAME}, False),
        ({RelationKind.SAME_ORGANISATION, ADDRESS}, False),
    ],
)
def test_when_one_thinks_of_a_double(found: set[RelationKind], double: bool) -> None:
    assert says_double([Relation(kind, "") for kind in found]) is double


# -- in a store


def test_what_is_shared_is_said_as_the_other_case_writes_it(store: Store) -> None:
    contract = attachment("contract")
    other = replace(ANNA, family_name="Mueller", street="Hauptstr.", house_number="12 A")
    first, second = put(
        store,
        [one(ANNA, contract), one(other, replace(contract, filename="scan 3.pdf"), service="Hundesteuer")],
    )
    found = store.reads().related(first)
    assert [case.row.case_id for case in found] == [second]
    assert found[0].relations == (
        Relation(PERSON, "Mueller, Anna Maria", date(1980, 4, 3)),
        Relation(ATTACHMENT, "scan 3.pdf"),
        Relation(ADDRESS, "Hauptstr. 12 A, 70999 Musterhausen"),
    )
    assert not found[0].same_service
    assert (found.total, found.too_common, found.complete) == (1, (), True)


def test_possible_doubles_stand_above_history(store: Store) -> None:
    cases = put(
        store,
        [
            one(ANNA),
            one(ANNA, service="Hundesteuer"),
            one(elsewhere(ANNA)),
            one(replace(ANNA, given_names="Ben", birth_on=date(2001, 1, 1))),
        ],
    )
    found = store.reads().related(cases[0])
    assert [case.row.case_id for case in found] == [cases[2], cases[1], cases[3]]
    assert [case.possibly_double for case in found] == [True, False, False]
    assert found.possibly_double == (found[0],)
    pairs = store.reads().double_pairs()
    assert [(pair.first.case_id, pair.second.case_id) for pair in pairs.pairs] == [(cases[0], cases[2])]
    assert pairs.total == 1


def test_a_name_alone_counts_only_without_a_date_of_birth_and_while_one_person_has_it(store: Store) -> None:
    dateless = replace(elsewhere(ANNA), birth_on=None)
    cases = put(store, [one(ANNA), one(dateless)])
    assert kinds(store.reads().related(cases[0])) == [[NAME]]
    assert not store.reads().related(cases[0]).possibly_double
    put(store, [one(replace(ANNA, birth_on=date(1955, 1, 1), street="Seeweg"))])  # a namesake files
    found = store.reads().related(cases[1])
    assert not found.cases
    assert [(common.kind, common.detail, common.cases) for common in found.too_common] == [
        (NAME, "Müller, Anna Maria", 0)
    ]
    at_home = put(store, [one(replace(ANNA, birth_on=None))])[0]  # the same name at the same address
    assert kinds(store.reads().related(at_home))[-1] == [ADDRESS, NAME]
    assert store.reads().related(at_home).possibly_double


def test_a_form_sheet_everybody_sends_says_nothing(store: Store) -> None:
    sheet = attachment("sheet", "merkblatt.pdf")
    people = [replace(elsewhere(ANNA), family_name=f"Familie{n}", house_number=str(n)) for n in range(11)]
    cases = put(store, [one(person, sheet) for person in people[:10]])
    assert store.reads().related(cases[0]).total == 9 == MOST_CASES[KeyKind.ATTACHMENT] - 1
    put(store, [one(people[10], sheet)])
    found = store.reads().related(cases[0])
    assert (len(found), found.total) == (0, 0)
    assert [(common.kind, common.detail, common.cases) for common in found.too_common] == [
        (ATTACHMENT, "merkblatt.pdf", 11)
    ]
    assert store.reads().double_pairs().total == 0


def test_a_block_of_flats_says_nothing_but_one_family_may_file_much(store: Store) -> None:
    family = put(store, [one(replace(ANNA, given_names=f"Kind{n}x", birth_on=None)) for n in range(30)])
    assert store.reads().related(family[0]).total == 29
    put(store, [one(replace(ANNA, family_name=name)) for name in ("Weiß", "Groß")])
    found = store.reads().related(family[0])
    assert not found.cases
    assert [(common.kind, common.cases) for common in found.too_common] == [(ADDRESS, 32)]


def test_an_organisation_files_much_at_a_time(store: Store) -> None:
    firm = PersonFacts(organisation="Bäckerei Groß GmbH & Co. KG")
    cases = put(store, [one(firm), one(replace(firm, organisation="BAECKEREI GROSS GMBH & CO KG"))])
    found = store.reads().related(cases[0])
    assert kinds(found) == [[RelationKind.SAME_ORGANISATION]]
    assert not found.possibly_double


def test_empty_files_and_files_without_a_name(store: Store) -> None:
    empty, unnamed = attachment("", size=0), attachment("plan", None)
    first, second = put(
        store,
        [one(ANNA, empty, unnamed), one(PersonFacts("Ben", "Weiß"), replace(empty), replace(unnamed))],
    )
    assert [relation.detail for relation in store.reads().related(first)[0].relations] == [
        unnamed.attachment_id
    ]
    assert kinds(store.reads().related(second)) == [[ATTACHMENT]]


def test_at_most_fifty_are_listed_and_all_are_counted(store: Store) -> None:
    cases = put(store, [one(ANNA, service=f"Leistung {n}") for n in range(60)])
    found = store.reads().related(cases[0])
    assert (len(found), found.total) == (50, 59)
    assert [case.row.case_id for case in found[:2]] == [cases[59], cases[58]]  # newest first


def test_an_answer_adds_keys_and_what_is_deleted_is_gone(store: Store) -> None:
    first, second = put(store, [one(PersonFacts()), one(ANNA)])
    assert not store.reads().related(first).cases
    connection = store._writer(Role.CACHE)
    opened, facts = make_opened(
        make_original(first, at=START + timedelta(days=3)), at=START + timedelta(days=3)
    )
    store.intake().store(MAILBOX, page((opened, replace(facts, person=ANNA))))
    assert kinds(store.reads().related(first)) == [[PERSON, ADDRESS]]
    with connection.transaction("gone"):
        connection.execute("DELETE FROM submission WHERE case_id = ?", (first,))
        case_rows.refresh(connection, first)
    assert not store.reads().related(second).cases
    assert connection.value("SELECT count(DISTINCT case_key) FROM relation_key") == 1
    assert store.reads().related(CaseId(new_id())) == RelatedCases()


# -- how good it is


def test_precision_and_recall_in_a_town(store: Store) -> None:
    """The figures of decision 0038: what is claimed is right in at least nine of ten, for every reason."""
    people = filed(seed=2, cases=1500)
    cases = put(store, people)
    truth = dict(zip(cases, people, strict=True))
    reads = store.reads()
    claimed: Counter[str] = Counter()
    right: Counter[str] = Counter()
    found: set[tuple[CaseId, CaseId]] = set()
    for case_id in cases:
        for other in reads.related(case_id):
            own, theirs = truth[case_id], truth[other.row.case_id]
            same, housemates = own.person == theirs.person, own.house == theirs.house
            claims = {kind.value: same for kind in (r.kind for r in other.relations) if kind is not ADDRESS}
            if any(r.kind is ADDRESS for r in other.relations):
                claims["address"] = housemates
            if other.possibly_double:
                claims["double"] = same
            claims["any"] = same or own.household == theirs.household
            claimed.update(claims.keys())
            right.update(name for name, holds in claims.items() if holds)
            if same:
                found.add((case_id, other.row.case_id))
    precision = {name: right[name] / claimed[name] for name in claimed}
    assert set(precision) == {"same-person", "same-name", "address", "double", "any"}
    assert min(precision.values()) >= 0.9, precision
    true = {
        (one_, other_)
        for one_ in cases
        for other_ in cases
        if one_ != other_ and truth[one_].person == truth[other_].person
    }
    assert len(found) / len(true) >= 0.85


def test_pairs_are_what_each_case_says_by_itself(store: Store) -> None:
    cases = put(store, filed(seed=5, cases=400))
    reads = store.reads()
    single = {
        frozenset((case_id, other.row.case_id))
        for case_id in cases
        for other in reads.related(case_id).possibly_double
    }
    pairs = reads.double_pairs().pairs
    assert {frozenset((pair.first.case_id, pair.second.case_id)) for pair in pairs} == single
    assert len(pairs) == len(single) > 5
    assert all(pair.first.arrived_at < pair.second.arrived_at for pair in pairs)
    assert len(reads.double_pairs(3).pairs) == 3


NAMES = st.sampled_from(["Müller", "Mueller", "Anna", "Anna Maria", "Maria", "", "d'A, B", "-", "Šołćina"])
PEOPLE = st.builds(
    PersonFacts,
    given_names=NAMES,
    family_name=NAMES,
    organisation=st.sampled_from(["", "Muster GmbH", "MUSTER GMBH"]),
    birth_on=st.sampled_from([None, date(1980, 1, 1), date(1990, 1, 1)]),
    street=st.sampled_from(["", "Hauptstr.", "Hauptstraße 1", "\ud800"]),
    house_number=st.sampled_from(["", "1", "1a"]),
    postcode=st.sampled_from(["", "70999"]),
)
DOCUMENTS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=2)


@given(PEOPLE, PEOPLE, DOCUMENTS, DOCUMENTS, st.booleans())
@settings(max_examples=300)
def test_relations_are_symmetric(
    person: PersonFacts, other: PersonFacts, documents: list[str], others: list[str], telling: bool
) -> None:
    def keys(whose: PersonFacts, what: list[str]) -> list[RelationKey]:
        return [*person_keys(whose), *attachment_keys((name * 40, 1, name) for name in what)]

    one_, two = keys(person, documents), keys(other, others)
    known = frozenset(key.key for key in person_keys(person)) if telling else frozenset()
    there = relations_between(one_, two, known)
    back = relations_between(two, one_, known)
    assert {relation.kind for relation in there} == {relation.kind for relation in back}
    assert (weight(there), says_double(there)) == (weight(back), says_double(back))


@given(st.lists(st.tuples(PEOPLE, DOCUMENTS), min_size=2, max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_any_store_relations_are_symmetric_and_never_of_a_case_with_itself(
    tmp_path: Path, drawn: list[tuple[PersonFacts, list[str]]]
) -> None:
    store = Store.open(HomePaths(tmp_path / new_id()), DATA_KEY)
    try:
        cases = put(store, [one(person, *(attachment(name) for name in what)) for person, what in drawn])
        reads = store.reads()
        seen = {
            (case_id, other.row.case_id): sorted({relation.kind for relation in other.relations})
            for case_id in cases
            for other in reads.related(case_id)
        }
        assert all(case_id != other for case_id, other in seen)
        assert all(seen.get((other, case_id)) == why for (case_id, other), why in seen.items())
    finally:
        store.close()


# -- caches of an older program, and caches built again


@dataclass(frozen=True)
class Readers:
    """Reads persons by submission."""

    persons: dict[SubmissionId, PersonFacts]

    def facts(self, application: Application) -> CaseFacts:
        known = self.persons[application.submission_id]
        return CaseFacts("other", None, "other", "OTHER", "other", None, "", known)


def test_an_older_cache_is_read_again_a_few_at_a_time(
    paths: HomePaths, open_store: Callable[[], Store]
) -> None:
    store = open_store()
    cases = put(store, [one(ANNA), *[one(PersonFacts()) for _ in range(5)], one(ANNA)])
    connection = store._writer(Role.CACHE)
    with connection.transaction("as the step from the first version leaves it"):
        connection.execute("DELETE FROM relation_key")
        connection.execute("UPDATE application SET facts = json_remove(facts, '$.person')")
        connection.execute("DROP TABLE relation_key")
        connection.execute("DROP INDEX submission_by_case_id")
        for statement in statements(migrations(Role.CACHE)[1].sql):
            connection.execute(statement)
    rows = connection.rows("SELECT * FROM cases")
    persons = {
        SubmissionId(submission_id): ANNA if case_id in (cases[0], cases[-1]) else PersonFacts()
        for submission_id, case_id in connection.rows("SELECT submission_id, case_id FROM submission")
    }
    store.close()

    store = open_store()
    found = store.reads().related(cases[0])
    assert (len(found), found.complete) == (0, False)
    intake = store.intake()
    assert [intake.read_facts(Readers(persons), 3) for _ in range(4)] == [3, 3, 1, 0]
    found = store.reads().related(cases[0])
    assert ([case.row.case_id for case in found], found.complete) == ([cases[-1]], True)
    assert store._writer(Role.CACHE).rows("SELECT * FROM cases") == rows  # nothing else was derived again


def test_the_language_of_an_older_cache_is_read_from_the_forms_again(tmp_path: Path) -> None:
    paths = HomePaths(tmp_path / "home")
    store = Store.open(paths, DATA_KEY, clock=SteppingClock())
    spoken = [make_opened(applicant=f"Person {number}", language="hsb") for number in range(3)]
    silent = make_opened(applicant="Anna Müller")
    store.intake().store(MAILBOX, page(*spoken, silent))
    connection = store._writer(Role.CACHE)
    with connection.transaction("as written by an older program"):
        connection.execute("UPDATE application SET facts = json_remove(facts, '$.language')")
        connection.execute("ALTER TABLE cases DROP COLUMN language")
        for statement in statements(migrations(Role.CACHE)[3].sql):
            connection.execute(statement)
    intake = store.intake()
    reads = store.reads()
    assert reads.list(CaseQuery(text="sprache:hsb")) == []
    known = {each.application.submission_id: facts for each, facts in (*spoken, silent)}

    class Readers:
        def facts(self, application: Application) -> CaseFacts:
            return known[application.submission_id]

    assert [intake.read_facts(Readers(), 3) for _ in range(3)] == [3, 1, 0]
    found = {row.applicant for row in reads.list(CaseQuery(text="sprache:hsb"))}
    assert found == {f"Person {number}" for number in range(3)}
    store.close()


def test_a_new_cache_has_nothing_to_read_again(tmp_path: Path) -> None:
    connection = Connection(tmp_path / "a.db", b"k" * 32, Role.CACHE)
    migrate(connection, migrations(Role.CACHE))
    assert case_rows.recall(connection, PERSONS_LEFT) is None
    assert case_rows.recall(connection, LANGUAGES_LEFT) is None
    connection.close()


@dataclass(frozen=True)
class Opener:
    """A mailbox that opens what was kept."""

    opened: dict[SubmissionId, Opened]
    key = MAILBOX
    readable_fingerprint = ""

    def open(self, original: Original) -> Intake:
        return replace(self.opened[original.waiting.submission_id], original=original)


def test_a_cache_built_again_knows_the_same_relations(open_store: Callable[[], Store]) -> None:
    people = [each.facts for each in filed(seed=9, cases=40)]
    opened: dict[SubmissionId, Opened] = {}
    persons: dict[SubmissionId, PersonFacts] = {}
    store = open_store()
    intake = store.intake()
    for at, person in enumerate(people):
        item, facts = make_opened(at=START + timedelta(hours=at))
        opened[item.application.submission_id] = item
        persons[item.application.submission_id] = person
        intake.store(MAILBOX, page((item, replace(facts, person=person))))
    cases = [item.application.case_id for item in opened.values()]
    before = told(store, cases)
    assert sum(map(len, before)) > 5
    store.rebuild_wanted()
    store.close()

    store = open_store()
    assert store.needs_rebuild
    rebuild(store.intake(), [cast("Mailbox", Opener(opened))], Readers(persons))
    assert told(store, cases) == before


def told(store: Store, cases: Sequence[CaseId]) -> list[list[tuple[CaseId, tuple[Relation, ...]]]]:
    reads = store.reads()
    return [[(case.row.case_id, case.relations) for case in reads.related(case_id)] for case_id in cases]
