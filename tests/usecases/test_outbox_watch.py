"""What the outbox is watched for."""

from __future__ import annotations

from clerk_app.domain.deadlines import DeadlineKind
from clerk_app.domain.outbox import OutboxState
from tests.usecases.house import House
from tests.usecases.test_outbox_and_cases import decided

S = OutboxState


def test_a_decision_stuck_until_its_target_presses(house: House) -> None:
    case_id = house.arrives()
    entry = decided(house, case_id)
    assert house.desk.watch.pressing() == ()
    target = house.file(case_id).row.due_on
    assert target is not None
    left = (target - house.clock.now().date()).days
    house.clock.pass_(days=left - 1)

    (found,) = house.desk.watch.pressing()
    assert found.entry.entry_id == entry
    assert (found.pressing[0].kind, found.pressing[0].due_on) == (DeadlineKind.PROCESSING, target)

    house.goes(entry, S.ANNOUNCED, S.UPLOADED, S.SUBMITTED)
    assert house.desk.watch.pressing() != (), "handed over is not yet delivered"
    house.goes(entry, S.DELIVERED)
    assert house.desk.watch.pressing() == ()


def test_a_request_stuck_until_its_day_presses(house: House) -> None:
    case_id = house.arrives()
    queued = house.desk.requesting.request(case_id, ["Impfpass"])
    house.clock.pass_(days=(queued.due_on - house.clock.now().date()).days)

    (found,) = house.desk.watch.pressing()
    assert queued.due_on in [each.due_on for each in found.pressing if each.kind is DeadlineKind.ANSWER]


def test_all_entries_are_listed_without_status_lines_and_with_what_arrived(house: House) -> None:
    case_id = house.arrives()
    first = decided(house, case_id)
    house.clock.pass_(minutes=10)
    newest = house.arrives(case_id)
    letter = decided(house, house.arrives(channel=None))

    found = {each.entry.entry_id: each for each in house.desk.watch.all()}
    assert list(found) == [letter, first], "newest first, no status lines"
    assert len(found[first].arrivals) == 1
    assert found[letter].arrivals == ()
    assert newest == case_id


def test_the_story_of_an_entry_has_its_steps_and_why_it_goes_by_post(house: House) -> None:
    entry = decided(house, house.arrives(consents=False))
    decided(house)
    house.desk.outbox.mark_posted(entry)

    story = house.desk.watch.story(entry)
    assert story is not None
    assert [step.details.get("to", step.kind) for step in story.steps] == ["queued", "POSTED"]
    assert story.watched.post_reason == "consent-refused"
    assert story.filename.startswith("Bescheid-")
    assert len(story.sha256) == 64
    assert house.desk.watch.story(entry[:-1] + "x") is None  # type: ignore[arg-type]
