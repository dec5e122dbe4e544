"""What to do with what is waiting: a pure decision, so that it can be tested for every combination."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from clerk_app.domain.ids import SubmissionId
from clerk_app.sync.ports import IntakeState, KnownIntake, Unreadable, Waiting

_AWAITS = " awaits "  # between the mailbox's fingerprint and the id of the key


@dataclass(frozen=True)
class Plan:
    """Steps for one mailbox. Settling comes first: it costs little and frees the service's memory."""

    accept_again: tuple[KnownIntake, ...]
    reject_again: tuple[KnownIntake, ...]
    fetch: tuple[Waiting, ...]


def plan_sync(
    waiting: Sequence[Waiting],
    known: Mapping[SubmissionId, KnownIntake],
    unsettled: Sequence[KnownIntake],
    fingerprint: str,
    published: Collection[str] = (),
) -> Plan:
    """Decides by what the store knows of each submission.

    - unknown: fetch;
    - stored, but the accept was never confirmed: accept again, whether it is still listed or not;
    - accepted or rejected, yet listed again (the portal was restored from a backup): settle again, never
      store twice;
    - quarantined: fetch again only when keys or program changed since (``fingerprint``), or when the service
      now publishes the signature key that was missing (``published``, see ``awaited_keys``).

    A submission listed twice counts once.
    """
    accept: dict[SubmissionId, KnownIntake] = {}
    reject: dict[SubmissionId, KnownIntake] = {}
    fetch: dict[SubmissionId, Waiting] = {}
    for intake in unsettled:
        target = reject if intake.state is IntakeState.TO_REJECT else accept
        target[intake.waiting.submission_id] = intake
    for item in waiting:
        intake_known = known.get(item.submission_id)
        if intake_known is None:
            fetch[item.submission_id] = item
        elif intake_known.state in (IntakeState.STORED, IntakeState.ACCEPTED):
            accept[item.submission_id] = intake_known
        elif intake_known.state in (IntakeState.TO_REJECT, IntakeState.REJECTED):
            reject[item.submission_id] = intake_known
        elif intake_known.state is IntakeState.QUARANTINED:
            then, _, awaited = intake_known.fingerprint.partition(_AWAITS)
            if then != fingerprint or awaited in published:
                fetch[item.submission_id] = item
    return Plan(tuple(accept.values()), tuple(reject.values()), tuple(fetch.values()))


def quarantine_fingerprint(item: Unreadable, fingerprint: str) -> str:
    """What must change before it is worth fetching ``item`` again; ``fingerprint`` is the mailbox's."""
    return fingerprint if item.awaits_key is None else f"{fingerprint}{_AWAITS}{item.awaits_key}"


def awaited_keys(known: Iterable[KnownIntake]) -> frozenset[str]:
    """Signature keys of the service that quarantined submissions wait for."""
    parts = (each.fingerprint.partition(_AWAITS) for each in known if each.state is IntakeState.QUARANTINED)
    return frozenset(awaited for _, _, awaited in parts if awaited)
