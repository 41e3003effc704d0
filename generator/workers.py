"""Runs one function over many arguments in several processes, results in order."""

from __future__ import annotations

import gc
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
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
    # What the collector never looks at stays shared between parent and workers.
    gc.collect()
    gc.freeze()
    with ProcessPoolExecutor(min(jobs, len(arguments)), mp_context=context) as pool:
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
