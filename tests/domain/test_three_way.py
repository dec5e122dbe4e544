"""Two versions and what they had in common: what is different is named, whatever is chosen is one of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.three_way import Side, differing, merged

FIELDS = st.dictionaries(st.sampled_from("abcd"), st.one_of(st.none(), st.text(max_size=2)), max_size=4)
SIDES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(list(Side)), max_size=4)


def test_only_what_changed_there_and_is_other_here_is_a_difference() -> None:
    common = {"reasons": "alt", "template": "t", "fees": None, "same": "x"}
    here = {"reasons": "von mir", "template": "t", "fees": None, "same": "y"}
    there = {"reasons": "von ihr", "template": "u", "fees": None, "same": "y"}
    reasons, template = differing(common, here, there)
    assert (reasons.name, reasons.contested, reasons.usual) == ("reasons", True, Side.HERE)
    assert (template.name, template.contested, template.usual) == ("template", False, Side.THERE)
    assert merged(here, (reasons, template), {}) == {**here, "template": "u"}
    assert merged(here, (reasons, template), {"reasons": Side.THERE, "template": Side.HERE}) == {
        **here,
        "reasons": "von ihr",
    }


@given(FIELDS, FIELDS, FIELDS, SIDES)
def test_nothing_is_invented_and_nothing_disappears(
    common: dict[str, object], here: dict[str, object], there: dict[str, object], choices: dict[str, Side]
) -> None:
    differences = differing(common, here, there)
    result = merged(here, differences, choices)
    for name in {*common, *here, *there}:
        assert result.get(name) in (here.get(name), there.get(name))
    named = {each.name for each in differences}
    for name in {*here, *there, *common} - named:
        assert result.get(name) == here.get(name)
        assert there.get(name) in (common.get(name), here.get(name)), "unnamed: nothing of theirs is missing"
    assert differing(common, here, common) == ()
    assert differing(common, there, there) == ()
    # whoever looks from the other side sees the contested ones, too
    contested = {each.name for each in differences if each.contested}
    assert contested <= {each.name for each in differing(common, there, here)}
