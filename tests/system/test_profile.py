"""The authority profile: what is read, and that every mistake is named with key, file and line."""

from __future__ import annotations

import contextlib
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.folder import ReviewPolicy
from clerk_app.domain.signature import SignatureLevel
from clerk_app.system.profile import Profile, load_profile, parse_profile

GOOD = """\
# an office
[authority]
name = "Stadt Musterhausen"
ars = "081110000000"
land = "BW"
unit = "Bürgeramt"

[authority.address]
street = "Marktplatz 1"
postcode = "70173"
city = "Musterhausen"
phone = "0711 123-0"
email = "buergeramt@musterhausen.example"

[[mailbox]]
portal = "service-bw"
api_version = 2
token_url = "https://portal.example/token"
submission_url = "https://portal.example/submission-api/"
destination_id = "7A2C8D1E-0f34-4b56-9a78-bc90de12f345"
client_id = "office"
client_secret = "keyring:mailbox-1"
decryption_keys = ["file:keys/enc.jwk", "keyring:enc-old"]
signing_key = "file:keys/sig.jwk"

[[mailbox]]
portal = "amt24"
api_version = 1
token_url = "http://127.0.0.1:4010/token"
submission_url = "http://localhost:4010"
destination_id = "11111111-2222-4333-8444-555555555555"
client_id = "office"
client_secret = "env:SECRET"
decryption_keys = ["file:keys/enc.jwk"]
signing_key = "file:keys/sig.jwk"

[signing]
key = "pkcs12:keys/seal.p12"
seal = "csc:https://sign.example/csc/v1?credential=GX01"
level = "B-LTA"
timestamp_url = "http://tsa.example/stamp?policy=1"
trust = ["file:keys/root.pem", "file:/etc/office/other.der"]
remote = {access_token = "keyring:sign"}

[zbp]
destination_id = "99999999-2222-4333-8444-555555555555"
certificate = "file:keys/zbp.pem"
private_key = "file:keys/zbp.key"
sender_name = "Stadt Musterhausen"

[delivery]
take_back_s = 0

[network]
proxy = "http://user:word@proxy.example:3128"
ca_file = "ca.pem"
timeout_s = 12.5
"""


def _here(text: str) -> str:
    """The same office with everything on this machine; lines keep their places."""
    return text.replace("https://portal.example", "http://127.0.0.1:4010").replace(
        'proxy = "http://user:word@proxy.example:3128"', "# no proxy"
    )


PATH = Path("/etc/office/profile.toml")


def parse(text: str) -> Profile:
    return parse_profile(text.encode(), PATH)


def fault(text: str) -> ClerkError:
    with pytest.raises(ClerkError) as caught:
        parse(text)
    assert caught.value.params["path"] == str(PATH)
    return caught.value


def test_a_complete_profile_is_read_as_it_stands() -> None:
    profile = parse(GOOD)
    assert profile.authority.name == "Stadt Musterhausen"
    assert (profile.authority.ars, profile.authority.land) == ("081110000000", "BW")
    assert profile.authority.address.postcode == "70173"
    first, second = profile.mailboxes
    assert first.submission_url == "https://portal.example/submission-api"
    assert first.destination_id == "7a2c8d1e-0f34-4b56-9a78-bc90de12f345"
    assert first.client_secret.shown == "keyring:mailbox-1"
    assert first.decryption_keys[0].path == PATH.parent / "keys/enc.jwk"
    assert second.api_version == 1
    assert profile.signing.key == "pkcs12:keys/seal.p12"
    assert profile.signing.seal == "csc:https://sign.example/csc/v1?credential=GX01"
    assert profile.signing.level is SignatureLevel.B_LTA
    assert profile.signing.timestamp_url == "http://tsa.example/stamp?policy=1"
    assert profile.signing.trust == (PATH.parent / "keys/root.pem", Path("/etc/office/other.der"))
    assert profile.signing.remote is not None
    assert profile.signing.remote.access_token is not None
    assert profile.signing.remote.access_token.shown == "keyring:sign"
    assert profile.zbp is not None
    assert profile.zbp.sender_name == "Stadt Musterhausen"
    assert profile.delivery.take_back_s == 0
    assert profile.network.ca_file == PATH.parent / "ca.pem"
    assert profile.network.timeout_s == 12.5
    assert not profile.practice
    assert len(profile.fingerprint) == 64


def test_a_remote_service_wants_a_token_or_a_client() -> None:
    client = '{client_id = "a", client_secret = "env:SIGN"}'
    remote = parse(GOOD.replace('{access_token = "keyring:sign"}', client)).signing.remote
    assert remote is not None
    assert remote.client_id == "a"
    assert remote.client_secret is not None
    literal = fault(GOOD.replace('"keyring:sign"', '"word"'))
    assert (literal.code, literal.params["expected"]) == (ErrorCode.PROFILE_VALUE_WRONG, "reference")
    half = fault(GOOD.replace("access_token", "client_id"))
    assert (half.code, half.params["key"]) == (
        ErrorCode.PROFILE_KEY_MISSING,
        "signing.remote.client_secret",
    )


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('timestamp_url = "http://tsa.example/stamp?policy=1"\n', "signing.timestamp_url"),
        ('trust = ["file:keys/root.pem", "file:/etc/office/other.der"]\n', "signing.trust"),
    ],
)
def test_a_level_names_what_it_needs_when_the_profile_is_read(line: str, key: str) -> None:
    assert line in GOOD
    error = fault(GOOD.replace(line, ""))
    assert (error.code, error.params["key"]) == (ErrorCode.PROFILE_KEY_MISSING, key)
    parse(GOOD.replace(line, "").replace('"B-LTA"', '"B-B"'))


def test_the_least_an_office_must_say() -> None:
    short = GOOD[: GOOD.index('[[mailbox]]\nportal = "amt24"')]
    short = short.replace("api_version = 2\n", "").replace('unit = "Bürgeramt"\n', "")
    profile = parse(short)
    assert profile.mailboxes[0].api_version == 2
    assert profile.delivery.take_back_s == 60
    assert profile.signing.key is None
    assert profile.zbp is None


def test_secrets_are_in_no_repr() -> None:
    text = _here(GOOD).replace('"keyring:mailbox-1"', '"top-secret-word"') + "\n[practice]\nenabled = true\n"
    assert "top-secret-word" not in repr(parse(text))
    assert "user:word" not in repr(parse(GOOD))


@pytest.mark.parametrize("key", ["name", "ars", "land"])
def test_a_missing_key_is_named_with_the_line_of_its_table(key: str) -> None:
    lines = [line for line in GOOD.splitlines() if not line.startswith(f"{key} = ")]
    error = fault("\n".join(lines))
    assert error.code is ErrorCode.PROFILE_KEY_MISSING
    assert error.params["key"] == f"authority.{key}"
    assert error.params["line"] == 2


@pytest.mark.parametrize(
    "key",
    [
        "portal",
        "token_url",
        "submission_url",
        "destination_id",
        "client_id",
        "client_secret",
        "decryption_keys",
        "signing_key",
    ],
)
def test_a_key_missing_in_the_second_mailbox_is_found_there(key: str) -> None:
    head, second = GOOD.rsplit("[[mailbox]]", 1)
    removed = "\n".join(line for line in second.splitlines() if not line.startswith(f"{key} = "))
    error = fault(head + "[[mailbox]]" + removed)
    assert error.code is ErrorCode.PROFILE_KEY_MISSING
    assert error.params["key"] == f"mailbox[2].{key}"
    assert error.params["line"] == head.count("\n") + 1


def test_holidays_of_single_municipalities_are_said_denied_or_left_open() -> None:
    said = parse(GOOD.replace('land = "BW"', 'land = "BW"\ncorpus_christi = true\nassumption_day = false'))
    assert (said.authority.corpus_christi, said.authority.assumption_day) == (True, False)
    open_ = parse(GOOD).authority
    assert (open_.corpus_christi, open_.assumption_day) == (None, None)


def test_a_missing_table_is_named() -> None:
    error = fault(GOOD[: GOOD.index("[[mailbox]]")])
    assert (error.code, error.params["key"]) == (ErrorCode.PROFILE_KEY_MISSING, "mailbox")


@pytest.mark.parametrize(
    ("good", "typo", "key", "suggestion"),
    [
        ("client_id =", "clientid =", "mailbox[1].clientid", "client_id"),
        ("ars =", "asr =", "authority.asr", "ars"),
        ("[signing]", "[singing]", "singing", "signing"),
        ("take_back_s", "take_back", "delivery.take_back", "take_back_s"),
        ("street =", "strasse =", "authority.address.strasse", "street"),
        ("land =", "corpus_cristi = true\nland =", "authority.corpus_cristi", "corpus_christi"),
    ],
)
def test_a_typo_is_named_with_its_line_and_the_key_probably_meant(
    good: str, typo: str, key: str, suggestion: str
) -> None:
    text = GOOD.replace(good, typo, 1)
    error = fault(text)
    assert error.code is ErrorCode.PROFILE_KEY_UNKNOWN
    assert error.params["key"] == key
    assert error.params.get("suggestion") == suggestion
    assert typo.split(" ")[0].strip("[]") in text.splitlines()[int(str(error.params["line"])) - 1]


@pytest.mark.parametrize(
    ("good", "bad", "key", "expected"),
    [
        ('"081110000000"', '"08111000000"', "authority.ars", "ars"),
        ('"081110000000"', '"146120000000"', "authority.land", "land_of_ars"),
        ('"BW"', '"XX"', "authority.land", "land"),
        ('"BW"', "7", "authority.land", "land"),
        ('land = "BW"', 'land = "BW"\ncorpus_christi = "yes"', "authority.corpus_christi", "boolean"),
        ('"Stadt Musterhausen"', '""', "authority.name", "text"),
        ('"service-bw"', '"servicebw"', "mailbox[1].portal", "portal"),
        ("api_version = 2", "api_version = 3", "mailbox[1].api_version", "api_version"),
        ("api_version = 2", "api_version = true", "mailbox[1].api_version", "api_version"),
        ("https://portal.example/token", "http://portal.example/token", "mailbox[1].token_url", "url"),
        ("https://portal.example/token", "https://a:b@portal.example/token", "mailbox[1].token_url", "url"),
        ("https://portal.example/token", "https://", "mailbox[1].token_url", "url"),
        ("https://portal.example/token", "https://portal.example:99999/", "mailbox[1].token_url", "url"),
        ("submission-api/", "submission-api/v1", "mailbox[1].submission_url", "url_version"),
        ("7A2C8D1E-0f34", "7A2C8D1E0f34", "mailbox[1].destination_id", "uuid"),
        ('"keyring:mailbox-1"', '"a literal secret"', "mailbox[1].client_secret", "reference"),
        ('"keyring:mailbox-1"', '"env:"', "mailbox[1].client_secret", "reference"),
        ('["file:keys/enc.jwk", "keyring:enc-old"]', "[]", "mailbox[1].decryption_keys", "reference_list"),
        ('["file:keys/enc.jwk", "keyring:enc-old"]', '["x"]', "mailbox[1].decryption_keys", "reference_list"),
        ('"pkcs12:keys/seal.p12"', '"practice"', "signing.key", "practice_only"),
        ('"pkcs12:keys/seal.p12"', '"seal.p12"', "signing.key", "signing_key"),
        ('"B-LTA"', '"B-LTX"', "signing.level", "signature_level"),
        ("http://tsa.example/", "ftp://tsa.example/", "signing.timestamp_url", "web_url"),
        ("http://tsa.example/", "http://a:b@tsa.example/", "signing.timestamp_url", "web_url"),
        ('["file:keys/root.pem", "file:/etc/office/other.der"]', "[]", "signing.trust", "certificate_list"),
        ('"file:keys/root.pem", ', '"keys/root.pem", ', "signing.trust", "certificate_list"),
        ("csc:https://sign.example", "csc:http://sign.example", "signing.seal", "signing_key"),
        ("?credential=GX01", "", "signing.seal", "signing_key"),
        ("take_back_s = 0", "take_back_s = 901", "delivery.take_back_s", "take_back_s"),
        ("timeout_s = 12.5", "timeout_s = 0", "network.timeout_s", "timeout_s"),
        ("proxy.example:3128", "proxy.example:3128/path", "network.proxy", "proxy"),
        ('"70173"', '"7017"', "authority.address.postcode", "postcode"),
        ("buergeramt@", "buergeramt", "authority.address.email", "email"),
        (
            "11111111-2222-4333-8444-555555555555",
            "11111111-2222-4333-8444-55555555555",
            "mailbox[2].destination_id",
            "uuid",
        ),
    ],
)
def test_a_wrong_value_is_named_with_its_line_and_what_is_expected(
    good: str, bad: str, key: str, expected: str
) -> None:
    text = GOOD.replace(good, bad, 1)
    assert text != GOOD
    error = fault(text)
    assert (error.code, error.params["key"]) == (ErrorCode.PROFILE_VALUE_WRONG, key)
    assert error.params["expected"] == expected
    line = text.splitlines()[int(str(error.params["line"])) - 1]
    assert line.split(" = ")[0] == key.rsplit(".", 1)[-1]


def test_the_same_mailbox_twice_is_refused() -> None:
    text = GOOD.replace('"amt24"', '"service-bw"').replace(
        "11111111-2222-4333-8444-555555555555", "7a2c8d1e-0f34-4b56-9a78-bc90de12f345"
    )
    error = fault(text)
    assert (error.params["key"], error.params["expected"]) == ("mailbox[2].destination_id", "unique")


@pytest.mark.parametrize("key", ["token_url", "submission_url", "proxy"])
def test_practice_knows_no_address_outside_this_machine(key: str) -> None:
    text = "\n".join(
        line if line.startswith(f"{key} = ") else here
        for line, here in zip(GOOD.splitlines(), _here(GOOD).splitlines(), strict=True)
    )
    error = fault(f"{text}\n[practice]\nenabled = true\n")
    assert (error.code, error.params["expected"]) == (ErrorCode.PROFILE_VALUE_WRONG, "practice_here")
    assert str(error.params["key"]).endswith(key)


def test_practice_allows_what_it_alone_allows() -> None:
    text = _here(GOOD).replace('"keyring:mailbox-1"', '"word"').replace("pkcs12:keys/seal.p12", "practice")
    profile = parse(text + "\n[practice]\nenabled = true\n")
    assert profile.practice
    assert profile.mailboxes[0].client_secret.resolve({}) == "word"
    assert profile.signing.key == "practice"


def test_the_version_at_the_end_of_the_address_may_repeat_api_version() -> None:
    text = GOOD.replace("submission-api/", "submission-api/v2/")
    assert parse(text).mailboxes[0].submission_url == "https://portal.example/submission-api"


def test_broken_toml_names_the_line() -> None:
    error = fault(GOOD.replace('land = "BW"', "land = BW"))
    assert error.code is ErrorCode.PROFILE_UNREADABLE
    assert error.params["line"] == 5
    assert error.params["detail"]


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ClerkError) as caught:
        parse_profile(b'[authority]\nname = "\xff"\n', PATH)
    assert caught.value.code is ErrorCode.PROFILE_UNREADABLE
    assert caught.value.params["line"] == 2


def test_a_missing_file_is_its_own_error(tmp_path: Path) -> None:
    for path in (None, tmp_path / "none.toml"):
        with pytest.raises(ClerkError) as caught:
            load_profile(path)
        assert caught.value.code is ErrorCode.PROFILE_MISSING


def test_a_file_is_read_with_windows_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_profile(path).authority.land == "BW"


@given(st.integers(0, len(GOOD)), st.text(max_size=20), st.integers(0, 30))
def test_whatever_is_in_the_file_it_is_a_profile_or_a_clerk_error(at: int, inserted: str, cut: int) -> None:
    text = GOOD[:at] + inserted + GOOD[at + cut :]
    content = text.encode("utf-8", "surrogatepass")
    with contextlib.suppress(ClerkError):
        assert parse_profile(content, PATH).mailboxes


@given(st.binary(max_size=300))
def test_random_bytes_end_in_a_clerk_error(content: bytes) -> None:
    with pytest.raises(ClerkError):
        parse_profile(content, PATH)


def test_the_good_profile_is_valid_toml() -> None:
    assert set(tomllib.loads(GOOD)) == {"authority", "mailbox", "signing", "zbp", "delivery", "network"}


def test_portals_on_this_machine_make_a_practice_office(tmp_path: Path) -> None:
    """Decision record 0005: real portals are never on loopback."""
    text = """
[authority]
name = "Stadt Musterhausen"
ars = "081110000000"
land = "BW"

[[mailbox]]
portal = "fit-connect"
token_url = "{first}/token"
submission_url = "{second}"
destination_id = "11111111-1111-4111-8111-111111111111"
client_id = "client"
client_secret = "env:SECRET"
decryption_keys = ["file:enc.jwk"]
signing_key = "file:sig.jwk"
"""
    here, there = "http://127.0.0.1:1", "https://portal.example"
    for first, second, practice in ((here, here, True), (there, here, False), (there, there, False)):
        content = text.format(first=first, second=second).encode()
        assert parse_profile(content, tmp_path / "p.toml").practice is practice
    said = text.format(first=here, second=here) + "[practice]\nenabled = false\n"
    assert parse_profile(said.encode(), tmp_path / "p.toml").practice is False


@pytest.mark.parametrize(
    ("line", "policy"),
    [
        ("", ReviewPolicy.BY_SERVICE),
        ("[review]\n", ReviewPolicy.BY_SERVICE),
        ("[review]\nfour_eyes = true\n", ReviewPolicy.ALWAYS),
        ("[review]\nfour_eyes = false\n", ReviewPolicy.NEVER),
        ('[review]\nfour_eyes = "services"\n', ReviewPolicy.BY_SERVICE),
    ],
)
def test_the_office_says_when_four_eyes_are_due(line: str, policy: ReviewPolicy) -> None:
    assert parse(f"{GOOD}\n{line}").review.four_eyes is policy


@pytest.mark.parametrize("value", ["1", '"true"', '"always"', "[]"])
def test_a_four_eyes_rule_nobody_knows_is_refused(value: str) -> None:
    error = fault(f"{GOOD}\n[review]\nfour_eyes = {value}\n")
    assert error.code is ErrorCode.PROFILE_VALUE_WRONG
    assert error.params["key"] == "review.four_eyes"


def test_the_office_names_whose_packages_it_takes() -> None:
    assert parse(GOOD).publishers == ()
    found = parse(f'{GOOD}\n[packages]\ntrusted = ["file:keys/publisher.pem"]\n').publishers
    assert [path.parts[-2:] for path in found] == [("keys", "publisher.pem")]
    for wrong in ('trusted = ["keys/publisher.pem"]', "trusted = []", 'trustd = ["file:x"]'):
        assert fault(f"{GOOD}\n[packages]\n{wrong}\n").params["line"]
