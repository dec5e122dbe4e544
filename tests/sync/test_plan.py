"""plan_sync: the same answer for every order, and nothing lost or done twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clerk_app.domain.ids import CaseId, DestinationId, SubmissionId
from clerk_app.sync.plan import plan_sync
from clerk_app.sync.ports import AuthenticationTags, IntakeState, KnownIntake, Waiting

STATES = st.sampled_from([*IntakeState, None])


def _waiting(number: int) -> Waiting:
    return Waiting(SubmissionId(f"s{number}"), CaseId(f"c{number}"), DestinationId("d"))


def _known(number: int, state: IntakeState, fingerprint: str) -> KnownIntake:
    return KnownIntake(state, fingerprint, _waiting(number), AuthenticationTags("m", "d"))


@given(
    states=st.lists(STATES, max_size=30),
    listed=st.lists(st.integers(0, 29), max_size=60),
    old_keys=st.booleans(),
)
def test_every_submission_gets_exactly_the_step_its_state_asks_for(
    states: list[IntakeState | None], listed: list[int], old_keys: bool
) -> None:
    listed = [number for number in listed if number < len(states)]
    fingerprint = "old" if old_keys else "new"
    known = {
        SubmissionId(f"s{i}"): _known(i, state, fingerprint)
        for i, state in enumerate(states)
        if state is not None
    }
    unsettled = [k for k in known.values() if k.state in (IntakeState.STORED, IntakeState.TO_REJECT)]

    plan = plan_sync([_waiting(n) for n in listed], known, unsettled, "new")

    accept = [k.waiting.submission_id for k in plan.accept_again]
    reject = [k.waiting.submission_id for k in plan.reject_again]
    fetch = [w.submission_id for w in plan.fetch]
    together = accept + reject + fetch
    assert len(together) == len(set(together)), "one step each"
    for number, state in enumerate(states):
        submission_id = f"s{number}"
        is_listed = number in listed
        assert (submission_id in accept) == (
            state is IntakeState.STORED or (is_listed and state is IntakeState.ACCEPTED)
        )
        assert (submission_id in reject) == (
            state is IntakeState.TO_REJECT or (is_listed and state is IntakeState.REJECTED)
        )
        assert (submission_id in fetch) == (
            is_listed and (state is None or (state is IntakeState.QUARANTINED and old_keys))
        )


def test_a_listed_submission_is_fetched_in_the_listed_order() -> None:
    plan = plan_sync([_waiting(3), _waiting(1), _waiting(3), _waiting(2)], {}, [], "new")

    assert [w.submission_id for w in plan.fetch] == ["s3", "s1", "s2"]
