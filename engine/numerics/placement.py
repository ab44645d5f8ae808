"""On which processors threads run, where Linux decides; other systems are left to themselves.

Linux wakes a thread on its waker's processor when it takes all of them for busy, as it does in the
first tenths of a second of work after a pause: exactly when a person edits. It may also wake it
where it ran last, though the waker has been put there since. Two halves of a layer then follow each
other on one processor while another idles.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

MOST_PROCESSORS = 8
"""Where there are more, Linux finds a free one, and what waits for another thread is little of it;
but to move as many threads whenever the caller moves takes longer than small layers."""


def started_by(start: Callable[[], object]) -> list[int]:
    """Call ``start``; return the threads that appeared meanwhile, where the system lists them."""
    before = _threads()
    start()
    return [int(thread) for thread in _threads() - before]


def _threads() -> set[str]:
    listed = "/proc/self/task"
    return set(os.listdir(listed)) if os.path.isdir(listed) else set()


class Placement:
    """Keeps the calling thread on a processor, and its helpers on the others."""

    def __init__(self, helpers: Sequence[int]) -> None:
        """Take the helpers as the system numbers them."""
        self._helpers = helpers
        self._current = _current_processor()
        self._processors = _processors() if helpers and self._current else frozenset()
        self._caller = -1

    def follow(self) -> None:
        """Keep the helpers off the processor that the caller is on now.

        It takes a µs while the caller stays there, and is asked before layers.

        VGG-16 takes 0.95 of the time with OpenCV's threads among the helpers: otherwise the first
        layer that they share, after some that our threads shared, is often computed by one.
        """
        if self._current is None or not self._processors:
            return
        caller = self._current()
        if caller != self._caller and self._keep(self._helpers, self._processors - {caller}):
            self._caller = caller

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Keep them apart meanwhile: some ms, in which no processor is better for the caller.

        Afterwards the caller may use those processors that it might before.

        ResNet-18 takes 16 ms after a pause of half a second and not 21, one kernel of 31 × 31 0.7
        and not 1.0. Beside a program that keeps a processor busy ResNet-18 takes 21 ms and not 25;
        two of them at once 30 each, and not 28.
        """
        self.follow()
        if sys.platform != "linux" or not self._processors:
            yield  # the system places them
            return
        before = os.sched_getaffinity(0)
        is_kept = self._keep([0], {self._caller})
        try:
            yield
        finally:
            if is_kept:
                os.sched_setaffinity(0, before)

    def _keep(self, threads: Sequence[int], processors: AbstractSet[int]) -> bool:
        """Let threads run on some processors only, and return whether that may be."""
        if sys.platform != "linux":
            return False
        try:
            for thread in threads:
                os.sched_setaffinity(thread, processors)
        except OSError:  # processors were taken from this program since its start
            self._processors = frozenset()
            return False
        return True


def _current_processor() -> Callable[[], int] | None:
    """Return what tells the number of the caller's processor, where there is such a thing."""
    return getattr(ctypes.CDLL(None), "sched_getcpu", None) if sys.platform == "linux" else None


def _processors() -> frozenset[int]:
    """Return those that this process may use, or none where it is not to choose among them."""
    if sys.platform != "linux":
        return frozenset()
    processors = os.sched_getaffinity(0)
    if not 2 <= len(processors) <= MOST_PROCESSORS:
        return frozenset()
    try:
        os.sched_setaffinity(0, processors)
    except OSError:
        return frozenset()
    return frozenset(processors)
