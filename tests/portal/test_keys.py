"""Private keys: whatever is wrong with a key file is named, nothing half-right is taken."""

from __future__ import annotations

from typing import Any

import pytest

from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.portal.keys import DecryptionKeys, public_key, signing_key
from tests.portal.support import Pair, TestKeys


def test_accepts_the_operations_in_use(keys: TestKeys) -> None:
    private = dict(keys.ours.private)
    for operations in (["unwrapKey"], ["decrypt"], ["unwrapKey", "decrypt"]):
        assert DecryptionKeys([{**private, "key_ops": operations}]).kids == (keys.ours.kid,)
    del private["key_ops"]
    assert DecryptionKeys([private]).holds(keys.ours.kid)


def test_prime_factors_may_be_missing(keys: TestKeys) -> None:
    private = {k: v for k, v in keys.ours.private.items() if k not in ("p", "q", "dp", "dq", "qi")}
    parsed = DecryptionKeys([private]).candidates(keys.ours.kid)[0].private_numbers()
    original = keys.ours.key.private_numbers()
    assert {parsed.p, parsed.q} == {original.p, original.q}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kid": None}, "no kid"),
        ({"kid": ""}, "no kid"),
        ({"kty": "EC"}, "not RSA"),
        ({"d": None}, "not private"),
        ({"key_ops": ["sign"]}, "key_ops"),
        ({"key_ops": "x"}, "key_ops"),
        ({"n": "AQAB"}, "size"),
        ({"n": "===="}, "damaged"),
        ({"e": 65537}, "damaged"),
        ({"p": "Aw"}, "inconsistent"),
        ({"e": "Aw"}, "inconsistent"),
    ],
)
def test_names_what_is_wrong(keys: TestKeys, change: dict[str, Any], reason: str) -> None:
    jwk = {name: value for name, value in {**keys.ours.private, **change}.items() if value is not None}
    with pytest.raises(ClerkError) as caught:
        DecryptionKeys([jwk])
    assert caught.value.code is ErrorCode.KEY_FILE_INVALID
    assert caught.value.params["reason"] == reason
    assert not {"d", "p", "q"} & caught.value.params.keys()


def test_no_key_at_all_and_a_decryption_key_for_signing(keys: TestKeys) -> None:
    with pytest.raises(ClerkError):
        DecryptionKeys([])
    with pytest.raises(ClerkError):
        signing_key(keys.ours.private)


def test_fingerprint_follows_the_keys_not_their_order(keys: TestKeys) -> None:
    one, two = keys.ours.private, keys.older.private
    assert DecryptionKeys([one, two]).fingerprint == DecryptionKeys([two, one]).fingerprint
    assert DecryptionKeys([one]).fingerprint != DecryptionKeys([one, two]).fingerprint


def test_public_keys_are_parsed_once(keys: TestKeys) -> None:
    assert public_key(keys.service.public) is public_key(dict(keys.service.public))
    other = Pair.of(keys.service.key, "another kid", "PS512")
    assert public_key(other.public) is public_key(keys.service.public)
    with pytest.raises(ValueError, match="key_ops"):
        public_key(keys.service.public, operation="wrapKey")
