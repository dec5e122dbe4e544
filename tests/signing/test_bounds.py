"""A time limit breaks in anywhere, counts wherever it comes, and leaves nothing open behind it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import threading
import weakref
from collections.abc import Callable

import pytest

from clerk_app.signing.blocking import finished
from clerk_app.signing.bounds import _BOUNDS, TooLongError, bounded, may_break, unbroken


def spin() -> None:
    while True:
        sum(range(20))


class Finalized:
    """Most of the time is spent where an exception is lost."""

    def __del__(self) -> None:
        for _turn in range(2000):
            sum(range(5))


class Plain:
    """Something a weak reference can be made to."""


def finalize() -> None:
    while True:
        Finalized()


def let_references_die() -> None:
    def gone(_reference: object) -> None:
        for _turn in range(2000):
            sum(range(5))

    while True:
        subject = Plain()
        _reference = weakref.ref(subject, gone)
        del subject


def swallow() -> None:
    while True:
        with contextlib.suppress(Exception):  # what libraries do
            spin()


@pytest.mark.parametrize("work", [spin, finalize, let_references_die, swallow])
def test_it_comes_wherever_the_work_is(work: Callable[[], None]) -> None:
    with pytest.raises(TooLongError), bounded(0.02):
        work()


def test_nothing_breaks_into_a_place_that_closes_things() -> None:
    steps: list[str] = []

    def close() -> None:
        with unbroken():
            while not _BOUNDS.bound.due:
                sum(range(20))
            steps.append("whole")
            with may_break():
                steps.append("not reached")

    with pytest.raises(TooLongError), bounded(1):
        close()
    assert steps == ["whole"]


def test_a_place_left_in_time_says_nothing() -> None:
    with bounded(60), unbroken(), may_break():
        sum(range(20))
    with unbroken(), may_break():  # and without any limit both are nothing
        pass


def test_an_event_loop_cut_off_anywhere_is_closed_and_never_waited_for() -> None:
    """asyncio swallowed the old exception in a callback, and waited for ever for what did not come."""

    async def work() -> int:
        total = 0
        for _turn in range(200):
            total += await part()
        return total

    async def part() -> int:
        await asyncio.sleep(0)
        return sum(range(20))

    random_s = random.Random(7)
    ended = 0
    before = threading.active_count()
    for _turn in range(150):
        try:
            with bounded(random_s.random() * 0.01):
                while True:
                    finished(work)
        except TooLongError:
            ended += 1
    gc.collect()  # a loop left open, or a coroutine never awaited, would be told here
    assert ended == 150
    assert threading.active_count() <= before + 1


def test_the_result_and_the_error_of_a_coroutine_come_through() -> None:
    async def add(one: int, *, other: int) -> int:
        await asyncio.sleep(0)
        return one + other

    async def fail() -> None:
        raise ValueError("so")

    async def inside() -> int:
        return finished(add, 1, other=2)  # a loop is running here

    assert finished(add, 1, other=2) == 3
    assert finished(inside) == 3
    with pytest.raises(ValueError, match="so"):
        finished(fail)
