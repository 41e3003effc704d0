"""Runs one function over many arguments in several processes, results in order."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, TypeVar

A = TypeVar("A")
R = TypeVar("R")

# Forked workers share what the parent has read and start at once; elsewhere the work stays in the parent.
_CAN_FORK = "fork" in multiprocessing.get_all_start_methods()

_shared: Any = None
_function: Callable[..., Any] | None = None


def run(function: Callable[[A, Any], R], arguments: Sequence[A], jobs: int, shared: Any = None) -> Iterator[R]:
    """`function(argument, shared)` of each argument, in the order of `arguments`.

    shared: what every call needs; inherited by the workers, never copied to them one by one.
    An exception of a call is raised here.
    """
    if jobs <= 1 or len(arguments) <= 1 or not _CAN_FORK:
        for argument in arguments:
            yield function(argument, shared)
        return
    global _shared, _function
    _shared, _function = shared, function
    context = multiprocessing.get_context("fork")
    gc.freeze()  # what the collector never looks at stays shared between parent and workers
    with ProcessPoolExecutor(min(jobs, len(arguments)), mp_context=context, initializer=gc.enable) as pool:
        waiting: deque[Future[R]] = deque()
        for argument in arguments:
            waiting.append(pool.submit(_call, argument))
            if len(waiting) > jobs * 4:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    gc.unfreeze()


def _call(argument: Any) -> Any:
    assert _function is not None
    return _function(argument, _shared)


@contextmanager
def ahead(
    function: Callable[[A, Any], R], arguments: Sequence[A], jobs: int, shared: Any = None
) -> Iterator[Callable[[], list[R]]]:
    """Calls as `run` makes them, in one process of their own while the caller goes on.

    Gives a function that waits for the results. With one job everything is called then.
    """
    if jobs <= 1 or not arguments or not _CAN_FORK:
        yield lambda: [function(argument, shared) for argument in arguments]
        return
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    gc.freeze()
    process = context.Process(target=_call_all, args=(function, arguments, shared, there, os.getpid()))
    process.start()
    gc.unfreeze()
    there.close()

    def results() -> list[R]:
        try:
            found: list[R] | BaseException = here.recv()
        except EOFError:
            raise RuntimeError("a process that was working ahead ended early") from None
        if isinstance(found, BaseException):
            raise found
        return found

    try:
        yield results
    finally:
        here.close()
        process.terminate()
        process.join()


def _call_all(
    function: Callable[[A, Any], R], arguments: Sequence[A], shared: Any, there: Connection, parent: int
) -> None:
    gc.enable()
    found: list[R] = []
    try:
        for argument in arguments:
            if os.getppid() != parent:  # nobody waits any more
                return
            found.append(function(argument, shared))
    except BaseException as error:
        there.send(error)
    else:
        there.send(found)
