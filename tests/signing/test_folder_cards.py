"""The signature folder with a card: one PIN for all, one try at most, a pulled card loses nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from clerk_app.domain.errors import ErrorCode as E
from clerk_app.domain.folder import FolderRun, PaperResult, PaperState
from clerk_app.domain.signature import Verdict
from clerk_app.signing.pins import PinGuard
from tests.signing.folder_office import FolderOffice
from tests.signing.pki import Pki
from tests.signing.softhsm import PIN, SoftHsm

P = PaperState
WRONG = "999999"
_numbers = itertools.count(1)
Open = Callable[[bool], FolderOffice]


class Person:
    """Types a PIN when asked, and counts."""

    def __init__(self, pin: str | None = PIN) -> None:
        self.pin, self.asked = pin, 0

    def __call__(self) -> str | None:
        self.asked += 1
        return self.pin


@pytest.fixture
def label() -> str:
    return f"Mappe {next(_numbers)}"


@pytest.fixture
def open_office(pki: Pki, softhsm: SoftHsm, tmp_path: Path, label: str) -> Iterator[Open]:
    """An office over a new card; the argument says whether the card wants the PIN each time."""
    with ExitStack() as stack:

        def made(always: bool) -> FolderOffice:
            softhsm.token(label, pki.personal_ec, always_authenticate=always)
            office = FolderOffice(tmp_path / "home", pki.root.der, softhsm.reference(label))
            stack.callback(office.close)
            return office

        yield made


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """PINs that a card refused."""
    refused: list[str] = []
    real = PinGuard.refused

    def counted(self: PinGuard, name: str, pin: str) -> None:
        refused.append(pin)
        real(self, name, pin)

    monkeypatch.setattr(PinGuard, "refused", counted)
    return refused


def states(run: FolderRun) -> list[PaperState]:
    return [result.state for result in run.results]


@pytest.mark.parametrize("always", [False, True], ids=["once", "each"])
def test_one_pin_signs_them_all_and_each_verifies(open_office: Open, always: bool) -> None:
    office, person = open_office(always), Person()
    laid = office.lay(4)

    run = office.desk.folder.sign(laid, person)

    assert states(run) == [P.SIGNED] * 4
    assert person.asked == 1
    assert office.queued() == laid
    for entry_id in laid:
        assert office.letters.verify(office.pdf(entry_id)).verdict is Verdict.VALID
    assert office.desk.ledger.verify_chain() > 0


@pytest.mark.parametrize("always", [False, True], ids=["once", "each"])
def test_a_wrong_pin_costs_one_try_and_the_rest_goes_on_with_the_right_one(
    open_office: Open, tries: list[str], always: bool
) -> None:
    office, person = open_office(always), Person(WRONG)
    laid = office.lay(3)

    run = office.desk.folder.sign(laid, person)

    assert (run.stopped, tries, person.asked) == (E.SIGNING_PASSWORD_WRONG, [WRONG], 1)
    assert states(run) == [P.FAILED, P.NOT_REACHED, P.NOT_REACHED]
    assert office.queued() == []
    assert states(office.desk.folder.sign(run.rest, Person())) == [P.SIGNED] * 3
    assert office.queued() == laid


def test_a_pin_that_the_card_refuses_in_the_middle_ends_the_run_there(
    open_office: Open, tries: list[str]
) -> None:
    office = open_office(True)
    laid = office.lay(5)

    def after_two(done: int, _total: int, _result: PaperResult) -> None:
        if done == 2:
            for key in (office.letters.desk._kept or {}).values():
                key._pin = WRONG  # type: ignore[attr-defined]  # what the card is told from now on

    run = office.desk.folder.sign(laid, Person(), progress=after_two)

    assert states(run) == [P.SIGNED, P.SIGNED, P.FAILED, P.NOT_REACHED, P.NOT_REACHED]
    assert (run.stopped, len(tries)) == (E.SIGNING_PASSWORD_WRONG, 1)
    assert office.queued() == laid[:2]
    assert run.rest == tuple(laid[2:])
    assert states(office.desk.folder.sign(run.rest, Person())) == [P.SIGNED] * 3


@pytest.mark.parametrize("always", [False, True], ids=["once", "each"])
def test_pulled_after_the_fourth_of_ten_and_put_in_again(
    open_office: Open, softhsm: SoftHsm, label: str, always: bool
) -> None:
    office = open_office(always)
    laid = office.lay(10)
    with ExitStack() as away:

        def pull(done: int, _total: int, _result: PaperResult) -> None:
            if done == 4:
                away.enter_context(softhsm.pulled(label))

        run = office.desk.folder.sign(laid, Person(), progress=pull)

        assert states(run) == [P.SIGNED] * 4 + [P.FAILED] + [P.NOT_REACHED] * 5
        assert run.stopped is E.SIGNING_KEY_MISSING
        assert office.queued() == laid[:4], "done ones stay done"
        assert [each.draft_id for each in office.desk.folder.waiting()] == laid[4:], "the rest stays drafts"
        assert office.desk.folder.sign(run.rest, Person()).stopped is E.SIGNING_KEY_MISSING

    again = office.desk.folder.sign(run.rest, Person())
    assert states(again) == [P.SIGNED] * 6
    assert office.queued() == laid
    assert {office.letters.verify(office.pdf(entry)).verdict for entry in laid} == {Verdict.VALID}
    office.desk.ledger.verify_chain()
