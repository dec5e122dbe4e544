"""The JWE opener: everything right opens, nothing else does, and always with the one error."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.jwk import RSAKey
from jwcrypto import jwe as other_jwe
from jwcrypto import jwk as other_jwk

from clerk_app.domain.errors import ErrorCode
from clerk_app.portal import base64url, jose, jose_stream
from clerk_app.portal.attachments import decryption_keys, open_attachment
from clerk_app.portal.jose import JweRejectedError, open_jwe
from clerk_app.portal.keys import DecryptionKeys
from tests.matrix import record
from tests.portal.support import (
    Pair,
    TestKeys,
    b64u,
    craft_jwe,
    deflated,
    jwe_header,
    sha512,
    zipped_jwe,
)

ALGORITHMS = ["RSA-OAEP-256", "A256GCM"]
PLAIN = b'{"antrag": "Gewerbeanmeldung"}'
MAX = 1 << 22


@pytest.fixture(scope="module")
def held(keys: TestKeys) -> DecryptionKeys:
    return decryption_keys([keys.ours.private, keys.older.private])


def rfc_key(pair: Pair) -> RSAKey:
    return RSAKey.import_key({name: pair.public[name] for name in ("kty", "n", "e")})


# right ones ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 2, 3, 15, 16, 17, 1000, 65_537, 1_000_003])
def test_opens_what_joserfc_made(keys: TestKeys, held: DecryptionKeys, size: int) -> None:
    plain = os.urandom(size)
    token = jwe.encrypt_compact(jwe_header(keys.ours), plain, rfc_key(keys.ours), algorithms=ALGORITHMS)
    assert open_jwe(token.encode(), held, max_plain=MAX) == plain


@pytest.mark.parametrize("zipped", [False, True])
def test_opens_what_jwcrypto_made(keys: TestKeys, held: DecryptionKeys, zipped: bool) -> None:
    header = jwe_header(keys.ours, zip="DEF" if zipped else None)
    made = other_jwe.JWE(PLAIN * 1000, json.dumps(header), algs=["RSA-OAEP-256", "A256GCM"])
    made.add_recipient(other_jwk.JWK(**keys.ours.public))
    assert open_jwe(made.serialize(compact=True).encode(), held, max_plain=MAX) == PLAIN * 1000


@pytest.mark.parametrize("size", [0, 1, 64_001, 3_000_000])
def test_both_libraries_open_what_we_make(keys: TestKeys, size: int) -> None:
    plain = os.urandom(size)
    token = jose.encrypt(plain, keys.ours.public, cty="application/pdf")
    opened = other_jwe.JWE(algs=["RSA-OAEP-256", "A256GCM"])
    if size:  # jwcrypto takes an empty plaintext for a failure
        opened.deserialize(token.decode(), other_jwk.JWK(**keys.ours.private))
        assert opened.payload == plain
    header = json.loads(base64url.decode(token.partition(b".")[0]))
    assert header == jwe_header(keys.ours, cty="application/pdf")
    if size < 60_000:  # joserfc reads no more
        private = {k: v for k, v in keys.ours.private.items() if k not in ("key_ops", "alg")}
        again = jwe.decrypt_compact(token, RSAKey.import_key(private), algorithms=ALGORITHMS)
        assert again.plaintext == plain


def test_never_encrypts_for_a_key_that_is_none(keys: TestKeys) -> None:
    bad: list[dict[str, Any]] = [
        {},
        {**keys.ours.public, "kty": "EC"},
        {**keys.ours.public, "key_ops": ["verify"]},
        {**keys.ours.public, "n": "AQAB"},
        {**keys.ours.public, "n": keys.ours.public["n"] + "="},
        {**keys.ours.public, "e": "AQAA"},
        {name: value for name, value in keys.ours.public.items() if name != "kid"},
    ]
    for jwk in bad:
        with pytest.raises(ValueError, match=r".*"):
            jose.encrypt(PLAIN, jwk, cty="application/json")


def test_a_kid_that_is_not_ours_is_tried_against_all_keys(keys: TestKeys, held: DecryptionKeys) -> None:
    thumbprint = RSAKey.import_key({k: keys.older.public[k] for k in ("kty", "n", "e")}).thumbprint()
    for kid in ("whatever", thumbprint, keys.ours.kid):
        token = craft_jwe(PLAIN, keys.older, header=jwe_header(keys.older, kid=kid))
        assert open_jwe(token, held, max_plain=MAX) == PLAIN
    assert held.holds(thumbprint)
    assert not held.holds("whatever")


def test_harmless_header_members_are_ignored(keys: TestKeys, held: DecryptionKeys) -> None:
    header = jwe_header(keys.ours, typ="JOSE", x_new=1, cty="application/xml")
    assert open_jwe(craft_jwe(PLAIN, keys.ours, header=header), held, max_plain=MAX) == PLAIN


# wrong ones ------------------------------------------------------------------------------------------------


def _vectors(keys: TestKeys) -> Iterator[tuple[str, bytes]]:
    ours = keys.ours
    good = craft_jwe(PLAIN, ours)
    head, wrapped, iv, sealed, tag = good.split(b".")

    def joined(*parts: bytes) -> bytes:
        return b".".join(parts)

    def with_header(header: Any) -> bytes:
        return craft_jwe(PLAIN, ours, header=header)

    # algorithms
    for alg in (
        "none",
        "None",
        "",
        "dir",
        "RSA1_5",
        "RSA-OAEP",
        "RSA-OAEP-512",
        "rsa-oaep-256",
        "A256KW",
        "ECDH-ES",
        "PBES2-HS256+A128KW",
        "A256GCMKW",
        "RSA-OAEP-256 ",
        None,
        1,
        ["RSA-OAEP-256"],
        True,
    ):
        yield f"alg {alg!r}", with_header({**jwe_header(ours), "alg": alg})
    for enc in (
        "none",
        "",
        "A128GCM",
        "A192GCM",
        "A128CBC-HS256",
        "A256CBC-HS512",
        "a256gcm",
        "XC20P",
        None,
        256,
    ):
        yield f"enc {enc!r}", with_header({**jwe_header(ours), "enc": enc})
    for absent in ("alg", "enc", "kid"):
        yield f"without {absent}", with_header({k: v for k, v in jwe_header(ours).items() if k != absent})
    for zip_ in ("def", "GZIP", "", None, True, ["DEF"], "DEF "):
        yield f"zip {zip_!r}", with_header({**jwe_header(ours), "zip": zip_})
    kids: tuple[Any, ...] = ("", None, 7, ["x"], {}, "k" * 257)
    for kid in kids:
        yield f"kid {str(kid)[:9]!r}", with_header({**jwe_header(ours), "kid": kid})
    forbidden: dict[str, Any] = {
        "crit": ["exp"],
        "jku": "https://evil.example/k",
        "x5u": "https://evil.example/c",
        "x5c": ["AAAA"],
        "jwk": dict(keys.foreign.public),
        "epk": {},
        "apu": "x",
        "apv": "x",
        "p2s": "x",
        "p2c": 10_000_000,
        "iv": "AAAA",
        "tag": "AAAA",
        "b64": False,
        "skid": "x",
    }
    for name, value in forbidden.items():
        yield f"member {name}", with_header({**jwe_header(ours), name: value})
        yield f"member {name} null", with_header({**jwe_header(ours), name: None})
    for name in ("cty", "typ"):
        yield f"{name} as number", with_header({**jwe_header(ours), name: 5})
    # headers that are no JSON objects, or two at once
    raw = json.dumps(jwe_header(ours))
    headers: dict[str, bytes] = {
        "empty": b"",
        "text": b"hello",
        "array": b"[]",
        "string": b'"x"',
        "null": b"null",
        "number": b"1",
        "half": raw.encode()[:-1],
        "twice": raw.encode() * 2,
        "trailing": raw.encode() + b"x",
        "bom": b"\xef\xbb\xbf" + raw.encode(),
        "utf16": raw.encode("utf-16"),
        "latin1": b'{"kid":"\xe4"}',
        "duplicate alg": raw[:-1].encode() + b', "alg": "RSA-OAEP-256"}',
        "duplicate alg none first": b'{"alg": "none", ' + raw[1:].encode(),
        "duplicate kid": raw[:-1].encode() + b', "kid": "x"}',
        "nan": raw[:-1].encode() + b', "x": NaN}',
        "infinity": raw[:-1].encode() + b', "x": -Infinity}',
        "single quotes": raw.replace('"', "'").encode(),
        "comment": b"/* */" + raw.encode(),
        "comma": raw[:-1].encode() + b",}",
        "control": raw.replace("OAEP", "OA\x00EP").encode(),
        "surrogate": raw[:-1].encode() + b', "x": "\\ud800"}',
        "deep": raw[:-1].encode() + b', "x": ' + b"[" * 300 + b"]" * 300 + b"}",
        "deeper than allowed": raw[:-1].encode() + b', "x": ' + b"[" * 12 + b"]" * 12 + b"}",
        "very large": raw[:-1].encode() + b', "x": "' + b"a" * 3000 + b'"}',
        "long number": raw[:-1].encode() + b', "x": ' + b"9" * 1400 + b", " + b'"y": NaN}',
    }
    for name, header in headers.items():
        yield f"header {name}", with_header(header)
    # segments
    parts = (head, wrapped, iv, sealed, tag)
    for index in range(5):
        yield f"segment {index} gone", joined(*(p for i, p in enumerate(parts) if i != index))
        yield f"segment {index} empty", joined(*(b"" if i == index else p for i, p in enumerate(parts)))
        yield f"segment {index} twice", joined(*parts[: index + 1], *parts[index:])
        for padding_ in (b"=", b"==", b"\n", b" ", b"\x00", b"\xff", b"+", b"/", b"%3D"):
            changed = parts[index] + padding_
            yield (
                f"segment {index} + {padding_!r}",
                joined(*(changed if i == index else p for i, p in enumerate(parts))),
            )
        flipped = bytearray(parts[index])
        flipped[len(flipped) // 2] = ord("A") if flipped[len(flipped) // 2] != ord("A") else ord("B")
        yield (
            f"segment {index} flipped",
            joined(*(bytes(flipped) if i == index else p for i, p in enumerate(parts))),
        )
    for index in (1, 2, 3, 4):
        part = parts[index]
        if len(part) % 4 == 0:
            part_ = {2: b64u(os.urandom(13)).encode()}.get(index, part + b"AB")
        else:
            part_ = _non_canonical(part)
        yield (
            f"segment {index} non-canonical",
            joined(*(part_ if i == index else p for i, p in enumerate(parts))),
        )
    for length in (0, 1, 4, 8, 11, 12, 15, 17, 32):
        cut = (base64url.decode(tag) * 3)[:length]
        yield f"tag of {length} bytes", joined(head, wrapped, iv, sealed, b64u(cut).encode())
    for length in (0, 1, 8, 11, 13, 16, 64):
        if length >= 8:
            yield f"iv of {length} bytes", craft_jwe(PLAIN, ours, iv=os.urandom(length))
        yield (
            f"iv replaced by {length}",
            joined(head, wrapped, b64u(os.urandom(length)).encode(), sealed, tag),
        )
    yield "tag first", joined(tag, head, wrapped, iv, sealed)
    yield "all dots", b"...."
    yield "nothing", b""
    yield "one word", b"x"
    yield "jws", b"a.b.c"
    yield "six segments", good + b"." + tag
    yield "newline at the end", good + b"\n"
    yield "blank before", b" " + good
    yield (
        "json serialisation",
        json.dumps(
            {
                "protected": head.decode(),
                "encrypted_key": wrapped.decode(),
                "iv": iv.decode(),
                "ciphertext": sealed.decode(),
                "tag": tag.decode(),
            }
        ).encode(),
    )
    yield "not ascii", "ä.ö.ü.ß.€".encode()
    # keys
    for size in (0, 16, 24, 31, 33, 48, 64):
        if size in (16, 24):
            yield f"cek of {size}", craft_jwe(PLAIN, ours, content_key=os.urandom(size))
        key = ours.key.public_key().encrypt(os.urandom(size), jose.OAEP)
        yield f"wrapped key of {size}", joined(head, b64u(key).encode(), iv, sealed, tag)
    oaep1 = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    mixed = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA256(), None)
    labelled = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), b"label")
    for name, wrap in (
        ("sha1", oaep1),
        ("mgf sha1", mixed),
        ("label", labelled),
        ("v1.5", padding.PKCS1v15()),
    ):
        yield f"oaep {name}", craft_jwe(PLAIN, ours, wrap=wrap)
    yield "somebody else's key", craft_jwe(PLAIN, keys.foreign, header=jwe_header(ours))
    yield "somebody else's key and kid", craft_jwe(PLAIN, keys.foreign)
    for length in (1, 255, 257, 512):
        yield f"wrapped key length {length}", joined(head, b64u(os.urandom(length)).encode(), iv, sealed, tag)
    # exchanged parts of two good messages
    other = craft_jwe(b"something else", ours, header=jwe_header(ours, cty="text/plain")).split(b".")
    for index in range(5):
        yield (
            f"segment {index} of another",
            joined(*(other[i] if i == index else p for i, p in enumerate(parts))),
        )
    # compression
    packed = deflated(PLAIN * 50)
    yield "zip of nothing", zipped_jwe(b"", ours, packed=b"")
    yield "zip half", zipped_jwe(b"", ours, packed=packed[: len(packed) // 2])
    yield "zip without end", zipped_jwe(b"", ours, packed=packed[:-1])
    yield "zip trailing byte", zipped_jwe(b"", ours, packed=packed + b"x")
    yield "zip twice", zipped_jwe(b"", ours, packed=packed * 2)
    yield "zip of text", zipped_jwe(b"", ours, packed=PLAIN)
    yield "zlib header", zipped_jwe(b"", ours, packed=zlib.compress(PLAIN))
    yield "gzip header", zipped_jwe(b"", ours, packed=zlib.compress(PLAIN, wbits=31))
    yield "zip bomb", zipped_jwe(b"", ours, packed=deflated(bytes(50_000_000)))
    yield "zip bomb under the cap", zipped_jwe(b"", ours, packed=deflated(bytes(MAX - 10)))


def _non_canonical(part: bytes) -> bytes:
    """The same bytes, spelled differently: an unused bit of the last character set."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return part[:-1] + alphabet[alphabet.index(part[-1:]) + 1 :][:1]


def test_nothing_wrong_opens(keys: TestKeys, held: DecryptionKeys, tmp_path: Path) -> None:
    """Every vector is refused by the opener in memory and by the one for files, with one kind of error."""
    vectors = list(_vectors(keys))
    assert len(vectors) >= 190
    assert len({name for name, _ in vectors}) == len(vectors)
    path = tmp_path / "body.jwe"
    opened = []
    for name, token in vectors:
        path.write_bytes(token)
        bomb = name.startswith("zip bomb")
        expected = ErrorCode.DECOMPRESSION_BOMB if bomb else ErrorCode.JWE_REJECTED
        if refused(partial(open_jwe, token, held, max_plain=MAX)) is not expected:
            opened.append(name)
        if refused(partial(jose_stream.inspect, path, held, max_plain=MAX)) is not expected:
            opened.append(f"{name} as a file")
    record("11 JOSE negatives, encrypted", 2 * len(vectors), len(opened))
    assert opened == []


def refused(attempt: Callable[[], object]) -> ErrorCode | None:
    """The code of the refusal; None when it opened. Any other exception is a failure of the test."""
    try:
        attempt()
    except JweRejectedError as error:
        return error.code if not error.params else None
    return None


def test_wrong_key_and_wrong_tag_cannot_be_told_apart(keys: TestKeys, held: DecryptionKeys) -> None:
    good = craft_jwe(PLAIN, keys.ours)
    wrong_tag = good[:-22] + b64u(bytes(16)).encode()
    wrong_key = craft_jwe(PLAIN, keys.foreign, header=jwe_header(keys.ours))
    reasons = set()
    for token in (wrong_tag, wrong_key):
        with pytest.raises(JweRejectedError) as caught:
            open_jwe(token, held, max_plain=MAX)
        reasons.add((caught.value.reason, str(caught.value), caught.value.__cause__))
    assert len(reasons) == 1


def test_size_caps(keys: TestKeys, held: DecryptionKeys) -> None:
    token = craft_jwe(bytes(5000), keys.ours)
    assert len(open_jwe(token, held, max_plain=5000)) == 5000
    with pytest.raises(JweRejectedError):
        open_jwe(token, held, max_plain=4999)
    with pytest.raises(JweRejectedError):
        open_jwe(token + bytes(10_000_000), held, max_plain=5000)


# files -----------------------------------------------------------------------------------------------------


class CountingSink(io.BytesIO):
    """Remembers how large the pieces were, not what was in them."""

    def __init__(self) -> None:
        super().__init__()
        self.largest = 0
        self.digest = hashlib.sha512()
        self.size = 0

    def write(self, piece: Any) -> int:
        self.largest = max(self.largest, len(piece))
        self.digest.update(piece)
        self.size += len(piece)
        return len(piece)


@pytest.mark.parametrize("zipped", [False, True])
def test_eight_megabytes_pass_in_small_pieces(
    keys: TestKeys, held: DecryptionKeys, tmp_path: Path, zipped: bool
) -> None:
    plain = os.urandom(1 << 16) * 128 if zipped else os.urandom(8 << 20)
    path = tmp_path / "large.jwe"
    path.write_bytes(zipped_jwe(plain, keys.ours) if zipped else craft_jwe(plain, keys.ours))
    sink = CountingSink()
    written = jose_stream.write_plain(path, held, sink, max_plain=1 << 24)
    assert written == jose_stream.Plaintext(sha512(plain), len(plain))
    assert sink.digest.hexdigest() == sha512(plain)
    assert sink.largest <= jose_stream.CHUNK_CHARACTERS


def test_nothing_is_written_before_the_tag_is_verified(
    keys: TestKeys, held: DecryptionKeys, tmp_path: Path
) -> None:
    """One bit in the middle of 8 MB: the first megabytes would decrypt well."""
    token = bytearray(craft_jwe(os.urandom(8 << 20), keys.ours))
    at = len(token) // 2
    token[at] = ord("A") if token[at] != ord("A") else ord("B")
    path = tmp_path / "damaged.jwe"
    path.write_bytes(bytes(token))
    sink = CountingSink()
    with pytest.raises(JweRejectedError):
        jose_stream.write_plain(path, held, sink, max_plain=1 << 24)
    assert sink.size == 0


@settings(max_examples=40, deadline=None)
@given(size=st.integers(0, 3 * jose_stream.CHUNK_CHARACTERS), zipped=st.booleans())
def test_file_and_memory_agree(
    keys: TestKeys, tmp_path_factory: pytest.TempPathFactory, size: int, zipped: bool
) -> None:
    held = decryption_keys([keys.ours.private])
    plain = (os.urandom(997) * (size // 997 + 1))[:size]
    token = zipped_jwe(plain, keys.ours) if zipped else craft_jwe(plain, keys.ours)
    path = tmp_path_factory.mktemp("jwe") / "body"
    path.write_bytes(token)
    assert open_jwe(token, held, max_plain=MAX) == plain
    expected = jose_stream.Plaintext(sha512(plain), size)
    assert jose_stream.inspect(path, held, max_plain=MAX) == expected
    assert jose_stream.inspect(token, held, max_plain=MAX) == expected
    assert b"".join(jose_stream.plain_chunks(path, held, max_plain=MAX)) == plain


def test_an_attachment_is_checked_against_its_hash(
    keys: TestKeys, held: DecryptionKeys, tmp_path: Path
) -> None:
    plain = os.urandom(2_000_000)
    path = tmp_path / "kept.jwe"
    path.write_bytes(craft_jwe(plain, keys.ours))
    for original in (path, path.read_bytes()):
        sink = io.BytesIO()
        assert open_attachment(original, held, sha512(plain), sink) == len(plain)
        assert sink.getvalue() == plain
    with pytest.raises(Exception, match=ErrorCode.HASH_MISMATCH.value):
        open_attachment(path, held, sha512(b"other"), io.BytesIO())
    pieces = [craft_jwe(b"one", keys.ours), craft_jwe(b"two", keys.older)]
    sink = io.BytesIO()
    assert open_attachment(pieces, held, sha512(b"onetwo"), sink) == 6
    assert sink.getvalue() == b"onetwo"


# fuzz ------------------------------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_politely(keys: TestKeys, text: bytes) -> None:
    held = decryption_keys([keys.ours.private])
    with pytest.raises(JweRejectedError):
        open_jwe(text, held, max_plain=MAX)
    assert jose.kid_of(text) is None or b"kid" in base64url.decode(text.partition(b".")[0])


@settings(max_examples=150, deadline=None)
@given(
    header=st.dictionaries(
        st.sampled_from(["alg", "enc", "kid", "zip", "cty", "crit", "x"]),
        st.one_of(
            st.none(), st.booleans(), st.text(max_size=12), st.sampled_from(["RSA-OAEP-256", "A256GCM"])
        ),
    )
)
def test_any_header_is_judged_politely(header: dict[str, Any]) -> None:
    segment = b64u(json.dumps(header).encode()).encode()
    try:
        read = jose.read_header(segment)
    except JweRejectedError:
        return
    assert (header["alg"], header["enc"]) == ("RSA-OAEP-256", "A256GCM")
    assert read.kid == header["kid"]
    assert "crit" not in header


@given(st.binary(max_size=200))
def test_base64url_has_one_spelling(content: bytes) -> None:
    text = base64url.encode(content)
    assert base64url.decode(text.encode()) == content
    assert text == b64u(content)


@given(st.binary(max_size=60))
def test_whatever_decodes_encodes_back(text: bytes) -> None:
    try:
        content = base64url.decode(text)
    except ValueError:
        return
    assert base64url.encode(content).encode() == text


def test_every_other_spelling_of_the_last_character_is_refused() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for start, spellings in (("A", 4), ("AA", 16), ("AAA", 64), ("", 0)):
        decoded = []
        for last in alphabet:
            with contextlib.suppress(ValueError):
                decoded.append(base64url.decode(f"{start}{last}".encode()))
        assert len(decoded) == len(set(decoded)) == spellings
