"""Where threads run while they share work."""

import os
import subprocess
import sys
import threading

import pytest

from engine.numerics import parallel, placement
from engine.numerics.placement import MOST_PROCESSORS, Placement, started_by
from engine.opencv import cv2
from engine.workspace import Workspace

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2,
    reason="only Linux, with a choice of processors",
)
of_few_processors = pytest.mark.skipif(
    sys.platform == "linux" and len(os.sched_getaffinity(0)) > MOST_PROCESSORS,
    reason="among more, the program's own threads are left to the system",
)


@pytest.fixture(autouse=True)
def few_processors(monkeypatch):
    """Let a placement take this machine's processors for few, however many there are."""
    monkeypatch.setattr(placement, "MOST_PROCESSORS", len(os.sched_getaffinity(0)))


@pytest.fixture
def helper():
    """A thread's number; it sleeps until the test is over."""
    started, over, numbers = threading.Event(), threading.Event(), []

    def sleep():
        numbers.append(threading.get_native_id())
        started.set()
        over.wait()

    thread = threading.Thread(target=sleep)
    thread.start()
    started.wait()
    yield numbers[0]
    over.set()
    thread.join()


def test_a_caller_keeps_its_processor_and_its_helpers_take_the_others(helper):
    every = os.sched_getaffinity(0)
    with Placement([helper]).apart():
        (own,) = os.sched_getaffinity(0)
        assert os.sched_getaffinity(helper) == every - {own}
    assert os.sched_getaffinity(0) == every


def test_helpers_move_when_the_caller_has_moved(helper):
    every, placed = os.sched_getaffinity(0), Placement([helper])
    try:
        for own in sorted(every)[:2]:
            os.sched_setaffinity(0, {own})
            with placed.apart():
                assert os.sched_getaffinity(helper) == every - {own}
            assert os.sched_getaffinity(0) == {own}, "what a caller chose itself is kept"
    finally:
        os.sched_setaffinity(0, every)


def test_helpers_follow_a_caller_that_is_not_kept(helper):
    every, placed = os.sched_getaffinity(0), Placement([helper])
    try:
        for own in sorted(every)[:2]:
            os.sched_setaffinity(0, {own})
            placed.follow()
            assert os.sched_getaffinity(helper) == every - {own}
            assert os.sched_getaffinity(0) == {own}
    finally:
        os.sched_setaffinity(0, every)


def test_threads_that_a_library_starts_are_found():
    over, threads = threading.Event(), []

    def start():
        threads.extend(threading.Thread(target=over.wait) for _ in range(2))
        for thread in threads:
            thread.start()

    found = started_by(start)
    numbers = [thread.native_id for thread in threads]
    over.set()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(numbers)


FOLLOWED = """
import os
import engine.opencv
from engine.numerics.parallel import follow_caller
own = min(os.sched_getaffinity(0))
os.sched_setaffinity(0, {own})
follow_caller()
threads = {int(thread) for thread in os.listdir("/proc/self/task")} - {os.getpid()}
print(len(threads), any(own in os.sched_getaffinity(thread) for thread in threads))
"""


@of_few_processors
def test_our_threads_and_those_of_opencv_follow_the_caller():
    # In a process of its own, where no other library has threads.
    done = subprocess.run([sys.executable, "-c", FOLLOWED], check=True, capture_output=True)
    helpers = cv2.getNumThreads() - 1
    assert done.stdout.decode().split() == [str(2 * helpers), "False"]


def test_an_error_sets_the_caller_free(helper):
    every = os.sched_getaffinity(0)
    with pytest.raises(ZeroDivisionError), Placement([helper]).apart():
        1 / 0  # noqa: B018
    assert os.sched_getaffinity(0) == every


def test_whoever_may_not_choose_processors_is_left_alone(helper, monkeypatch):
    def refuse(*_):
        raise PermissionError

    every = os.sched_getaffinity(0)
    monkeypatch.setattr(placement.os, "sched_setaffinity", refuse)
    with Placement([helper]).apart():
        assert os.sched_getaffinity(0) == every


def test_among_many_processors_the_system_chooses(helper, monkeypatch):
    every = os.sched_getaffinity(0)
    monkeypatch.setattr(placement, "MOST_PROCESSORS", len(every) - 1)
    with Placement([helper]).apart():
        assert os.sched_getaffinity(0) == every
        assert os.sched_getaffinity(helper) == every


def test_work_goes_on_when_processors_are_taken_away(helper, monkeypatch):
    def refuse(*_):
        raise OSError(22, "Invalid argument")

    placed, every = Placement([helper]), os.sched_getaffinity(0)
    monkeypatch.setattr(placement.os, "sched_setaffinity", refuse)
    for _ in range(2):
        with placed.apart():
            assert os.sched_getaffinity(0) == every


@of_few_processors
def test_work_in_parallel_is_kept_apart():
    every, seen = os.sched_getaffinity(0), {}
    both = threading.Barrier(2)

    def look(_block, _workspace):
        both.wait(10)
        seen[threading.get_native_id()] = os.sched_getaffinity(0)

    parallel.in_parallel(range(2), look, Workspace())
    one, other = seen.values()
    assert not one & other
    assert os.sched_getaffinity(0) == every
