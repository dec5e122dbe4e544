"""Event logs: forged, borrowed, reordered or reissued events are found, unknown kinds are not in the way."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, utils
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import RSAKey
from jwcrypto import jwk as other_jwk
from jwcrypto import jws as other_jws

from clerk_app.domain.errors import ClerkError, Disposition, ErrorCode
from clerk_app.portal import base64url, events, trust
from clerk_app.portal.events import Event, EventSigner, read_log
from clerk_app.portal.keys import signing_key
from tests.matrix import record
from tests.portal.support import (
    DESTINATION,
    EVENTS,
    PSS,
    SERVICE_ISSUER,
    SET_SCHEMA,
    Draft,
    Pair,
    TestKeys,
    b64u,
    claims_of,
    craft_set,
)

FORGED, DISORDERED = ErrorCode.EVENT_LOG_FORGED, ErrorCode.EVENT_LOG_DISORDERED


@pytest.fixture
def draft(keys: TestKeys, now: datetime) -> Draft:
    return Draft.complete(keys, now)


def read(draft: Draft, log: list[str] | None = None, **jwks: Mapping[str, object]) -> tuple[Event, ...]:
    published = {**draft.published(), **jwks}
    return read_log(
        draft.log if log is None else log,
        case_id=draft.case_id,
        key_for=trust.key_finder(published),
        essential_subject=draft.subject,
        not_after=draft.at,
    )


def refusal(draft: Draft, log: list[str], **jwks: Mapping[str, object]) -> ErrorCode:
    with pytest.raises(ClerkError) as caught:
        read(draft, log, **jwks)
    assert caught.value.disposition is Disposition.ASK_CLERK
    return caught.value.code


def test_reads_an_honest_log(draft: Draft) -> None:
    accept = draft.event("accept-submission", pair=draft.keys.signing, issuer=DESTINATION)
    log = read(draft, [*draft.log, accept, draft.event("delete-submission")])
    assert [event.name for event in log] == [
        "create-submission", "submit-submission", "accept-submission", "delete-submission",
    ]  # fmt: skip
    assert log[1].payload["authenticationTags"] == draft.tags
    assert log[1].schema == SET_SCHEMA
    assert log[1].issued_at == draft.at
    assert log[1].by_service
    assert not log[2].by_service
    assert log[2].uri == EVENTS + "accept-submission"


def test_unknown_kinds_of_events_are_kept(draft: Draft) -> None:
    claims = draft.claims("archive-submission", {"a": 1})
    elsewhere = {**draft.claims("x"), "events": {"https://elsewhere.example/event": {}}}
    log = [*draft.log, craft_set(draft.keys.service, claims), craft_set(draft.keys.service, elsewhere)]
    assert [event.name for event in read(draft, log)][2:] == [
        EVENTS + "archive-submission",
        "https://elsewhere.example/event",
    ]


ROW = "11 JOSE negatives, signed events"
Change = Callable[[dict[str, Any]], object]
CLAIMS: dict[str, Change] = {
    "no jti": lambda c: c.pop("jti"),
    "empty jti": lambda c: c.update(jti=""),
    "no iss": lambda c: c.pop("iss"),
    "iss list": lambda c: c.update(iss=[SERVICE_ISSUER]),
    "no iat": lambda c: c.pop("iat"),
    "iat text": lambda c: c.update(iat="1700000000"),
    "iat float": lambda c: c.update(iat=1.7e9),
    "iat true": lambda c: c.update(iat=True),
    "iat in 2019": lambda c: c.update(iat=1_577_833_199),
    "iat in 10 minutes": lambda c: c.update(iat=c["iat"] + 600),
    "iat in 9999 years": lambda c: c.update(iat=10**15),
    "no sub": lambda c: c.pop("sub"),
    "sub without kind": lambda c: c.update(sub=str(uuid.uuid4())),
    "sub of unknown kind": lambda c: c.update(sub=f"case:{uuid.uuid4()}"),
    "sub no uuid": lambda c: c.update(sub="submission:../../etc"),
    "reply sub for submission event": lambda c: c.update(sub=c["sub"].replace("submission", "reply")),
    "no txn": lambda c: c.pop("txn"),
    "another case": lambda c: c.update(txn=f"case:{uuid.uuid4()}"),
    "txn without kind": lambda c: c.update(txn=c["txn"][5:]),
    "no events": lambda c: c.pop("events"),
    "zero events": lambda c: c.update(events={}),
    "two events": lambda c: c["events"].update({EVENTS + "accept-submission": {}}),
    "events list": lambda c: c.update(events=list(c["events"])),
    "payload text": lambda c: c.update(events=dict.fromkeys(c["events"], "x")),
    "$schema number": lambda c: c.update({"$schema": 1}),
    "iss a destination": lambda c: c.update(iss=DESTINATION),
    "iss empty": lambda c: c.update(iss=""),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_claims_that_cannot_be(draft: Draft, name: str) -> None:
    claims = draft.claims("submit-submission", {"authenticationTags": draft.tags})
    CLAIMS[name](claims)
    outcome = refusal(draft, [draft.log[0], craft_set(draft.keys.service, claims)])
    record(ROW, 1, int(outcome is not FORGED))
    assert outcome is FORGED


HEADERS: dict[str, dict[str, Any]] = {
    "no typ": {"alg": "PS512", "kid": "kid-service-0001"},
    "typ jwt": {"typ": "JWT", "alg": "PS512", "kid": "kid-service-0001"},
    "no kid": {"typ": "secevent+jwt", "alg": "PS512"},
    "kid number": {"typ": "secevent+jwt", "alg": "PS512", "kid": 1},
    "unknown kid": {"typ": "secevent+jwt", "alg": "PS512", "kid": "kid-of-nobody"},
    "crit": {"typ": "secevent+jwt", "alg": "PS512", "kid": "kid-service-0001", "crit": ["exp"]},
    "jku": {"typ": "secevent+jwt", "alg": "PS512", "kid": "kid-service-0001", "jku": "https://evil.example"},
    "b64": {"typ": "secevent+jwt", "alg": "PS512", "kid": "kid-service-0001", "b64": False},
    **{
        f"alg {alg}": {"typ": "secevent+jwt", "alg": alg, "kid": "kid-service-0001"}
        for alg in ("none", "None", "HS512", "RS512", "PS256", "PS384", "ES512", "EdDSA", "ps512", "", 5)
    },
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_that_are_not_allowed(draft: Draft, name: str) -> None:
    claims = draft.claims("submit-submission", {"authenticationTags": draft.tags})
    token = craft_set(draft.keys.service, claims, header=HEADERS[name])
    outcome = refusal(draft, [draft.log[0], token])
    record(ROW, 1, int(outcome is not FORGED))
    assert outcome is FORGED


def test_a_public_key_is_no_hmac_secret(draft: Draft) -> None:
    import hmac

    claims = draft.claims("submit-submission", {"authenticationTags": draft.tags})
    secret = json.dumps(dict(draft.keys.service.public)).encode()
    header = {"typ": "secevent+jwt", "alg": "HS512", "kid": draft.keys.service.kid}
    token = craft_set(
        draft.keys.service, claims, header=header, sign=lambda text: hmac.digest(secret, text, "sha512")
    )
    assert refusal(draft, [draft.log[0], token]) is FORGED


def _signatures(pair: Pair, stranger: Pair) -> dict[str, Callable[[bytes], bytes]]:
    sha512 = hashes.SHA512()
    short = padding.PSS(padding.MGF1(hashes.SHA512()), 32)
    mixed = padding.PSS(padding.MGF1(hashes.SHA256()), 64)
    return {
        "stranger": lambda text: stranger.key.sign(text, PSS, sha512),
        "pkcs1": lambda text: pair.key.sign(text, padding.PKCS1v15(), sha512),
        "salt 32": lambda text: pair.key.sign(text, short, sha512),
        "mgf sha256": lambda text: pair.key.sign(text, mixed, sha512),
        "sha256": lambda text: pair.key.sign(
            text, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()
        ),
        "over nothing": lambda text: pair.key.sign(b"", PSS, sha512),
        "prehashed": lambda text: pair.key.sign(bytes(64), PSS, utils.Prehashed(sha512)),
        "empty": lambda text: b"",
        "zeros": lambda text: bytes(256),
        "longer": lambda text: b"\0" + pair.key.sign(text, PSS, sha512),
        "shorter": lambda text: pair.key.sign(text, PSS, sha512)[:-1],
    }


def test_signatures_that_are_none(draft: Draft) -> None:
    claims = draft.claims("submit-submission", {"authenticationTags": draft.tags})
    crafted = _signatures(draft.keys.service, draft.keys.stranger)
    for name, sign in crafted.items():
        token = craft_set(draft.keys.service, claims, sign=sign)
        outcome = refusal(draft, [draft.log[0], token])
        record(ROW, 1, int(outcome is not FORGED))
        assert outcome is FORGED, name


def test_an_altered_event_is_found_wherever_it_stands(draft: Draft) -> None:
    other = Draft.complete(draft.keys, draft.at, case_id=draft.case_id)
    log = [*other.log, *draft.log]
    for index, token in enumerate(log):
        head, body, signature = token.split(".")
        claims = json.loads(base64url.decode(body.encode()))
        claims["iat"] -= 1
        altered = f"{head}.{b64u(json.dumps(claims).encode())}.{signature}"
        assert refusal(draft, [*log[:index], altered, *log[index + 1 :]]) is FORGED
    for broken in (
        "",
        ".",
        "..",
        "a.b.c",
        "a.b.c.d",
        draft.log[1] + "=",
        draft.log[1] + ".",
        "ä" + draft.log[1],
    ):
        assert refusal(draft, [draft.log[0], broken]) is FORGED


def test_nobody_speaks_for_another(draft: Draft) -> None:
    """Issuers and keys are bound: a destination's key never verifies the service's word, nor the reverse,
    even when somebody publishes a key under the service's key id."""
    keys = draft.keys
    tags = {"authenticationTags": draft.tags}
    submit_by_us = craft_set(keys.signing, draft.claims("submit-submission", tags))
    assert refusal(draft, [draft.log[0], submit_by_us]) is FORGED
    submit_as_us = draft.event("submit-submission", tags, pair=keys.signing, issuer=DESTINATION)
    assert refusal(draft, [draft.log[0], submit_as_us]) is FORGED
    accept_by_service = draft.event("accept-submission")
    assert refusal(draft, [*draft.log, accept_by_service]) is FORGED
    same_kid = Pair.of(keys.stranger.key, keys.service.kid, "PS512")
    borrowed = craft_set(same_kid, draft.claims("submit-submission", tags))
    slot = f"destination:{DESTINATION}:{same_kid.kid}"
    assert refusal(draft, [draft.log[0], borrowed], **{slot: same_kid.public}) is FORGED
    accept_by_stranger = draft.event("accept-submission", pair=keys.stranger, issuer=DESTINATION)
    assert refusal(draft, [*draft.log, accept_by_stranger]) is FORGED
    encryption_key = Pair.of(keys.signing.key, keys.signing.kid, "RSA-OAEP-256")
    slot = f"destination:{DESTINATION}:{keys.signing.kid}"
    accept = draft.event("accept-submission", pair=keys.signing, issuer=DESTINATION)
    assert refusal(draft, [*draft.log, accept], **{slot: encryption_key.public}) is FORGED
    unsaid = {name: value for name, value in encryption_key.public.items() if name != "key_ops"}
    assert refusal(draft, [*draft.log, accept], **{slot: unsaid}) is FORGED


def test_the_service_may_reject_what_nobody_fetched(draft: Draft) -> None:
    assert read(draft, [*draft.log, draft.event("reject-submission", {"problems": []})])[2].by_service


def test_an_event_id_is_used_once(draft: Draft) -> None:
    assert refusal(draft, [*draft.log, draft.log[0]]) is FORGED
    claims = draft.claims("notify-submission")
    claims["jti"] = json.loads(base64url.decode(draft.log[0].split(".")[1].encode()))["jti"]
    assert refusal(draft, [*draft.log, craft_set(draft.keys.service, claims)]) is FORGED


@pytest.mark.parametrize(
    "names",
    [
        ["submit-submission", "create-submission"],
        ["create-submission", "accept-submission"],
        ["create-submission", "accept-submission", "submit-submission"],
        ["create-submission", "reject-submission", "submit-submission"],
        ["create-submission", "submit-submission", "delete-submission", "accept-submission"],
        ["create-submission", "submit-submission", "accept-submission", "reject-submission"],
        ["create-submission", "submit-submission", "accept-submission", "forward-submission"],
        ["create-submission", "submit-submission", "submit-submission"],
        ["create-submission", "create-submission", "submit-submission"],
        ["create-submission", "forward-submission", "submit-submission"],
        ["accept-submission"],
    ],
)
def test_stories_that_cannot_have_happened(draft: Draft, names: list[str]) -> None:
    def event(name: str) -> str:
        if name.startswith(("accept", "reject", "forward")):
            return draft.event(name, pair=draft.keys.signing, issuer=DESTINATION)
        return draft.event(name)

    assert refusal(draft, [event(name) for name in names]) is DISORDERED


def test_order_is_the_sequence_not_the_clock(draft: Draft) -> None:
    earlier = draft.at - timedelta(hours=2)
    accept = draft.event("accept-submission", pair=draft.keys.signing, issuer=DESTINATION, at=earlier)
    assert len(read(draft, [*draft.log, accept])) == 3


def test_other_objects_of_the_case_have_their_own_story(draft: Draft) -> None:
    """An answer in a known case: the first submission was accepted long ago, and a reply was sent."""
    first = Draft.complete(draft.keys, draft.at, case_id=draft.case_id)
    accept = first.event("accept-submission", pair=draft.keys.signing, issuer=DESTINATION)
    reply = f"reply:{uuid.uuid4()}"
    replies = [draft.event(name, subject=reply) for name in ("create-reply", "submit-reply", "accept-reply")]
    log = read(draft, [*first.log, accept, *replies, *draft.log])
    assert all(event.verified for event in log)


def test_a_key_withdrawn_since_does_not_block_the_next_submission(draft: Draft) -> None:
    """Our own earlier accept was signed with a key no longer published: kept, but nothing concluded from it.
    About the submission itself, an unverifiable event is a forgery."""
    first = Draft.complete(draft.keys, draft.at, case_id=draft.case_id)
    accept = first.event("accept-submission", pair=draft.keys.stranger, issuer=DESTINATION)
    log = read(draft, [*first.log, accept, *draft.log])
    assert [event.verified for event in log] == [True, True, False, True, True]
    own = draft.event("accept-submission", pair=draft.keys.stranger, issuer=DESTINATION)
    assert refusal(draft, [*draft.log, own]) is FORGED


def test_clock_tolerance_is_five_minutes(draft: Draft) -> None:
    for seconds, fine in ((299, True), (301, False)):
        late = draft.event("notify-submission", at=draft.at + timedelta(seconds=seconds))
        if fine:
            assert len(read(draft, [*draft.log, late])) == 3
        else:
            assert refusal(draft, [*draft.log, late]) is FORGED


# writing ---------------------------------------------------------------------------------------------------


def test_what_we_issue_is_read_by_both_libraries(keys: TestKeys, now: datetime, draft: Draft) -> None:
    signer = EventSigner(DESTINATION, signing_key(keys.signing.private), lambda: now)
    payload = {"authenticationTags": draft.tags or {}}
    token = signer.sign(
        "accept-submission", subject=draft.subject, case_id=draft.case_id, payload=payload, schema=SET_SCHEMA
    )
    public = {name: keys.signing.public[name] for name in ("kty", "n", "e")}
    read_back = jws.deserialize_compact(token, RSAKey.import_key(public), algorithms=["PS512"])
    assert read_back.protected == {"typ": "secevent+jwt", "alg": "PS512", "kid": keys.signing.kid}
    other = other_jws.JWS()
    other.allowed_algs = ["PS512"]
    other.deserialize(token, other_jwk.JWK(**keys.signing.public))
    claims = json.loads(other.payload)
    expected = claims_of(
        "accept-submission", case_id=draft.case_id, subject=draft.subject, at=now, issuer=DESTINATION,
        payload=payload,
    )  # fmt: skip
    assert {**claims, "jti": ""} == {**expected, "jti": ""}
    assert len(read(draft, [*draft.log, token])) == 3


def test_repeating_an_event_repeats_its_id(keys: TestKeys, now: datetime, draft: Draft) -> None:
    times = iter([now, now + timedelta(hours=1), now, now])
    signer = EventSigner(DESTINATION, signing_key(keys.signing.private), lambda: next(times))

    def claims(name: str, subject: str) -> dict[str, Any]:
        token = signer.sign(name, subject=subject, case_id=draft.case_id, payload={}, schema="")
        found: dict[str, Any] = json.loads(base64url.decode(token.split(".")[1].encode()))
        return found

    one, two = claims("accept-submission", draft.subject), claims("accept-submission", draft.subject)
    assert one["jti"] == two["jti"]
    assert one["iat"] != two["iat"]
    assert one["$schema"] == events.DEFAULT_EVENT_SCHEMA
    assert claims("reject-submission", draft.subject)["jti"] != one["jti"]
    assert claims("accept-submission", f"submission:{uuid.uuid4()}")["jti"] != one["jti"]
    assert uuid.UUID(one["jti"])


@given(
    st.one_of(st.text(max_size=200), st.binary(max_size=150).map(lambda b: f"{b64u(b)}.{b64u(b)}.{b64u(b)}"))
)
def test_any_text_is_refused_politely(token: str) -> None:
    with pytest.raises(ClerkError) as caught:
        events.read_event(token, str(uuid.uuid4()))
    assert caught.value.code is FORGED
    assert events.peek(token) is None


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
        lambda inner: st.dictionaries(
            st.sampled_from(["jti", "iss", "iat", "sub", "txn", "events", "$schema"]), inner, max_size=7
        ),
        max_leaves=12,
    )
)
def test_any_claims_are_refused_politely(keys: TestKeys, claims: object) -> None:
    token = craft_set(keys.service, json.dumps(claims).encode(), sign=lambda text: b"x" * 256)
    with pytest.raises(ClerkError) as caught:
        events.read_event(token, "11111111-2222-4333-8444-555555555555")
    assert caught.value.code is FORGED
