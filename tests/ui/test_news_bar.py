"""While a decision is being written the case changes: a band says so, nothing is lost, the choice is kept."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QRadioButton

from clerk_app.domain.changes import ChangeSet
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.ledger import Act, ActKind
from clerk_app.domain.three_way import Side
from clerk_app.ui.commands import Screen
from clerk_app.ui.review_side import ReviewPart
from tests.ui.conftest import Pilot
from tests.ui.fake_store import FakeLedger, case_id_of
from tests.ui.seeds import FORM
from tests.ui.test_review_page import later

ONE = case_id_of(1)


@pytest.fixture
def writing(pilot: Pilot) -> Pilot:
    """A refusal of the newest case, with a reason typed and kept."""
    pilot.desk.decide(Outcome.REFUSED)
    pilot.calm()
    decision = pilot.desk.decision
    decision.reasons.setFocus()
    pilot.type_into(decision.reasons, "Von mir")
    pilot.until(lambda: not decision.maker.waits_to_keep and not decision.maker.keeping)
    pilot.calm()
    assert not decision.news.pending, "what is kept from here is no news"
    return pilot


def colleague_drafts(pilot: Pilot, wording: Wording, outcome: Outcome = Outcome.REFUSED) -> None:
    office = pilot.office
    office.actor, me = "M. Brand", office.actor
    with FakeLedger(office).transaction("colleague") as writing:
        writing.append(Act(ActKind.DRAFTED, ONE, None, {"outcome": outcome.value, **wording.payload()}))
    office.actor = me
    pilot.calm()


def acts(pilot: Pilot, kind: ActKind) -> list[dict[str, object]]:
    return [dict(act.payload) for _at, act in pilot.office.acts if act.kind is kind]


def shown(pilot: Pilot) -> list[str]:
    return [each.text() for each in pilot.desk.decision.news._fields.findChildren(QLabel) if each.isVisible()]


def test_a_colleagues_draft_is_shown_field_by_field_and_the_choice_is_kept(writing: Pilot) -> None:
    decision = writing.desk.decision
    colleague_drafts(writing, Wording(reasons="Von ihr", provisions=("Auflage",)))
    writing.until(lambda: decision.news.pending)
    assert decision.news.isVisible()
    assert "hat inzwischen einen Entwurf gespeichert; anders sind: Begründung, Nebenbestimmungen." in (
        decision.news.notice.words.text()
    )
    assert decision.reasons.toPlainText() == "Von mir", "nothing is taken from under the hands"
    reason = writing.desk.window.commands.reason("decision.sign")
    assert reason == "Der Vorgang hat sich inzwischen geändert. Bitte erst die Unterschiede ansehen."

    decision.news.notice.button.click()
    writing.calm()
    words = shown(writing)
    assert words[:4] == ["Angabe", "Hier", "Dort", "Zuletzt gemeinsam"]
    assert {"Von mir", "Von ihr", "Auflage", "(leer)"} <= set(words)
    choices = decision.news._fields.findChildren(QRadioButton)
    assert [each.isChecked() for each in choices] == [True, False, False, True], (
        "own words stay, the rest comes"
    )
    assert all(":" in each.accessibleName() for each in choices)
    assert choices[0].hasFocus()
    decision.news._done.click()
    writing.calm()
    assert not decision.news.isVisible()
    assert decision.reasons.toPlainText() == "Von mir"
    wish = decision.wish()
    assert wish is not None
    assert wish.wording.provisions == ("Auflage",)
    (kept,) = acts(writing, ActKind.RECONCILED)
    assert kept["choices"] == {"reasons": "here", "provisions": "there"}

    # both are in the history, and it is one step back
    states = [state.fields.get("reasons") for state in writing.office.typed]
    assert "Von mir" in states
    assert {"Von mir", "Von ihr"} <= {str(each.get("reasons")) for each in acts(writing, ActKind.DRAFTED)}
    writing.desk.window.commands.run("app.undo")
    writing.calm()
    wish = decision.wish()
    assert wish is not None
    assert wish.wording.provisions == ()
    writing.until(lambda: writing.desk.window.commands.reason("decision.sign") is None)


def test_all_of_the_other_one_and_a_second_draft_meanwhile(writing: Pilot) -> None:
    decision = writing.desk.decision
    colleague_drafts(writing, Wording(reasons="Erste"))
    colleague_drafts(writing, Wording(reasons="Zweite"))
    writing.until(lambda: decision.news.pending)
    decision.news.notice.button.click()
    assert "Zweite" in shown(writing)
    decision.news._there.click()
    decision.news._done.click()
    writing.calm()
    assert decision.reasons.toPlainText() == "Zweite"
    assert acts(writing, ActKind.RECONCILED)[0]["choices"] == {"reasons": Side.THERE.value}


def test_what_arrives_meanwhile_is_looked_at_before_signing(writing: Pilot) -> None:
    decision, office = writing.desk.decision, writing.office
    form = json.loads(json.dumps(FORM))
    form["Angaben zum Ausweis"]["Dauer"] = "24 Monate"
    later(office, form, attachments=())
    office.publish(ChangeSet(changed=frozenset({ONE})))
    writing.until(lambda: decision.news.pending)
    assert decision.news.notice.words.text().startswith("Nachgereicht am 24.11.2026")
    assert decision.reasons.toPlainText() == "Von mir"
    decision.news.notice.button.click()
    writing.until(lambda: writing.shows(Screen.REVIEW))
    writing.calm()
    assert writing.desk.review.side.part is ReviewPart.CHANGES
    writing.ctrl(Qt.Key.Key_B)
    writing.calm()
    assert writing.shows(Screen.DECISION)
    assert decision.reasons.toPlainText() == "Von mir"
    assert not decision.news.pending
