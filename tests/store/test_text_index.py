"""Words of attachments and notes are found with those of the form, and the place is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clerk_app.domain.attachment_text import AttachmentText, HitPlace, TextCoverage, TextState
from clerk_app.domain.case import CaseQuery
from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.ids import CaseId
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.store.home import HomePaths, Store
from clerk_app.store.text_index import TextIndex
from tests.store.making import DATA_KEY, MAILBOX, SteppingClock, make_opened, page

ONE, TWO = "ab" * 64, "cd" * 64


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(HomePaths(tmp_path / "home"), DATA_KEY, clock=SteppingClock())
    yield opened
    opened.close()


def arrives(store: Store, applicant: str, content: str = ONE, *, again: str | None = None) -> CaseId:
    opened, facts = make_opened(applicant=applicant, case_id=again)
    attachments = tuple(replace(each, sha512=content) for each in opened.application.attachments)
    opened = replace(opened, application=replace(opened.application, attachments=attachments))
    store.intake().store(MAILBOX, page((opened, facts)))
    return opened.application.case_id


def found(store: Store, text: str) -> set[str]:
    reads = store.reads()
    try:
        return {row.applicant for row in reads.list(CaseQuery(text=text))}
    finally:
        reads.close()


def note(store: Store, case_id: CaseId, text: str) -> None:
    ledger = store.ledger("anna")
    with ledger.transaction("note") as writing:
        writing.append(Act(ActKind.NOTED, case_id, None, {"text": text}))
    ledger.close()


def read(index: TextIndex, *pages: str, content: str = ONE) -> None:
    index.put(content, AttachmentText(TextState.READ, pages))


def test_words_may_stand_in_form_attachment_and_note(store: Store) -> None:
    case_id = arrives(store, "Anna Müller")
    arrives(store, "Bernd Groß", TWO)
    told: list[ChangeSet] = []
    store.bus.subscribe(told.append)
    index = store.texts()
    assert [each.sha512 for each in index.wanted(5)] == [TWO, ONE]
    assert index.wanted(5)[1].case_id == case_id
    read(index, "Erste Seite", "Mietvertrag über die Wohnung von Đorđe\x00 Šołćina")
    assert told == [ChangeSet(changed=frozenset({case_id}))]
    assert [each.sha512 for each in index.wanted(5)] == [TWO]
    note(store, case_id, "Vermieterin ruft zurück")
    assert found(store, "zurück") == set()
    assert index.take_notes() == 0

    for text in (
        "mietvertrag", "müller mietv", "inhalt:dorde", "anlage:solcina", "zurueck", "vermerk:vermiet",
        "müller mietvertrag zurück", "ODER mietvertrag",
    ):  # fmt: skip
        assert found(store, text) == {"Anna Müller"}, text
    assert found(store, "-mietvertrag") == {"Bernd Groß"}
    assert found(store, "inhalt:müller") == found(store, "vermerk:mietvertrag") == set()
    assert found(store, "hat:vermerk") == {"Anna Müller"}

    reads = store.reads()
    hit = reads.hit(case_id, "mietvertrag")
    assert hit is not None
    assert (hit.place, hit.name, hit.page) == (HitPlace.ATTACHMENT, "Nachweis 0.pdf", 2)
    assert (hit.before, hit.words, hit.after) == ("", "Mietvertrag", " über die Wohnung von Đorđe Šołćina")
    assert reads.hit(case_id, "Müller") is None, "the row shows that already"
    assert reads.hit(case_id, "status:neu") is None
    noted = reads.hit(case_id, "müller ruft")
    assert noted is not None
    assert (noted.place, noted.words) == (HitPlace.NOTE, "ruft")
    form = reads.hit(case_id, "hauptstr")
    assert form is not None
    assert (form.place, form.words) == (HitPlace.FORM, "Hauptstr")
    assert reads.text_coverage() == TextCoverage(read=1, wanted=1)
    reads.close()
    index.close()


def test_the_same_content_is_read_once_and_found_in_every_case(store: Store) -> None:
    first = arrives(store, "Anna Müller")
    index = store.texts()
    read(index, "Grundriss")
    arrives(store, "Bernd Groß")  # the same file, sent by somebody else
    assert index.wanted(5) == []
    assert found(store, "grundriss") == {"Anna Müller", "Bernd Groß"}
    arrives(store, "Anna Müller", TWO, again=first)  # handed in later
    assert [each.sha512 for each in index.wanted(5)] == [TWO]
    index.put(TWO, AttachmentText(TextState.REFUSED, reason="encrypted"))
    assert index.wanted(5) == []
    assert found(store, "grundriss") == {"Anna Müller", "Bernd Groß"}, "what was read stays"
    index.close()


def test_scans_are_wanted_again_when_somebody_can_read_them(store: Store) -> None:
    arrives(store, "Anna Müller")
    arrives(store, "Bernd Groß", TWO)
    index = store.texts()
    index.put(ONE, AttachmentText(TextState.SCAN, ("", "Seite mit Text")))
    index.put(TWO, AttachmentText(TextState.REFUSED, reason="encrypted"))
    reads = store.reads()
    assert reads.text_coverage() == TextCoverage(scans=1, refused=1)
    assert found(store, "inhalt:seite") == {"Anna Müller"}
    assert index.want_scans_again() == 1
    assert [each.sha512 for each in index.wanted(5)] == [ONE]
    reads.close()
    index.close()


def test_notes_before_their_case_and_notes_of_another_ledger(store: Store) -> None:
    index = store.texts()
    early = "0a000000-0000-4000-8000-000000000001"
    note(store, CaseId(early), "Sonderfall")
    for number in range(3):
        note(store, CaseId(early), f"Vermerk {number}")
    left = index.take_notes(limit=2)
    assert left > 0, "a long ledger is looked through in pieces"
    while index.take_notes(limit=2):
        pass
    assert arrives(store, "Anna Müller", again=early) == early
    assert found(store, "sonderfall") == {"Anna Müller"}
    # as after an older ledger was taken over
    connection = index._connection
    connection.execute("UPDATE note SET value = '999' WHERE name = 'notes-up-to'")
    connection.execute("UPDATE note_text SET text = 'von einem anderen'")
    index.take_notes()
    assert found(store, "sonderfall") == {"Anna Müller"}
    assert found(store, "anderen") == set()
    index.close()
