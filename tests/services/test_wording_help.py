"""The wording help on texts as clerks write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.letter_templates import DatedText
from clerk_app.domain.wording_hints import USUAL_WORDING, HintKind, WordingHint, WordingPolicy
from clerk_app.services.wording_help import MOST_HINTS, load_wording_rules, wording_hints

ON = date(2026, 3, 2)


def hints(
    text: str, kind: HintKind | None = None, policy: WordingPolicy = USUAL_WORDING
) -> list[WordingHint]:
    found = wording_hints(text, ON, policy)
    return [each for each in found if kind in (None, each.kind)]


def found(text: str, kind: HintKind) -> list[str]:
    return [each.found for each in hints(text, kind)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Der Antragsteller ist zuzugsberechtigt.", ["Antragsteller"]),
        ("Die Antragstellerin ist zuzugsberechtigt.", []),
        ("Mieterinnen und Mieter zahlen.", []),
        ("Die Halterin oder der Halter meldet den Hund an.", []),
        ("Den Haltern steht es frei.", ["Haltern"]),
        ("Bürger*innen und Bürger:innen", ["Bürger*innen", "Bürger:innen"]),
        ("MitarbeiterInnen", ["MitarbeiterInnen"]),
        ("Die Halterung ist defekt.", []),
        ("Das Bürgerbüro hat geöffnet.", []),
        ("Erläuterung: innerhalb der Frist", []),
    ],
)
def test_neutral_wording(text: str, wanted: list[str]) -> None:
    assert found(text, HintKind.NEUTRAL) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Diesbezüglich teilen wir mit", ["Diesbezüglich"]),
        ("unter Bezugnahme auf Ihr Schreiben", ["unter Bezugnahme auf"]),
        ("Ihr Schreiben dazu", []),
    ],
)
def test_officialese_has_a_plain_word(text: str, wanted: list[str]) -> None:
    assert found(text, HintKind.PLAIN) == wanted


def test_neutral_wording_is_the_offices_choice() -> None:
    assert not hints("Der Antragsteller.", HintKind.NEUTRAL, WordingPolicy(neutral=False))


def test_a_sign_in_a_word_is_replaced_by_what_the_word_offers() -> None:
    assert hints("Bürger*innen")[0].suggestions == ("Bürgerinnen und Bürger", "Einwohnerschaft")
    assert hints("Gärtner*innen")[0].suggestions == ()


def words(count: int) -> str:
    return " ".join(["wort"] * count)


@pytest.mark.parametrize(
    ("text", "long"),
    [
        (f"{words(25)}.", []),
        (f"{words(26)}.", ["26"]),
        (f"{words(20)}. {words(20)}.", []),
        (f"{words(20)}! {words(27)}?", ["27"]),
        # none of these points ends a sentence
        (f"{words(13)} am 3. März {words(13)}.", ["29"]),
        (f"{words(13)} nach Abs. 2 {words(13)}.", ["29"]),
        (f"{words(13)} z. B. {words(13)}.", ["28"]),
        (f"{words(13)} o.g. {words(13)}.", ["28"]),
        # lists and paragraphs do
        (f"{words(20)}\n- {words(20)}\n- {words(20)}", []),
        (f"{words(20)}\n\n{words(20)}", []),
    ],
)
def test_long_sentences_are_counted(text: str, long: list[str]) -> None:
    assert [each.detail for each in hints(text, HintKind.LONG_SENTENCE)] == long


def test_the_office_may_want_shorter_sentences() -> None:
    policy = WordingPolicy(longest_sentence_words=10)
    assert hints(f"{words(11)}.", HintKind.LONG_SENTENCE, policy)
    assert not hints(f"{words(10)}.", HintKind.LONG_SENTENCE, policy)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Das gilt ggf. auch hier, ggf. nicht.", ["ggf."]),
        ("i.V.m. und i. V. m.", ["i.V.m."]),
        ("Nr. 4 an Dr. Müller", []),
        ("nach § 28 VwVfG", ["VwVfG"]),
        ("nach dem Verwaltungsverfahrensgesetz (VwVfG) und § 28 VwVfG", []),
        ("nach dem Kommunalabgabengesetz und dem KAG", []),
        ("nach dem Beispielgesetz (BspG) gilt: BspG", []),
        ("das unbekannte XYZ", ["XYZ"]),
        ("Buch X, Abschnitt IV", []),
        ("Die GmbH überweist auf die IBAN", []),
        ("Äpfel und Übung", []),
    ],
)
def test_abbreviations_are_explained_or_named_once(text: str, wanted: list[str]) -> None:
    assert found(text, HintKind.ABBREVIATION) == wanted


def test_law_that_is_over_is_named_from_its_last_day_on() -> None:
    text = "Nach dem Melderechtsrahmengesetz gilt:"
    over = wording_hints(text, date(2015, 11, 1), USUAL_WORDING)
    assert [(each.kind, each.suggestions) for each in over] == [
        (HintKind.OUTDATED_LAW, ("Bundesmeldegesetz",))
    ]
    assert not wording_hints(text, date(2015, 10, 31), USUAL_WORDING)


def test_a_services_own_text_is_watched_by_its_dates() -> None:
    old = DatedText("Die Gebühr beträgt zehn Euro.", date(2010, 1, 1), date(2026, 1, 1))
    new = DatedText("Die Gebühr beträgt elf Euro.", date(2026, 1, 1))
    text = f"Guten Tag. {old.text} {new.text}"
    before = wording_hints(text, date(2025, 12, 31), USUAL_WORDING, [old, new])
    after = wording_hints(text, date(2026, 1, 1), USUAL_WORDING, [old, new])
    assert [(each.found, each.detail) for each in before] == [(new.text, "from:2026-01-01")]
    assert [(each.found, each.detail) for each in after] == [(old.text, "until:2026-01-01")]


def test_the_same_words_in_force_elsewhere_are_no_hint() -> None:
    old = DatedText("§ 5 der Satzung", date(2010, 1, 1), date(2020, 1, 1))
    new = DatedText("§ 5 der Satzung", date(2020, 1, 1))
    assert not wording_hints("Nach § 5 der Satzung.", ON, USUAL_WORDING, [old, new])


@given(st.text(alphabet=st.sampled_from("aÄ.B!? \n-(§3*:_z)Abs.ggf.VwVfGBürger"), max_size=400))
def test_any_text_gets_hints_that_lie_in_it(text: str) -> None:
    made = wording_hints(text, ON, USUAL_WORDING)
    assert len(made) <= MOST_HINTS
    for hint in made:
        assert 0 <= hint.start < hint.end <= len(text)
        assert text[hint.start : hint.end] == hint.found
    assert list(made) == sorted(made, key=lambda hint: hint.start)


def test_the_help_does_not_stumble_over_its_own_proposals() -> None:
    rules = load_wording_rules()
    for rule in rules.neutral:
        for proposal in rule.use:
            assert not hints(proposal, HintKind.NEUTRAL), proposal
    for norm in rules.norms:
        assert not hints(norm.now, HintKind.OUTDATED_LAW), norm.now
    for long in rules.long_forms.values():
        assert not hints(long, HintKind.ABBREVIATION), long
