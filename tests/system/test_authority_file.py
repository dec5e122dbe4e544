"""The parameters file: what is read, and that every mistake is named with key, file and line."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.authority import Address, AuthorityParameters, PostOfficeBox
from clerk_app.domain.authority_duration import DurationUnit, ProcessingDuration
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.system.authority_file import load_parameters, parse_parameters
from clerk_app.system.profile import load_profile
from tests.system.test_profile import GOOD as PROFILE

ARS = "081110000000"
PATH = Path("/etc/office/parameter.toml")
GOOD = """\
format = 1
[office]
ars = "081110000000"
places = ["Musterhausen", "Musterhausen-Süd"]
postcodes = ["70999"]
destinationName = "Stadt Musterhausen"
destinationShortName = "Stadt"
tel = "0711 5550-0"
fax = "0711 5550-9"
email = "stadt@musterhausen.example"
opening_hours = ["Mo–Fr 8–12 Uhr", "Do 14–18 Uhr"]
privacyPolicyUrl = "https://musterhausen.example/datenschutz?amt=1#kfz"
imprintUrl = "https://musterhausen.example/impressum"
accessibilityUrl = "https://musterhausen.example/barrierefrei"
contactFormUrl = "https://musterhausen.example/kontakt"
accessibility_contact = "Erika Weiß, Tel. 77"
enforcement_body = "Durchsetzungsstelle Muster"
address = { street = "Rathausplatz", houseNumber = "1", additional = "Hof", zip = "70999", city = "Muster" }
postalAddress = { street = "Weg", houseNumber = "2 A", zip = "70998", city = "Musterhausen" }
postOfficeBox = { postOfficeBox = "Postfach 12 34", zip = "70998", city = "Musterhausen" }
contactPersons = [{ name = "Poststelle" }]
[office.bank]
iban = "DE02 1203 0000 0000 2020 51"
holder = "Stadtkasse Musterhausen"
bic = "BYLADEM1001"
bank = "Musterbank"
payment_days = 30

[[unit]]
unit = "Steueramt"
tel = "0711 5550-200"
[[unit.contactPersons]]
name = "Erika Weiß"
tel = "0711 5550-201"
fax = "0711 5550-209"
email = "weiss@musterhausen.example"

[[value]]
name = "parking-zones"
value = 3
valid_from = 2026-01-01
valid_until = 2027-01-01
unit = "Steueramt"
basis = "Parkgebührenordnung"
assumed = true
[[value]]
name = "dog-rate"
value = 108.10
valid_from = 2026-01-01
[[value]]
name = "dog-rate"
value = "kostenfrei"
valid_from = 2027-01-01
[[value]]
name = "since"
value = 2026-03-01
valid_from = 2026-01-01

[[fee]]
package = "de.amtsstube.hundesteuer-anmeldung"
key = "bescheid"
euros = "12.50"
basis = "§ 4 der Satzung"
text = "Bescheid"
valid_from = 2026-01-01

[[service]]
leika_key = "99102013104000"
unit = "Steueramt"
processingDuration = { minDuration = 1, maxDuration = 2, unit = "week" }
answer_days = 21
four_eyes = true
contactPersons = [{ name = "Otto Groß" }]
valid_from = 2026-01-01

[[directory]]
destinationName = "Gemeinde Nachbarau"
ars = "081150000001"
address = { street = "Dorfstraße", houseNumber = "4", zip = "70997", city = "Nachbarau" }
email = "gemeinde@nachbarau.example"
places = ["Nachbarau"]
postcodes = ["70997"]
"""


def parse(text: str) -> AuthorityParameters:
    return parse_parameters(text.encode(), PATH, ARS)


def fault(text: str) -> ClerkError:
    with pytest.raises(ClerkError) as caught:
        parse(text)
    assert caught.value.params["path"] == str(PATH)
    return caught.value


def test_a_complete_file_is_read_as_it_stands() -> None:
    found = parse(GOOD)
    office = found.office
    assert found.ars == ARS
    assert (found.places, found.postcodes) == (("Musterhausen", "Musterhausen-Süd"), ("70999",))
    assert office.address == Address("Rathausplatz", "1", "Hof", "70999", "Muster")
    assert office.postal_address == Address("Weg", "2 A", "", "70998", "Musterhausen")
    assert office.post_office_box == PostOfficeBox("Postfach 12 34", "70998", "Musterhausen")
    assert office.opening_hours == ("Mo–Fr 8–12 Uhr", "Do 14–18 Uhr")
    assert office.privacy_policy_url.endswith("?amt=1#kfz")
    assert office.bank is not None
    assert office.bank.iban_in_fours == "DE02 1203 0000 0000 2020 51"
    assert (office.bank.bic, office.bank.payment_days) == ("BYLADEM1001", 30)
    unit = found.particulars("Steueramt")
    assert (unit.tel, unit.contact_persons[0].email) == ("0711 5550-200", "weiss@musterhausen.example")
    day = date(2026, 6, 1)
    assert found.value("parking-zones", day, "Steueramt") == Decimal(3)
    assert found.value("dog-rate", day) == Decimal("108.10")
    assert found.value("dog-rate", date(2027, 6, 1)) == "kostenfrei"
    assert found.value("since", day) == "2026-03-01"
    fee = found.fee("de.amtsstube.hundesteuer-anmeldung", "bescheid", day)
    assert fee is not None
    assert (fee.euros, fee.basis, fee.text) == (Decimal("12.50"), "§ 4 der Satzung", "Bescheid")
    terms = found.service("99102013104000", day)
    assert terms.processing_duration == ProcessingDuration(2, DurationUnit.WEEK, 1)
    assert (terms.unit, terms.answer_days, terms.four_eyes) == ("Steueramt", 21, True)
    assert terms.contact_persons[0].name == "Otto Groß"
    office_there = found.directory[0].office
    assert office_there.lines == ("Gemeinde Nachbarau", "Dorfstraße 4", "70997 Nachbarau")
    assert found.directory[0].postcodes == ("70997",)
    assert found.assumed() == ("parking-zones",)


def test_the_least_an_office_must_say() -> None:
    found = parse('format = 1\n[office]\nars = "081110000000"\n')
    assert found == AuthorityParameters(ars=ARS)
    assert found.service("99102013104000", date(2026, 1, 1)).four_eyes is None


def line_of(part: str) -> int:
    return GOOD[: GOOD.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ("format = 1", "format = 2", "format", "parameters_format"),
        ('ars = "081110000000"', 'ars = "146250999000"', "office.ars", "ars_of_profile"),
        ('ars = "081110000000"', 'ars = "08111"', "office.ars", "ars"),
        ('places = ["Musterhausen", "Musterhausen-Süd"]', 'places = [""]', "office.places", "text_list"),
        ('places = ["Musterhausen", "Musterhausen-Süd"]', "places = 3", "office.places", "text_list"),
        ('postcodes = ["70999"]', 'postcodes = ["7099"]', "office.postcodes", "postcode_list"),
        ('email = "stadt@', 'email = "stadt', "office.email", "email"),
        ("[[unit.contactPersons]]", "[unit.contactPersons]", "unit[1].contactPersons", "table_list"),
        ('"https://musterhausen.example/impressum"', '"http://a.example"', "office.imprintUrl", "https"),
        ("DE02 1203", "DE03 1203", "office.bank.iban", "iban"),
        ("BYLADEM1001", "BYLADEM10", "office.bank.bic", "bic"),
        ("payment_days = 30", "payment_days = 0", "office.bank.payment_days", "days_of_a_year"),
        ('name = "parking-zones"', 'name = "Zonen"', "value[1].name", "parameter_name"),
        ("value = 3", "value = true", "value[1].value", "parameter_value"),
        ("value = 3", "value = nan", "value[1].value", "parameter_value"),
        ("value = 3", 'value = ""', "value[1].value", "parameter_value"),
        ("value = 3", "value = 2026-01-01T00:00:00", "value[1].value", "parameter_value"),
        ("valid_until = 2027-01-01", "valid_until = 2026-01-01", "value[1].valid_until", "after_valid_from"),
        ("valid_until = 2027-01-01", 'valid_until = "2027-01-01"', "value[1].valid_until", "date"),
        ('unit = "Steueramt"\nbasis', 'unit = "Steuramt"\nbasis', "value[1].unit", "unit_of_file"),
        ("assumed = true", 'assumed = "ja"', "value[1].assumed", "boolean"),
        ("valid_from = 2027-01-01", "valid_from = 2026-01-01", "value[3].name", "once"),
        ('value = "kostenfrei"', 'value = "kostenfrei"\npackage = "de.a"', "value[3].value", "number"),
        ("value = 3", 'package = "De"\nvalue = 3', "value[1].package", "package_id"),
        ('package = "de.', 'package = "De.', "fee[1].package", "package_id"),
        ('euros = "12.50"', 'euros = "12,50"', "fee[1].euros", "euros"),
        ('euros = "12.50"', "euros = 12.505", "fee[1].euros", "euros"),
        ('euros = "12.50"', 'euros = "-1"', "fee[1].euros", "euros"),
        ('euros = "12.50"', "euros = inf", "fee[1].euros", "euros"),
        ('leika_key = "99102013104000"', 'leika_key = "9910201310400"', "service[1].leika_key", "leika_key"),
        ('unit = "week"', 'unit = "fortnight"', "service[1].processingDuration.unit", "duration_unit"),
        ("maxDuration = 2", "maxDuration = 0", "service[1].processingDuration.maxDuration", "duration"),
        ("minDuration = 1", "minDuration = 3", "service[1].processingDuration.minDuration", "least_duration"),
        ("answer_days = 21", "answer_days = 400", "service[1].answer_days", "days_of_a_year"),
        ("four_eyes = true", 'four_eyes = "ja"', "service[1].four_eyes", "boolean"),
        ('ars = "081150000001"', 'ars = "08"', "directory[1].ars", "ars"),
        ('postcodes = ["70997"]', "postcodes = [70997]", "directory[1].postcodes", "postcode_list"),
        ('zip = "70997"', 'zip = "1"', "directory[1].address.zip", "postcode"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_line(old: str, new: str, key: str, expected: str) -> None:
    assert old in GOOD
    error = fault(GOOD.replace(old, new, 1))
    assert error.code is ErrorCode.PARAMETERS_VALUE_WRONG
    assert (error.params["key"], error.params["expected"]) == (key, expected)
    where = "valid_from = 2027-01-01" if expected == "once" else old
    off = 3 if expected == "once" else 0
    assert abs(int(str(error.params["line"])) - line_of(where)) <= max(off, old.count("\n"))


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('ars = "081110000000"\n', "office.ars"),
        ('iban = "DE02 1203 0000 0000 2020 51"\n', "office.bank.iban"),
        ('unit = "Steueramt"\ntel', "unit[1].unit"),
        ('name = "Erika Weiß"\n', "unit[1].contactPersons[1].name"),
        ("value = 3\n", "value[1].value"),
        ('basis = "§ 4 der Satzung"\n', "fee[1].basis"),
        ('leika_key = "99102013104000"\n', "service[1].leika_key"),
        ('destinationName = "Gemeinde Nachbarau"\n', "directory[1].destinationName"),
    ],
)
def test_a_missing_key_is_named_with_the_section_it_belongs_to(line: str, key: str) -> None:
    assert line in GOOD
    error = fault(GOOD.replace(line, "tel" if line.endswith("tel") else "", 1))
    assert (error.code, error.params["key"]) == (ErrorCode.PARAMETERS_KEY_MISSING, key)
    assert 0 < int(str(error.params["line"])) <= line_of(line)


@pytest.mark.parametrize(
    ("old", "new", "key", "suggestion"),
    [
        (
            "destinationShortName",
            "destinationShortname",
            "office.destinationShortname",
            "destinationShortName",
        ),
        ("privacyPolicyUrl", "privacy_policy_url", "office.privacy_policy_url", "privacyPolicyUrl"),
        ('houseNumber = "1"', 'housenumber = "1"', "office.address.housenumber", "houseNumber"),
        ("payment_days", "payment_day", "office.bank.payment_day", "payment_days"),
        ("[[directory]]", "[[directroy]]", "directroy", "directory"),
    ],
)
def test_a_typo_is_refused_with_what_was_meant(old: str, new: str, key: str, suggestion: str) -> None:
    assert old in GOOD
    error = fault(GOOD.replace(old, new, 1))
    assert error.code is ErrorCode.PARAMETERS_KEY_UNKNOWN
    assert (error.params["key"], error.params["suggestion"]) == (key, suggestion)
    assert error.params["line"] == line_of(old)


def test_what_is_no_toml_is_named_with_its_line() -> None:
    error = fault(GOOD.replace("valid_until = 2027-01-01", "valid_until = 2027-02-30"))
    assert error.code is ErrorCode.PARAMETERS_UNREADABLE
    assert error.params["line"] == line_of("valid_until")
    assert fault("\n\nx = \n").params["line"] == 3


def test_a_profile_names_its_parameters(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(PROFILE.replace('land = "BW"\n', 'land = "BW"\nparameters = "office/p.toml"\n', 1))
    with pytest.raises(ClerkError) as caught:
        load_profile(path)
    assert caught.value.code is ErrorCode.PARAMETERS_MISSING
    assert caught.value.params["path"] == str(tmp_path / "office" / "p.toml")
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "p.toml").write_text(GOOD)
    profile = load_profile(path)
    assert profile.parameters == parse(GOOD)
    path.write_text(PROFILE)
    assert load_profile(path).parameters == AuthorityParameters()


def test_a_folder_in_its_place_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(ClerkError) as caught:
        load_parameters(tmp_path, ARS)
    assert caught.value.code is ErrorCode.PARAMETERS_UNREADABLE


@given(st.data())
def test_no_damage_escapes_as_anything_else(data: st.DataObject) -> None:
    content = bytearray(GOOD.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ClerkError):
        parse_parameters(bytes(content), PATH, ARS)
