"""Self-check: every part an office needs, each with what is wrong and what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence

from clerk_app.bootstrap.desk_side import open_desk
from clerk_app.bootstrap.letters_side import letter_office
from clerk_app.bootstrap.packages_side import all_descriptions
from clerk_app.bootstrap.policy_side import policy_state
from clerk_app.bootstrap.portal_side import office_config
from clerk_app.bootstrap.premises import Premises, open_premises
from clerk_app.bootstrap.updates_side import update_finding
from clerk_app.cli.entrance import DoctorFinding, GlobalOptions
from clerk_app.domain.case import CaseView
from clerk_app.domain.deadlines import office_day
from clerk_app.domain.errors import ClerkError, ErrorCode
from clerk_app.portal.examination import Examination
from clerk_app.portal.office import build_office
from clerk_app.services.own_terms import without_package
from clerk_app.sync.status import is_overdue
from clerk_app.system.instance import InstanceLock
from clerk_app.system.latency import slowness
from clerk_app.system.signing_profile import PRACTICE_SIGNING_KEY
from clerk_app.texts.formats import moment
from clerk_app.texts.policy_words import fault_words, strange_words

LEAST_FREE_BYTES = 500_000_000
CLOCK_MAY_DIFFER_S = 120.0  # events dated more than five minutes ahead are refused on either side


def examine(options: GlobalOptions, *, begin_ledger: bool = False) -> Sequence[DoctorFinding]:
    """All findings in the order a person would repair them. Stops early when the office cannot be opened."""
    findings: list[DoctorFinding] = [_policy()]
    try:
        with open_premises(
            options.home, options.profile, lock=begin_ledger, begin_ledger=begin_ledger
        ) as premises:
            findings.append(_good("home", str(premises.home.root)))
            findings.append(_good("profile", premises.profile.authority.name))
            findings.extend(_parameters(premises))
            findings.append(_good("data-key"))
            findings.extend(_inside(premises))
            if (news := update_finding(premises.home)) is not None:
                findings.append(news)
    except ClerkError as error:
        findings.append(_bad(_area_of(error), error))
    return findings


def _policy() -> DoctorFinding:
    """The machine's policy: none, counting as a whole, or with parts that count for nothing."""
    state = policy_state(None)
    if state.fault:
        return DoctorFinding("policy", False, "POLICY_FAULT", {"detail": fault_words(state)})
    if not state.well:
        params = {"detail": strange_words(state), "source": state.place}
        return DoctorFinding("policy", False, "POLICY_STRANGE", params)
    settled = sum(line.locked for line in state.lines)
    detail = f"{state.place}, {settled}" if state.place else ""
    return DoctorFinding("policy", True, "OK", {"detail": detail} if detail else {})


def _parameters(premises: Premises) -> Iterator[DoctorFinding]:
    """The authority's parameters, when it supplies any: which file, what is assumed, what has ended."""
    profile = premises.profile
    if profile.parameters_file is None:
        return
    params: dict[str, object] = {"detail": str(profile.parameters_file)}
    if assumed := profile.parameters.assumed():
        params["assumed"] = ", ".join(assumed)
    outdated = profile.parameters.outdated(office_day(premises.clock.now()))
    if outdated:
        params["outdated"] = ", ".join(outdated)
    yield DoctorFinding("parameters", not outdated, "PARAMETERS_OUTDATED" if outdated else "OK", params)
    if profile.parameters.fees or profile.parameters.values:
        yield from _replaced(premises)


def _replaced(premises: Premises) -> Iterator[DoctorFinding]:
    """Fees and numbers of the authority that no package of this office knows: they would never hold."""
    unknown = without_package(premises.profile.parameters, all_descriptions(premises))
    if unknown:
        params = {"detail": str(premises.profile.parameters_file), "unknown": ", ".join(unknown)}
        yield DoctorFinding("parameters", False, "OWN_VALUES_UNKNOWN", params)


def _inside(premises: Premises) -> Iterator[DoctorFinding]:
    ledger = premises.store.ledger(premises.actor)
    yield _checked("ledger", lambda: str(ledger.verify_chain()))
    yield from _whole_cache(premises)
    reads = premises.store.reads()
    try:
        yield _checked("cache", lambda: str(reads.counts(premises.clock.now().date()).by_view[CaseView.ALL]))
        last = reads.last_sync_at()
        old = last is None or is_overdue(last, premises.clock.now())
        code = "OK" if not old else "LAST_SYNC_TOO_OLD" if last else "NEVER_SYNCED"
        detail = moment(last) if last else ""
        yield DoctorFinding("last-sync", not old, code, {"detail": detail})
    finally:
        reads.close()
    yield _checked("mailbox-keys", lambda: str(len(office_config(premises.profile).mailboxes)))
    yield from _packages(premises)
    yield _signing_key(premises)
    free = shutil.disk_usage(premises.home.root).free
    yield DoctorFinding(
        "disk",
        free > LEAST_FREE_BYTES,
        "OK" if free > LEAST_FREE_BYTES else "DISK_FULL",
        {"detail": f"{free // 1_000_000} MB"},
    )
    yield _latency(premises)
    yield from _portals(premises)


def _latency(premises: Premises) -> DoctorFinding:
    """How often the window did not answer; slow is no fault of the office, so it is told and nothing more."""
    found = slowness(premises.home)
    params: dict[str, object] = dict(vars(found))
    return DoctorFinding("latency", True, "SLOW_AT_TIMES" if found.blocks or found.queries else "OK", params)


def _whole_cache(premises: Premises) -> Iterator[DoctorFinding]:
    """Nothing when every page can be read and every sealed original has its row."""
    try:
        faults, missing = premises.store.faults(), premises.store.missing_from_cache()
    except ClerkError as error:
        yield _bad(_area_of(error), error)
        return
    for area, code in (("cache", ErrorCode.CACHE_DAMAGED), ("ledger", ErrorCode.LEDGER_DAMAGED)):
        if faults[area]:
            yield _bad(area, ClerkError(code, {"cause": "page", "count": len(faults[area])}))
    if missing and not faults["cache"] and _build_again(premises):
        yield _bad("cache", ClerkError(ErrorCode.CACHE_DAMAGED, {"cause": "missing", "count": missing}))


def _build_again(premises: Premises) -> bool:
    """Asks the next start for a rebuild. False beside a running program: what it has sealed and not yet
    listed is not missing."""
    try:
        with InstanceLock(premises.home):
            premises.store.rebuild_wanted()
    except ClerkError:
        return False
    return True


def _packages(premises: Premises) -> Iterator[DoctorFinding]:
    """What is installed, whether it is whole, and whether cases wait for a newer version."""
    desk = open_desk(premises)
    try:
        installed = desk.packages.installed()
        for lost in (line.package.mark for line in installed if not line.whole):
            params = {"package": lost.package_id, "version": str(lost.version)}
            yield _bad("packages", ClerkError(ErrorCode.PACKAGE_MISSING, params))
        waiting = len(desk.versions.movable())
    finally:
        desk.close()
    in_force = sum(line.in_force for line in installed)
    code = "PACKAGE_CASES_WAIT" if waiting else "OK"
    yield DoctorFinding(
        "packages", True, code, {"detail": str(in_force), "count": in_force, "waiting": waiting}
    )


def _signing_key(premises: Premises) -> DoctorFinding:
    key = premises.profile.signing.key
    if premises.profile.practice and key in (None, PRACTICE_SIGNING_KEY):
        return _good("signing-key", "practice")
    letters = letter_office(premises)
    return _checked("signing-key", letters.describe_key)


def _portals(premises: Premises) -> Iterator[DoctorFinding]:
    try:
        office = build_office(office_config(premises.profile), now=premises.clock.now)
    except ClerkError as error:
        yield _bad("portal", error)
        return
    try:
        for mailbox in office.mailboxes:
            yield from _examined(mailbox.examine())
    finally:
        office.close()


def _examined(found: Examination) -> Iterator[DoctorFinding]:
    portal = found.mailbox.portal
    if found.error is not None:
        error = found.error
        yield _bad("portal", ClerkError(error.code, {"portal": portal, **error.params}, error.disposition))
        return
    yield _good("portal", f"{portal}: {found.waiting}")
    ahead_s = found.clock_ahead_s or 0.0
    wrong = abs(ahead_s) > CLOCK_MAY_DIFFER_S
    yield DoctorFinding("clock", not wrong, "CLOCK_WRONG" if wrong else "OK", {"detail": f"{ahead_s:+.0f} s"})
    for held, code in (
        (found.encryption_key_held, "ENCRYPTION_KEY_NOT_HELD"),
        (found.signing_key_published, "SIGNING_KEY_NOT_PUBLISHED"),
    ):
        if not held:
            params = {"portal": portal, "kid": found.encryption_kid or ""}
            yield DoctorFinding("mailbox-keys", False, code, params)


def _checked(area: str, check: Callable[[], str]) -> DoctorFinding:
    try:
        return _good(area, check())
    except ClerkError as error:
        return _bad(area, error)


def _good(area: str, detail: str = "") -> DoctorFinding:
    return DoctorFinding(area, True, "OK", {"detail": detail} if detail else {})


def _bad(area: str, error: ClerkError) -> DoctorFinding:
    return DoctorFinding(area, False, error.code.value, error.params)


def _area_of(error: ClerkError) -> str:
    code = error.code.value
    for area, marks in (
        ("profile", ("PROFILE", "PARAMETERS")),
        ("data-key", ("DATA_KEY", "KEYRING")),
        ("cache", ("CACHE",)),
        ("ledger", ("LEDGER", "STORE")),
    ):
        if code.startswith(marks):
            return area
    return "home"
