"""Every statement that changed is found, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.application import Application, Attachment
from clerk_app.domain.differences import AttachmentChange, ChangeKind, ComparedAs, FormDifference
from clerk_app.domain.ids import AttachmentId, CaseId, DestinationId, SubmissionId
from clerk_app.services.case_differences import case_differences
from clerk_app.services.catalogue import ServiceCatalogue
from clerk_app.services.form_difference import FormSide, form_difference
from clerk_app.services.form_tree import read_form
from clerk_app.services.form_view import view_tree
from clerk_app.services.words import GERMAN

DOG = ServiceCatalogue("BW").find("99102013104000")
ADDED, REMOVED, CHANGED = ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.CHANGED
AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


def side(form: Any, media_type: str = "application/json") -> FormSide:
    content = form if isinstance(form, bytes) else json.dumps(form).encode()
    tree = read_form(content, media_type)
    return FormSide(tree, view_tree(tree, DOG, GERMAN))


def found(before: Any, after: Any, **how: Any) -> list[tuple[str, str, str, str]]:
    changes = form_difference(side(before), side(after), **how)
    return [(change.kind.value, change.path, change.before, change.after) for change in changes]


def test_a_change_is_named_and_written_as_the_form_shows_it() -> None:
    before = {"hund": {"name": "Bello", "wurfdatum": "2024-02-29", "listenhund": False}}
    after = {"hund": {"wurfdatum": "2024-03-01", "listenhund": True, "name": "Bello"}}
    changes = form_difference(side(before), side(after))
    assert [(c.label, c.kind, c.before, c.after) for c in changes] == [
        ("Hund · Wurfdatum", CHANGED, "29.02.2024", "01.03.2024"),
        ("Hund · Listenhund", CHANGED, "nein", "ja"),
    ]


def test_what_states_nothing_is_no_statement() -> None:
    assert found({"a": "", "b": None, "c": {}, "d": []}, {"e": " "}) == []
    assert found({"a": ""}, {"a": "x"}) == [("added", "a", "", "x")]
    assert found({"a": "x"}, {"a": None}) == [("removed", "a", "x", "")]


def test_the_same_look_with_another_spelling_is_still_a_change() -> None:
    assert found({"a": "2026-01-31"}, {"a": "31.01.2026"}) == [
        ("changed", "a", "2026-01-31", "31.01.2026"),
    ]


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert found({"a": "M\u00fcller "}, {"a": "Mu\u0308ller"}) == []


def test_an_element_put_in_front_is_one_that_came() -> None:
    before = {"kinder": [{"name": "A"}, {"name": "B"}]}
    after = {"kinder": [{"name": "C"}, {"name": "A"}, {"name": "B"}]}
    assert found(before, after) == [("added", "kinder.0.name", "", "C")]
    assert found(after, before) == [("removed", "kinder.0.name", "C", "")]


def test_elements_are_known_again_by_what_names_them() -> None:
    before = {"hunde": [{"chipnummer": "1", "name": "A"}, {"chipnummer": "2", "name": "B"}]}
    after = {"hunde": [{"chipnummer": "2", "name": "Bea"}, {"chipnummer": "3", "name": "C"}]}
    assert found(before, after) == [
        ("changed", "hunde.0.name", "B", "Bea"),
        ("added", "hunde.1.chipnummer", "", "3"),
        ("added", "hunde.1.name", "", "C"),
        ("removed", "hunde.0.chipnummer", "1", ""),
        ("removed", "hunde.0.name", "A", ""),
    ]


def test_one_gone_and_one_come_leave_the_others_alone() -> None:
    before, after = {"k": [{"n": x} for x in "abcd"]}, {"k": [{"n": x} for x in "bcde"]}
    assert found(before, after) == [("removed", "k.0.n", "a", ""), ("added", "k.3.n", "", "e")]


def test_a_list_of_plain_values_is_one_statement() -> None:
    assert found({"a": ["x", "y"]}, {"a": ["x", "z"]}) == [("changed", "a", "x; y", "x; z")]


def test_another_shape_is_gone_and_come() -> None:
    assert found({"a": "x"}, {"a": {"b": "x"}}) == [("removed", "a", "x", ""), ("added", "a.b", "", "x")]


def test_sections_say_where_a_statement_stands() -> None:
    after = {"haushalt": {"mitglieder": [{"einkommen": {"betrag": 1}}]}}
    change = form_difference(side({}), side(after))[0]
    assert change.label == "Haushalt · Mitglieder 1 · Einkommen · Betrag"


def test_xml_is_compared_like_everything_else() -> None:
    before, after = (
        side(b"<f><k a='1'>x</k><k>y</k></f>", "text/xml"),
        side(b"<f><k a='2'>x</k><k>y</k></f>", "text/xml"),
    )
    assert [(c.path, c.before, c.after) for c in form_difference(before, after)] == [("f.k.0.@a", "1", "2")]


def test_another_form_takes_nothing_away() -> None:
    before = {"$schema": "s1", "hund": {"name": "Bello", "rasse": "Dackel"}}
    after = {"$schema": "s2", "hund": {"name": "Bella"}, "anmerkung": "Hier der Nachweis"}
    assert found(before, after, same_form=False) == [
        ("changed", "hund.name", "Bello", "Bella"),
        ("added", "anmerkung", "", "Hier der Nachweis"),
    ]


# -- every seeded change, and nothing else ------------------------------------------------------------------

NAMES = st.sampled_from(("name", "ort", "betrag", "plz", "grund", "rest"))
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=6)
LEAVES = st.one_of(TEXTS, st.integers(), st.booleans())
FORMS = st.recursive(
    st.dictionaries(NAMES, LEAVES, min_size=1, max_size=4),
    lambda inner: st.dictionaries(
        NAMES, st.one_of(LEAVES, inner, st.lists(inner, min_size=1, max_size=4)), min_size=1, max_size=4
    ),
    max_leaves=12,
)


def places(form: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every statement: its path, what holds it, and under which name."""
    pairs = form.items() if isinstance(form, dict) else enumerate(form)
    for name, value in pairs:
        at = f"{path}.{name}" if path else str(name)
        if isinstance(value, dict | list):
            yield from places(value, at)
        else:
            yield at, form, name


@given(FORMS, st.data())
def test_every_seeded_change_is_found_and_nothing_else(form: dict[str, Any], data: st.DataObject) -> None:
    edited = json.loads(json.dumps(form))
    spots = list(places(edited))
    chosen = data.draw(st.sets(st.integers(0, len(spots) - 1), max_size=4))
    expected = {}
    for at in sorted(chosen):
        path, holder, name = spots[at]
        if data.draw(st.booleans()) and len(holder) > 1:
            del holder[name]
            expected[path] = REMOVED
        else:
            holder[name] = f"neu {at}"  # no other statement says this
            expected[path] = CHANGED
    changes = form_difference(side(form), side(edited))
    assert {change.path: change.kind for change in changes} == expected
    assert len(changes) == len(expected)
    back = form_difference(side(edited), side(form))
    turned = {CHANGED: CHANGED, REMOVED: ADDED}
    assert {change.path: change.kind for change in back} == {p: turned[k] for p, k in expected.items()}


@given(st.lists(FORMS, min_size=1, max_size=5, unique_by=lambda form: json.dumps(form)), FORMS, st.data())
def test_an_element_that_came_is_all_that_came(
    forms: list[dict[str, Any]], extra: dict[str, Any], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(forms)))
    grown = [*forms[:at], {**extra, "grund": "sonst nirgends"}, *forms[at:]]
    changes = form_difference(side({"liste": forms}), side({"liste": grown}))
    assert {change.kind for change in changes} == {ADDED}
    assert {".".join(change.path.split(".")[:2]) for change in changes} == {f"liste.{at}"}
    statements = [path for path, _holder, _name in places(grown[at])]
    assert sorted(change.path.split(".", 2)[2] for change in changes) == sorted(statements)


@given(FORMS)
def test_a_form_is_no_different_from_itself(form: dict[str, Any]) -> None:
    assert form_difference(side(form), side(form)) == ()


# -- submissions of a case ----------------------------------------------------------------------------------


def filed(
    number: int, form: Any, schema: str | None = "s1", attachments: tuple[Attachment, ...] = ()
) -> Application:
    return Application(
        SubmissionId(f"s{number}"),
        CaseId("c"),
        DestinationId("d"),
        "service-bw",
        None,
        None,
        schema,
        form if isinstance(form, bytes) else json.dumps(form).encode(),
        "application/json",
        "",
        {},
        attachments,
        AT + timedelta(days=number),
    )


def attached(name: str | None, sha512: str) -> Attachment:
    return Attachment(AttachmentId(f"{name}-{sha512}"), name, "application/pdf", 1, sha512)


def differences(*applications: Application) -> tuple[FormDifference, ...]:
    def read(application: Application) -> FormSide:
        return side(application.content)

    return case_differences(applications, read)


def test_a_case_with_one_submission_has_nothing_to_compare() -> None:
    assert differences(filed(0, {})) == ()


def test_each_submission_is_compared_with_the_last_of_its_form() -> None:
    newest, middle = differences(
        filed(0, {"a": "1"}), filed(1, {"text": "Anbei"}, "answer"), filed(2, {"a": "2"})
    )
    assert (newest.earlier_at, newest.later_at) == (AT, AT + timedelta(days=2))
    assert newest.compared is ComparedAs.SAME_FORM
    assert [(c.before, c.after) for c in newest.changes] == [("1", "2")]
    assert middle.compared is ComparedAs.OTHER_FORM
    assert [(c.kind, c.path) for c in middle.changes] == [(ADDED, "text")]


def test_attachments_are_told_apart_by_their_content() -> None:
    first = filed(0, {}, attachments=(attached("Plan.pdf", "1"), attached("Foto.png", "2")))
    later = filed(
        1,
        {},
        attachments=(
            attached("plan.pdf", "3"),  # the name known, the content new
            attached("foto2.png", "2"),  # another name, the same content
            attached("Neu.pdf", "4"),
            attached(None, "5"),
        ),
    )
    (difference,) = differences(first, later)
    assert difference.attachments == (
        AttachmentChange("plan.pdf", CHANGED),
        AttachmentChange("Neu.pdf", ADDED),
        AttachmentChange("", ADDED),
    )
    assert difference.repeated == ("foto2.png",)
    assert difference.count == 3


def test_of_an_unreadable_form_nothing_is_concluded() -> None:
    broken = replace(filed(1, b"{"), attachments=(attached("a.pdf", "1"),))
    (difference,) = differences(filed(0, {"a": "1"}), broken)
    assert difference.compared is ComparedAs.UNREADABLE
    assert not difference.comparable
    assert difference.changes == ()
    assert len(difference.attachments) == 1


@pytest.mark.parametrize("size", [2_000])
def test_long_lists_are_compared_place_by_place(size: int) -> None:
    before = {"k": [{"n": str(n)} for n in range(size)]}
    after = {"k": [*before["k"][:-1], {"n": "neu"}]}
    assert found(before, after) == [("changed", f"k.{size - 1}.n", str(size - 1), "neu")]
