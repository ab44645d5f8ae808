"""Blocks of work on all processors: the only place where the numerics have threads of their own.

The linear algebra library has one thread (`engine.opencv`): its idle threads spin and take the
processor from OpenCV's. Its functions and numpy's release the interpreter lock, so that a few
threads of ours, which sleep when they have nothing to do, use the other processors instead: a
product of 512 × 512 by 512 × 3136 takes 5.8 ms in place of 11.4 on two.

Waking a thread costs 50 to 100 µs, on a virtual processor up to 250, and a call of less than some
50 µs loses more to the lock than it gains: blocks should be larger, and work below half a
millisecond be one block, or one call of OpenCV's (`shared_products`). Blocks must not depend on how
many processors there are; then no digit of what they make does.
"""

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from itertools import pairwise
from threading import Barrier, get_native_id
from typing import TypeVar

import numpy as np

from engine.numerics.placement import Placement, started_by
from engine.opencv import cv2
from engine.workspace import Workspace

T = TypeVar("T")

_HELPERS = max(0, cv2.getNumThreads() - 1)
"""The calling thread works too."""

_POOL = ThreadPoolExecutor(max(1, _HELPERS), thread_name_prefix="numerics")


def _started() -> list[int]:
    """Start our threads and OpenCV's now, and return those that the system tells of.

    Those that are there from the beginning are nobody's leak.
    """
    return [*_ours_started(), *started_by(_start_those_of_opencv)]


def _start_those_of_opencv() -> None:
    # OpenCV starts all of them at its first call that is large enough to be shared.
    cv2.resize(np.empty((1024, 1024), dtype=np.uint8), (512, 512))


def _ours_started() -> list[int]:
    # Each waits for the others, or one would start for two.
    all_started = Barrier(_HELPERS + 1)

    def start() -> int:
        all_started.wait()
        return get_native_id()

    started = [_POOL.submit(start) for _ in range(_HELPERS)]
    all_started.wait()
    return [each.result() for each in started]


_PLACEMENT = Placement(_started())

follow_caller = _PLACEMENT.follow
"""Keep all that help off the processor that the caller is on now, which takes a µs."""


def in_parallel(
    blocks: Iterable[T], work: Callable[[T, Workspace], None], workspace: Workspace
) -> None:
    """Call ``work(block, workspace)`` for every block, several at a time.

    Each thread has a workspace of its own, whose scratch it may use until ``work`` returns. The
    first error ends the work, after the blocks that were begun, and is raised here.
    """
    waiting = deque(blocks)
    if len(waiting) == 1:
        work(waiting[0], workspace)
        return

    def take(share: Workspace) -> None:
        try:
            while True:
                try:
                    block = waiting.popleft()
                except IndexError:
                    return
                work(block, share)
        except BaseException:
            waiting.clear()
            raise

    with _PLACEMENT.apart():
        helpers: list[Future[None]] = [
            # The context holds numpy's errstate.
            _POOL.submit(copy_context().run, take, workspace.share(number))
            for number in range(min(_HELPERS, len(waiting) - 1))
        ]
        try:
            take(workspace)
        finally:
            # Those that did not begin are not waited for: all blocks are taken.
            errors = [helper.exception() for helper in helpers if not helper.cancel()]
    for error in errors:
        if error is not None:
            raise error


def parts(length: int, count: int) -> list[slice]:
    """Return slices that cover a length in so many parts, which differ by one at most.

    >>> parts(10, 3)
    [slice(0, 3, None), slice(3, 6, None), slice(6, 10, None)]
    """
    if count <= 1:
        return [slice(0, length)]
    count = max(1, min(count, length))
    bounds = [number * length // count for number in range(count + 1)]
    return [slice(first, stop) for first, stop in pairwise(bounds)]
