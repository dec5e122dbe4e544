"""Keys at a remote signing service, against a stand-in over HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clerk_app.domain.errors import ClerkError
from clerk_app.domain.errors import ErrorCode as E
from clerk_app.domain.signature import Verdict
from clerk_app.portal.config import NetworkConfig
from clerk_app.portal.trust_services import TrustServiceCalls
from clerk_app.signing.desk import LetterDesk, RemoteSignIn
from clerk_app.signing.notice import render
from tests.signing.pki import Pki
from tests.signing.remote_service import PIN, TOKEN, Account, RemoteService
from tests.signing.samples import decision

Office = Callable[..., LetterDesk]
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def letter() -> bytes:
    return render(decision(), datetime.now(UTC)).pdf


@pytest.fixture(scope="module")
def web() -> Iterator[TrustServiceCalls]:
    calls = TrustServiceCalls(NetworkConfig(), now=lambda: datetime.now(UTC), patience_s=0.5)
    yield calls
    calls.close()


@pytest.fixture
def office(pki: Pki, remote_service: RemoteService, web: TrustServiceCalls, tmp_path: Path) -> Office:
    def made(sign_in: RemoteSignIn | None = None, **rules: object) -> LetterDesk:
        name = f"GX{next(_numbers)}"
        identity = rules.pop("identity", pki.personal_ec)
        remote_service.accounts[name] = Account(identity, **rules)  # type: ignore[arg-type]
        remote_service.hits.clear()
        remote_service.asked.clear()
        return LetterDesk(
            base=tmp_path,
            default_key=remote_service.reference(name),
            trust_roots=lambda: [pki.root.der],
            web=web,
            remote=sign_in or RemoteSignIn(lambda: TOKEN),
        )

    return made


class Asked:
    """A person who types; counts how often."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.times = 0

    def __call__(self) -> str | None:
        self.times += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def refused(desk: LetterDesk, letter: bytes, ask: Callable[[], str | None] = lambda: PIN) -> ClerkError:
    with pytest.raises(ClerkError) as caught:
        desk.sign(letter, None, ask)
    return caught.value


@pytest.mark.parametrize(
    "rules", [{}, {"scal": 2}, {"raw_ec": True}, {"rsa": True}, {"rsa": True, "pss": False}]
)
def test_signs(pki: Pki, office: Office, letter: bytes, rules: dict[str, object]) -> None:
    own = dict(rules)
    if own.pop("rsa", False):
        own["identity"] = pki.personal
    _, signature = office(**own).sign(letter, None, lambda: PIN)
    assert signature.verdict is Verdict.VALID
    assert "Jörg Schäfer" in signature.subject


def test_one_authorisation_for_a_batch(office: Office, remote_service: RemoteService, letter: bytes) -> None:
    desk, ask = office(), Asked(PIN)
    with desk.keys_kept(5):
        for _ in range(5):
            desk.sign(letter, None, ask)
    assert ask.times == 1
    assert remote_service.hits["credentials/authorize"] == 1
    assert remote_service.hits["credentials/info"] == 1
    (authorised,) = [each for each in remote_service.asked if each["call"] == "credentials/authorize"]
    assert authorised["numSignatures"] == 5


def test_a_service_that_permits_few_at_once_is_asked_again_with_the_same_pin(
    office: Office, remote_service: RemoteService, letter: bytes
) -> None:
    desk, ask = office(multisign=2), Asked(PIN)
    with desk.keys_kept(5):
        for _ in range(5):
            desk.sign(letter, None, ask)
    counts = [a["numSignatures"] for a in remote_service.asked if a["call"] == "credentials/authorize"]
    assert (counts, ask.times) == ([2, 2, 1], 1)


def test_an_authorisation_that_ran_out_is_renewed(
    office: Office, remote_service: RemoteService, letter: bytes
) -> None:
    desk, ask = office(lifetime_s=1), Asked(PIN)
    with desk.keys_kept(3):
        for _ in range(3):
            desk.sign(letter, None, ask)
    assert (remote_service.hits["credentials/authorize"], ask.times) == (3, 1)


def test_hashes_are_named_where_the_service_wants_it(
    office: Office, remote_service: RemoteService, letter: bytes
) -> None:
    desk, ask = office(scal=2), Asked(PIN)
    with desk.keys_kept(3):
        for _ in range(3):
            desk.sign(letter, None, ask)
    named = [each["hash"] for each in remote_service.asked if each["call"] == "credentials/authorize"]
    signed = [each["hash"] for each in remote_service.asked if each["call"] == "signatures/signHash"]
    assert named == signed
    assert ask.times == 1


def test_one_time_passwords(office: Office, remote_service: RemoteService, letter: bytes) -> None:
    both = office(otp=True)
    both.sign(letter, None, lambda: f"{PIN} {remote_service.otp}")
    assert remote_service.hits["credentials/sendOTP"] == 1
    assert refused(both, letter, lambda: PIN).code is E.SIGNING_PASSWORD_WRONG
    assert refused(both, letter, lambda: f"{PIN} 1").code is E.SIGNING_PASSWORD_WRONG
    alone = office(otp=True, pin=False)
    alone.sign(letter, None, lambda: f" {remote_service.otp} ")
    free = office(pin=False)
    free.sign(letter, None, lambda: None)


def test_a_wrong_pin_is_tried_once_whatever_the_batch_does(
    office: Office, remote_service: RemoteService, letter: bytes
) -> None:
    desk = office()
    with desk.keys_kept(10):
        for _ in range(10):
            assert refused(desk, letter, lambda: "0000").code is E.SIGNING_PASSWORD_WRONG
        assert remote_service.hits["credentials/authorize"] == 1
        desk.sign(letter, None, lambda: PIN)  # another PIN is a person's new try
    assert refused(desk, letter, lambda: "").code is E.SIGNING_PASSWORD_WRONG
    assert refused(desk, letter, lambda: None).code is E.SIGNING_PASSWORD_NEEDED
    assert remote_service.hits["credentials/authorize"] == 2


def test_a_locked_pin(office: Office, letter: bytes) -> None:
    desk = office(wrong=3)
    assert refused(desk, letter).code is E.SIGNING_PIN_LOCKED


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("500", "broken"),
        ("garbage", "not-itself"),
        ("html", "not-itself"),
        ("silent", "slow"),
        ("forbidden", "refused"),
    ],
)
def test_a_service_that_fails(
    office: Office, remote_service: RemoteService, letter: bytes, fault: str, cause: str
) -> None:
    desk, ask = office(), Asked(PIN)
    with remote_service.broken(fault):
        error = refused(desk, letter, ask)
    assert (error.code, error.params["cause"]) == (E.SIGNING_SERVICE_UNAVAILABLE, cause)
    assert ask.times == 0, "nobody types a PIN for a service that is not there"
    desk.sign(letter, None, ask)


def test_a_service_that_is_not_there(pki: Pki, web: TrustServiceCalls, letter: bytes, tmp_path: Path) -> None:
    key = "csc:http://127.0.0.1:9/csc/v1?credential=GX"
    error = refused(LetterDesk(base=tmp_path, default_key=key, web=web), letter)
    assert (error.code, error.params["cause"]) == (E.SIGNING_SERVICE_UNAVAILABLE, "unreachable")
    error = refused(LetterDesk(base=tmp_path, default_key=key), letter)
    assert error.code is E.SIGNING_SERVICE_UNAVAILABLE
    assert refused(LetterDesk(base=tmp_path, default_key="csc:http://h/"), letter).code is E.USAGE


def test_keys_the_service_does_not_give(
    office: Office, remote_service: RemoteService, pki: Pki, letter: bytes
) -> None:
    assert refused(office(enabled=False), letter).params["cause"] == "disabled"
    assert refused(office(identity=pki.wrong_usage), letter).params["cause"] == "key-usage"
    assert refused(office(identity=pki.expired), letter).code is E.CERTIFICATE_EXPIRED
    stranger = office()
    with pytest.raises(ClerkError) as caught:
        stranger.sign(letter, remote_service.reference("nobody"), lambda: PIN)
    assert (caught.value.code, caught.value.params["cause"]) == (E.SIGNING_KEY_MISSING, "no-credential")


def test_a_signature_by_another_key_is_not_believed(
    pki: Pki, office: Office, remote_service: RemoteService, letter: bytes
) -> None:
    desk = office()
    account = next(reversed(remote_service.accounts.values()))
    real = remote_service.answer

    def swapped(call: str, wanted: dict[str, object]) -> tuple[int, dict[str, object]]:
        if call == "signatures/signHash":
            account.identity = pki.seal
        return real(call, wanted)

    remote_service.answer = swapped  # type: ignore[method-assign]
    try:
        error = refused(desk, letter)
    finally:
        del remote_service.answer
    assert (error.code, error.params["cause"]) == (E.SIGNING_SERVICE_UNAVAILABLE, "wrong-signature")


def test_a_client_fetches_its_token(office: Office, remote_service: RemoteService, letter: bytes) -> None:
    desk = office(RemoteSignIn(None, "office", lambda: "secret"))
    desk.sign(letter, None, lambda: PIN)
    assert remote_service.hits["oauth2/token"] == 1
    wrong = office(RemoteSignIn(None, "office", lambda: "else"))
    assert refused(wrong, letter).params["cause"] == "refused"
