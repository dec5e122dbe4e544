"""Row 12: a packed payload opens byte for byte whatever its size, or is refused; never a part of it."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from joserfc import jwe
from joserfc.jwk import RSAKey

from clerk_app.domain.errors import ErrorCode
from clerk_app.portal.attachments import decryption_keys
from clerk_app.portal.jose import JweRejectedError, open_jwe
from clerk_app.portal.keys import DecryptionKeys
from tests.matrix import record, trials
from tests.portal.support import TestKeys, deflated, zipped_jwe

ROW = "12 packed payloads and bombs"
LARGEST = 32_000_000
Open = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def held(keys: TestKeys) -> DecryptionKeys:
    return decryption_keys([keys.ours.private])


def payload(rng: random.Random, size: int) -> bytes:
    """Words with noise between them, so that it packs about three to one."""
    words, noise = b'{"antrag":"Gewerbeanmeldung"}' * 32, rng.randbytes(size // 3 + 400)
    pieces = (noise[at : at + 400] + words for at in range(0, len(noise), 400))
    return b"".join(pieces)[:size]


def sizes(rng: random.Random) -> list[int]:
    """Around the limits of other libraries, powers of two, and some large ones."""
    around = rng.sample(range(255_900, 257_500), trials(120, 1_600))
    powers = [2**n + d for n in (0, 4, 8, 15, 16, 17, 18, 20) for d in (-1, 0, 1) if 2**n + d >= 0]
    return [*around, *powers, *(rng.randrange(30_000_000) for _ in range(trials(3, 300)))]


def unfaithful(keys: TestKeys, opened: Open, wanted: list[int]) -> list[int]:
    """Sizes that came back as something else than they were, without an error."""
    rng, found = random.Random(12), []
    for size in wanted:
        plain = payload(rng, size)
        try:
            if opened(zipped_jwe(plain, keys.ours)) != plain:
                found.append(size)
        except JweRejectedError:
            found.append(size)
    return found


def test_every_size_comes_back_whole(keys: TestKeys, held: DecryptionKeys) -> None:
    wanted = sizes(random.Random(1))

    def ours(token: bytes) -> bytes:
        return open_jwe(token, held, max_plain=LARGEST)

    found = unfaithful(keys, ours, wanted)
    record(ROW, len(wanted), len(found))
    assert found == []


def test_bombs_are_refused(keys: TestKeys, held: DecryptionKeys) -> None:
    found = []
    bombs = [LARGEST + 1, LARGEST * 2, 200_000_000]
    for size in bombs:
        token = zipped_jwe(b"", keys.ours, packed=deflated(bytes(size)))
        try:
            open_jwe(token, held, max_plain=LARGEST)
            found.append(size)
        except JweRejectedError as error:
            if error.code is not ErrorCode.DECOMPRESSION_BOMB:
                found.append(size)
    record(ROW, len(bombs), len(found))
    assert found == []


def test_a_library_that_cuts_off_is_caught(keys: TestKeys) -> None:
    """joserfc hands out the first 256,000 bytes of some sizes and says nothing."""
    private = RSAKey.import_key(dict(keys.ours.private))

    def theirs(token: bytes) -> bytes:
        try:
            plain = jwe.decrypt_compact(
                token, private, algorithms=["RSA-OAEP-256", "A256GCM", "DEF"]
            ).plaintext
        except Exception as error:
            raise JweRejectedError(ErrorCode.JWE_REJECTED) from error
        return plain or b""

    assert unfaithful(keys, theirs, [256_001, 256_100, 300_000]) != []
