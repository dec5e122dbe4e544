"""Service packages: installed whole or not at all; cases keep their version; a rehearsal is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from clerk_app.domain.authority import AuthorityParameters, ServiceTerms
from clerk_app.domain.case import CaseFile
from clerk_app.domain.decision import Outcome, Wording
from clerk_app.domain.differences import ChangeKind
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.domain.ledger import ActKind
from clerk_app.domain.package import PackageFault, PackageMark, PackageSource, PackageVersion
from clerk_app.domain.rehearsal import KeptTerm, PictureArea
from clerk_app.domain.service_package import CheckLevel
from clerk_app.services.office_rules import OfficeRules
from clerk_app.services.packages.files import PackageFiles
from clerk_app.services.packages.reading import manifest_of
from clerk_app.usecases.case_picture import picture
from clerk_app.usecases.package_ports import CaseRules
from clerk_app.usecases.package_rules import register_bundled
from tests.usecases.house import FORM, UNKNOWN, House, code_of
from tests.usecases.package_house import (
    DOG_TAX,
    PackageHouse,
    built,
    bundled,
    code_and_params,
    dog_tax,
    edited,
    files_below,
    shipped,
    versioned,
)

FIRST = dog_tax()
NEXT = versioned(
    FIRST,
    "1.1.0",
    ("package.toml", "processing_days = 28", "processing_days = 14"),
    ("package.toml", "answer_days = 14", "answer_days = 21"),
    ("checks.toml", "Die Chipnummer des Hundes fehlt.", "Die Chipnummer fehlt; ohne sie keine Steuermarke."),
    (
        "letters.toml",
        "Bitte melden Sie den Hund ab",
        "Bitte denken Sie an die Steuermarke. Melden Sie den Hund ab",
    ),
)


@pytest.fixture
def office(house: House) -> PackageHouse:
    return PackageHouse(house)


# -- installing --------------------------------------------------------------------------------------------


def test_an_installed_package_is_in_the_register_and_on_the_shelf(office: PackageHouse) -> None:
    mark = office.installs(FIRST)
    (entry,) = office.shelf.register().installed
    assert (entry.mark, entry.actor, entry.source) == (mark, "clerk", PackageSource.FILE)
    assert entry.leika_keys == (DOG_TAX,)
    assert office.shelf.archive(mark) == built(FIRST)


def test_the_same_content_again_changes_nothing_but_mends_the_archive(
    office: PackageHouse, house: House
) -> None:
    mark = office.installs(FIRST)
    (house.store.paths.packages / f"{mark.sha256}.zip").write_bytes(b"torn")
    again = office.packages.install(built(FIRST))
    assert again.there
    assert len(office.shelf.register().installed) == 1
    assert office.shelf.archive(mark) == built(FIRST)


def test_a_version_names_one_content(office: PackageHouse) -> None:
    office.installs(FIRST)
    other = edited(FIRST, ("letters.toml", "Bitte melden", "Melden"))
    assert code_of(lambda: office.packages.install(built(other))) is ErrorCode.PACKAGE_VERSION_TAKEN
    office.installs(NEXT)  # nor an earlier one, after a newer came in between
    assert code_of(lambda: office.packages.install(built(other))) is ErrorCode.PACKAGE_VERSION_TAKEN


def test_an_older_version_only_when_asked_for(office: PackageHouse, house: House) -> None:
    office.installs(FIRST)
    office.installs(NEXT)
    code, params = code_and_params(lambda: office.packages.install(built(FIRST)))
    assert (code, params["newer"]) == ("PACKAGE_OLDER", "1.1.0")
    office.installs(FIRST, older_too=True)
    assert office.goes_by(house.file(house.arrives())) == "1.0.0"


def test_a_service_has_one_package_unless_another_says_it_takes_over(office: PackageHouse) -> None:
    office.installs(FIRST)
    rename = ("package.toml", "de.amtsstube.hundesteuer-anmeldung", "de.example.dogs")
    rival = edited(FIRST, rename)
    code, params = code_and_params(lambda: office.packages.install(built(rival)))
    assert (code, params["leika_key"], params["other"]) == (
        "PACKAGE_KEY_TAKEN",
        DOG_TAX,
        "de.amtsstube.hundesteuer-anmeldung",
    )
    heir = edited(rival, ("package.toml", "retention =", f'replaces = ["{rename[1]}"]\nretention ='))
    mark = office.installs(heir)
    assert office.shelf.register().newest(DOG_TAX).mark == mark  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("program", "fits"), [("0.0.9", False), ("0.1.0", True), ("0.9.9", True), ("1.0.0", False)]
)
def test_a_package_goes_with_the_programs_it_names(house: House, program: str, fits: bool) -> None:
    office = PackageHouse(house, program=PackageVersion.parse(program))
    if fits:
        office.packages.install(built(FIRST))
        return
    code, params = code_and_params(lambda: office.packages.install(built(FIRST)))
    assert (code, params["first"], params["before"]) == ("PACKAGE_INCOMPATIBLE", "0.1.0", "1.0.0")


def test_only_a_practice_office_takes_unsigned_packages(office: PackageHouse) -> None:
    strict = office.strict()
    assert code_of(lambda: strict.install(built(FIRST))) is ErrorCode.PACKAGE_UNSIGNED
    office.bench.signer = lambda: "ab" * 32
    strict.install(built(FIRST))
    assert office.shelf.register().installed[0].signer == "ab" * 32


@pytest.mark.parametrize("code", [ErrorCode.PACKAGE_SIGNATURE_BROKEN, ErrorCode.PACKAGE_SIGNER_UNKNOWN])
def test_a_signature_nobody_believes_is_worse_than_none(office: PackageHouse, code: ErrorCode) -> None:
    def unbelieved() -> str | None:
        raise ClerkError(code, {"signer": "cd"})

    office.bench.signer = unbelieved
    found, params = code_and_params(lambda: office.packages.install(built(FIRST)))
    assert (found, params["version"], params["signer"]) == (code.value, "1.0.0", "cd")
    assert office.shelf.register().installed == ()


def test_faults_refuse_and_warnings_do_not(office: PackageHouse) -> None:
    said = PackageFault("form.toml", 3, "field-unlabelled", warning=True)
    office.bench.faults = (said, PackageFault("checks.toml", 7, "rule-unknown-function"))
    code, params = code_and_params(lambda: office.packages.install(built(FIRST)))
    assert code == "PACKAGE_FAULTY"
    assert {name: params[name] for name in ("count", "file", "line", "reason")} == {
        "count": 1,
        "file": "checks.toml",
        "line": 7,
        "reason": "rule-unknown-function",
    }
    office.bench.faults = (said,)
    exam = office.packages.examine(built(FIRST))
    assert exam.refusal is None
    assert exam.faults == (said,)
    office.packages.install(built(FIRST))


def test_looking_changes_nothing(office: PackageHouse, house: House) -> None:
    before = house.desk.ledger.verify_chain()
    exam = office.packages.examine(built(FIRST))
    assert (exam.mark.version, exam.refusal, exam.there) == (PackageVersion(1, 0, 0), None, False)
    assert house.desk.ledger.verify_chain() == before
    assert files_below(house.store.paths.packages) == []


class Killed(BaseException):
    """The program ends here."""


def _keep(office: PackageHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(office.shelf), "keep", _dies)


def _kept(office: PackageHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = type(office.shelf).keep

    def kept(self: object, mark: PackageMark, content: bytes) -> None:
        keep(self, mark, content)  # type: ignore[arg-type]
        raise Killed

    monkeypatch.setattr(type(office.shelf), "keep", kept)


def _renaming(office: PackageHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "replace", _dies)


def _appending(office: PackageHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    from clerk_app.store import package_projection

    monkeypatch.setattr(package_projection, "apply", _dies)


def _committing(office: PackageHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    from clerk_app.store.ledger_write import LedgerWrite

    append = LedgerWrite.append

    def appended(self: LedgerWrite, act: object, **more: object) -> None:
        append(self, act, **more)  # type: ignore[arg-type]
        raise Killed

    monkeypatch.setattr(LedgerWrite, "append", appended)


def _dies(*_arguments: object, **_more: object) -> None:
    raise Killed


@pytest.mark.parametrize("step", [_keep, _renaming, _kept, _appending, _committing])
def test_nothing_is_half_installed(
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    step: Callable[[PackageHouse, pytest.MonkeyPatch], None],
) -> None:
    office = PackageHouse(house)
    case_id = house.arrives()
    with monkeypatch.context() as patched:
        step(office, patched)
        with pytest.raises(Killed):
            office.packages.install(built(NEXT))
    folder = house.store.paths.cache_db.parent
    house.close()

    again = House(folder)
    office = PackageHouse(again)
    try:
        assert office.shelf.register().installed == ()
        assert again.desk.ledger.verify_chain() == 0
        assert office.goes_by(again.file(case_id)) == str(manifest_of(shipped()).version)
        mark = office.packages.install(built(NEXT)).mark
        assert office.shelf.archive(mark) == built(NEXT)
        assert office.goes_by(again.file(case_id)) == "1.1.0"  # the first there was
    finally:
        again.close()


# -- what cases go by --------------------------------------------------------------------------------------


def test_running_cases_keep_the_version_they_began_with(office: PackageHouse, house: House) -> None:
    office.installs(FIRST)
    early = house.arrives()
    office.installs(NEXT)
    late = house.arrives()
    assert (office.goes_by(house.file(early)), office.goes_by(house.file(late))) == ("1.0.0", "1.1.0")
    house.clock.pass_(days=1)
    house.arrives(early)  # an answer does not make it a new case
    assert office.goes_by(house.file(early)) == "1.0.0"
    assert [
        (str(line.package.mark.version), line.cases, line.in_force) for line in office.packages.installed()
    ] == [
        ("1.0.0", 1, False),
        ("1.1.0", 1, True),
    ]
    assert office.cases.movable() == (early,)


def test_before_the_first_was_installed_it_is_the_first(office: PackageHouse, house: House) -> None:
    early = house.arrives()
    office.installs(NEXT)
    office.installs(versioned(NEXT, "2.0.0"))
    assert office.goes_by(house.file(early)) == "1.1.0"


def test_a_cache_built_again_has_the_same_versions(office: PackageHouse, house: House) -> None:
    """What a case goes by follows from the ledger and its arrival alone."""
    office.installs(FIRST)
    early = house.arrives()
    office.installs(NEXT)
    folder = house.store.paths.cache_db.parent
    file = house.file(early)
    house.close()
    again = House(folder)
    try:
        assert PackageHouse(again).goes_by(file) == "1.0.0"
    finally:
        again.close()


def test_an_unknown_service_goes_by_the_base_alone(office: PackageHouse, house: House) -> None:
    office.installs(FIRST)
    case = house.file(house.arrives())
    first = replace(case.first, service_identifier="urn:de:fim:leika:leistung:99999999999999")
    unknown = replace(case, applications=(first,))
    assert office.rules.package(unknown) is None
    assert office.cases.of_case(unknown).mark is None
    assert office.rules.checks(unknown)


@pytest.mark.parametrize("damage", ["gone", "torn", "other"])
def test_a_lost_package_is_said_and_never_replaced_by_another(
    office: PackageHouse, house: House, damage: str
) -> None:
    office.installs(FIRST)
    mark = office.installs(NEXT)
    case_id = house.arrives()
    path = house.store.paths.packages / f"{mark.sha256}.zip"
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(b"PK torn" if damage == "torn" else built(FIRST))
    fresh = PackageHouse(house)
    code, params = code_and_params(lambda: fresh.rules.checks(house.file(case_id)))
    assert (code, params) == (
        "PACKAGE_MISSING",
        {"package": mark.package_id, "version": "1.1.0"},
    )
    assert fresh.rules.facts(house.file(case_id).first).applicant  # intake goes on
    assert [line.whole for line in fresh.packages.installed() if line.in_force] == [damage != "gone"]
    fresh.packages.install(built(NEXT))
    assert fresh.rules.checks(house.file(case_id))


# -- what ships --------------------------------------------------------------------------------------------


def test_what_ships_is_registered_once(office: PackageHouse, house: House) -> None:
    machine = house.machine
    assert register_bundled(machine, office.shelf, [bundled(FIRST)]) == 1
    assert register_bundled(machine, office.shelf, [bundled(FIRST)]) == 0
    (entry,) = office.shelf.register().installed
    assert (entry.source, entry.actor) == (PackageSource.BUNDLED, "machine")
    assert office.shelf.archive(entry.mark) == built(FIRST)


def test_an_update_of_the_program_is_a_new_version_from_then_on(office: PackageHouse, house: House) -> None:
    register_bundled(house.machine, office.shelf, [bundled(FIRST)])
    house.clock.pass_(minutes=10)
    early = house.arrives()
    house.clock.pass_(minutes=10)
    assert register_bundled(house.machine, office.shelf, [bundled(NEXT)]) == 1
    house.clock.pass_(minutes=10)
    late = house.arrives()
    assert (office.goes_by(house.file(early)), office.goes_by(house.file(late))) == ("1.0.0", "1.1.0")


def test_an_update_does_not_take_back_what_the_office_chose(office: PackageHouse, house: House) -> None:
    office.installs(versioned(NEXT, "3.0.0"))
    assert register_bundled(house.machine, office.shelf, [bundled(NEXT)]) == 0
    rival = edited(FIRST, ("package.toml", "de.amtsstube.hundesteuer-anmeldung", "de.example.dogs"))
    assert register_bundled(house.machine, office.shelf, [bundled(rival)]) == 0


# -- rehearsing and moving ---------------------------------------------------------------------------------


def test_a_rehearsal_names_what_would_change(office: PackageHouse, house: House) -> None:
    office.installs(FIRST)
    form = {**FORM, "hund": {"name": "Bello", "listenhund": False}}
    case_id = house.arrives(form=form)
    before = house.desk.ledger.verify_chain()
    rehearsal = office.packages.rehearse(built(NEXT))
    assert (rehearsal.open_cases, [case.case_id for case in rehearsal.cases]) == (1, [case_id])
    (case,) = rehearsal.changed
    assert str(case.goes_by.version) == "1.0.0"  # type: ignore[union-attr]
    found = {(change.area, change.key): change for change in case.changes}
    chip = found[(PictureArea.CHECK, "chip")]
    assert chip.kind is ChangeKind.CHANGED
    assert "Steuermarke" not in chip.before
    assert "Steuermarke" in chip.after
    assert found[(PictureArea.DEADLINE, "processing")].before.startswith("2026-12-22")
    assert found[(PictureArea.DEADLINE, "processing")].after.startswith("2026-12-08")
    assert "Steuermarke" in found[(PictureArea.DECISION, "granted/anmeldung")].after
    assert (PictureArea.REQUEST, "letter") in found  # another day to answer until
    assert rehearsal.totals()[(PictureArea.CHECK, ChangeKind.CHANGED)] == 1
    assert house.desk.ledger.verify_chain() == before  # nothing was written
    assert len(office.shelf.register().installed) == 1


def test_things_added_and_gone_are_told_apart(office: PackageHouse, house: House) -> None:
    office.installs(FIRST)
    house.arrives()
    changed = versioned(
        FIRST,
        "1.2.0",
        ("checks.toml", 'id = "listed-breed"', 'id = "breed"'),
        ("letters.toml", 'name = "anmeldung"', 'name = "registration"'),
    )
    (case,) = office.packages.rehearse(built(changed)).cases
    kinds = {(change.key, change.kind) for change in case.changes}
    assert {
        ("breed", ChangeKind.ADDED),
        ("listed-breed", ChangeKind.REMOVED),
        ("granted/registration", ChangeKind.ADDED),
        ("granted/anmeldung", ChangeKind.REMOVED),
    } <= kinds


def _other_form() -> Iterator[tuple[str, PackageFiles]]:
    yield (
        "check",
        versioned(FIRST, "1.1.0", ("checks.toml", "present(hund.chipnummer)", "present(hund.rasse)")),
    )
    yield (
        "deadline",
        versioned(FIRST, "1.1.0", ("package.toml", "processing_days = 28", "processing_days = 7")),
    )
    yield "text", versioned(FIRST, "1.1.0", ("letters.toml", "Die Höhe der Steuer", "Die Höhe Ihrer Steuer"))
    yield "evidence", versioned(FIRST, "1.1.0", ("evidence.toml", "(Versicherungsschein", "(Police"))
    yield "all", NEXT


@pytest.mark.parametrize("new", [pytest.param(files, id=name) for name, files in _other_form()])
def test_the_rehearsal_is_what_really_happens(office: PackageHouse, house: House, new: PackageFiles) -> None:
    office.installs(FIRST)
    forms = [FORM, {**FORM, "hund": {"listenhund": True}}, {**FORM, "ermaessigung": {"beantragt": True}}]
    case_ids = [house.arrives(form=form) for form in forms]
    rehearsal = office.packages.rehearse(built(new))
    assert len(rehearsal.changed) >= 1
    mark = office.packages.install(built(new)).mark
    assert office.cases.move(case_ids).refused == ()

    rehearsed = {case.case_id: case for case in rehearsal.cases}
    now = house.clock.now()
    for case_id in case_ids:
        case = house.file(case_id)
        assert office.rules.package(case) == mark
        assert picture(case, office.rules, now) == rehearsed[case_id].after
        after = {(line.area, line.key): line.text for line in rehearsed[case_id].after.lines}
        for check in office.rules.checks(case):  # what the review page asks
            level = "✓" if check.level is CheckLevel.OK else "!"
            assert after[(PictureArea.CHECK, check.check_id)].startswith(f"{level} {check.text}")
        for deadline in office.rules.deadlines(case, now):
            assert after[(PictureArea.DEADLINE, deadline.kind.value)].startswith(deadline.due_on.isoformat())
        for choice in office.rules.choices(case, now).templates:  # what deciding writes
            letter = office.rules.decision(case, choice.outcome, Wording(template=choice.name), now)
            line = after[(PictureArea.DECISION, f"{choice.outcome.value}/{choice.name}")]
            assert line == office.rules.message_text(letter)
        asking = replace(
            house.desk.requesting, writer=office.rules, due_dates=office.rules, gaps=office.rules
        )
        missing = office.rules.gaps(case, now).open_items
        if missing:  # what asking for it writes
            wanted = office.rules.message_text(asking.preview(case_id, missing))
            assert after[(PictureArea.REQUEST, "letter")] == wanted


@pytest.mark.parametrize("key", ["99050012104000", "99107023037000", "99012008001000"])
def test_the_rehearsal_of_any_shipped_package_comes_true(
    office: PackageHouse, house: House, key: str
) -> None:
    old = shipped(key)
    new = versioned(old, "7.0.0", ("checks.toml", '{ de = "', '{ de = "Neu: '))
    office.installs(old)
    case_ids = [house.arrives(leika_key=key), house.arrives(leika_key=key, form={})]
    rehearsal = office.packages.rehearse(built(new))
    assert len(rehearsal.changed) == len(case_ids)
    office.packages.install(built(new))
    assert office.cases.move(case_ids).refused == ()
    now = house.clock.now()
    real = {case_id: picture(house.file(case_id), office.rules, now) for case_id in case_ids}
    assert real == {case.case_id: case.after for case in rehearsal.cases}


def test_a_move_is_previewed_recorded_and_shown(office: PackageHouse, house: House) -> None:
    office.installs(FIRST)
    case_id = house.arrives()
    mark = office.installs(NEXT)
    assert office.cases.of_case(house.file(case_id)).newer.mark == mark  # type: ignore[union-attr]
    preview = office.cases.preview_move(case_id)
    assert preview.changes
    assert house.file(case_id).moved_to is None

    assert office.cases.move([case_id]).moved == (case_id,)
    case = house.file(case_id)
    assert case.moved_to == mark
    assert picture(case, office.rules, house.clock.now()) == preview.after
    event = case.history[-1]
    assert event.kind == ActKind.PACKAGE_MOVED.value
    assert (event.details["from"], event.details["to"]) == ("1.0.0", "1.1.0")
    assert str(case.row.due_on) == "2026-12-08"  # lists show the target by the new version
    found = office.cases.of_case(case)
    assert (found.mark, found.newer, found.moved) == (mark, None, True)
    assert code_and_params(lambda: office.cases.preview_move(case_id))[1]["reason"] == "newest"


def test_a_moved_case_stays_where_it_was_moved(office: PackageHouse, house: House) -> None:
    office.installs(FIRST)
    case_id = house.arrives()
    office.installs(NEXT)
    office.cases.move([case_id])
    last = office.installs(versioned(NEXT, "2.0.0"))
    assert office.goes_by(house.file(case_id)) == "1.1.0"
    assert office.cases.move([case_id], last).moved == (case_id,)
    first = office.shelf.register().installed[0].mark
    assert office.cases.move([case_id], first).moved == (case_id,)  # and back
    assert office.goes_by(house.file(case_id)) == "1.0.0"


def test_a_draft_that_waits_is_a_draft_again_after_a_move(office: PackageHouse, house: House) -> None:
    office.installs(FIRST)
    case_id = house.arrives()
    desk = house.desk
    waiting = desk.folder.add(desk.deciding.draft(case_id, Outcome.GRANTED))
    office.installs(NEXT)
    assert desk.drafts.worthless(waiting) is None
    office.cases.move([case_id])
    assert desk.drafts.worthless(waiting) is not None


def test_who_cannot_be_moved_is_told_and_the_others_are(office: PackageHouse, house: House) -> None:
    office.installs(FIRST)
    decided, waiting = house.arrives(), house.arrives()
    desk = house.desk
    desk.deciding.sign(desk.deciding.draft(decided, Outcome.GRANTED), lambda: None)
    unreadable = house.arrives_unreadable()
    office.installs(NEXT)
    current = house.arrives()
    moved = office.cases.move([decided, waiting, unreadable, current, UNKNOWN])
    assert moved.moved == (waiting,)
    reasons = {case_id: (error.code.value, error.params.get("reason")) for case_id, error in moved.refused}
    assert reasons == {
        decided: ("PACKAGE_MOVE_IMPOSSIBLE", "finished"),
        unreadable: ("PACKAGE_MOVE_IMPOSSIBLE", "unreadable"),
        current: ("PACKAGE_MOVE_IMPOSSIBLE", "newest"),
        UNKNOWN: ("CASE_UNKNOWN", None),
    }
    assert office.cases.why_not_move(house.file(current)).params["reason"] == "newest"  # type: ignore[union-attr]


def test_a_case_moves_only_to_what_describes_its_service(office: PackageHouse, house: House) -> None:
    office.installs(FIRST)
    case_id = house.arrives()
    other = office.installs(shipped("99050012104000"))
    ((_id, error),) = office.cases.move([case_id], other).refused
    assert error.params["reason"] == "other-service"
    nowhere = PackageMark("de.example.none", PackageVersion(1, 0, 0), "f" * 64)
    ((_id, error),) = office.cases.move([case_id], nowhere).refused
    assert error.code is ErrorCode.PACKAGE_UNKNOWN


def test_only_the_newest_open_cases_are_rehearsed_and_all_are_counted(
    office: PackageHouse, house: House
) -> None:
    office.installs(FIRST)
    arrived = []
    for _number in range(4):
        house.clock.pass_(minutes=1)
        arrived.append(house.arrives())
    told: list[tuple[int, int]] = []
    rehearsal = office.packages.rehearse(
        built(NEXT), 2, lambda done, total, _case: told.append((done, total))
    )
    assert [case.case_id for case in rehearsal.cases] == [arrived[3], arrived[2]]
    assert rehearsal.open_cases == 4
    assert told == [(0, 2), (1, 2)]


def test_a_package_is_named_by_its_id_or_its_service(office: PackageHouse) -> None:
    first = office.installs(FIRST)
    second = office.installs(NEXT)
    packages = office.packages
    assert packages.version("de.amtsstube.hundesteuer-anmeldung").mark == second
    assert packages.version(DOG_TAX).mark == second
    assert packages.version(DOG_TAX, "1.0.0").mark == first
    for name, version in (("de.example.none", None), (DOG_TAX, "9.0.0"), (DOG_TAX, "new")):
        assert code_of(lambda: packages.version(name, version)) is ErrorCode.PACKAGE_UNKNOWN  # noqa: B023


def test_a_version_that_is_not_there_is_told_with_those_that_are(office: PackageHouse) -> None:
    mark = office.installs(FIRST)
    told = code_and_params(lambda: office.packages.version(DOG_TAX, "9.9.9"))
    there = (str(mark.version),)
    assert told == ("PACKAGE_UNKNOWN", {"package": mark.package_id, "version": "9.9.9", "there": there})
    code, params = code_and_params(lambda: office.packages.any_version("9.9.9"))
    assert (code, params["there"]) == ("PACKAGE_UNKNOWN", (f"{mark.package_id} {mark.version}",))
    office.packages.any_version(str(mark.version))


def test_a_rehearsal_tells_what_the_authority_keeps(office: PackageHouse, house: House) -> None:
    office.installs(FIRST)
    house.arrives(form=FORM)
    terms = ServiceTerms(valid_from=date(2000, 1, 1), leika_key=DOG_TAX, answer_days=30)
    rules = replace(office.rules, parameters=AuthorityParameters(terms=(terms,)))

    def kept(case: CaseFile, trial: CaseRules) -> tuple[KeptTerm, ...]:
        return rules.kept(case, cast("OfficeRules", trial), date(2026, 1, 1))

    packages = replace(office.packages, kept=kept)
    found = packages.rehearse(built(NEXT))
    assert found.cases
    assert found.kept == (KeptTerm("answer-days"),)
