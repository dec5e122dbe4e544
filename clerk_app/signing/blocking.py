"""pyHanko speaks asyncio even where nothing waits; the rest of this program does not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from clerk_app.signing.bounds import may_break, unbroken

P = ParamSpec("P")
T = TypeVar("T")


def finished(work: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **more: P.kwargs) -> T:
    """The result of a library's coroutine function, from any thread, also one in which an event loop is
    running. Broken into when the time is over (``bounded``), it leaves neither loop nor coroutine open."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _run(work, *args, **more)
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(_run(work, *args, **more))
        except BaseException as error:  # noqa: BLE001 - raised again in the waiting thread
            errors.append(error)

    thread = threading.Thread(target=run, name="signing-coroutine")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def _run(work: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **more: P.kwargs) -> T:
    """``asyncio.run`` opens its loop where nothing closes it if an exception comes just then."""
    with unbroken():
        loop = asyncio.new_event_loop()
        begun = work(*args, **more)
        try:
            with may_break():
                return loop.run_until_complete(begun)
        finally:
            _close(loop, begun)


def _close(loop: asyncio.AbstractEventLoop, begun: Coroutine[Any, Any, object]) -> None:
    try:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:  # one turn: who wants to go on after that is left behind, without a word
            loop.set_exception_handler(lambda _loop, _context: None)
            loop.call_soon(loop.stop)
            loop.run_forever()
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        begun.close()
        loop.close()
