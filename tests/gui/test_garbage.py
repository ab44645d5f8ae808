"""What only a circle keeps alive is destroyed on the window's thread."""

import gc
import threading

import pytest
from PySide6.QtCore import QObject

from gui.garbage import GarbageCollector


class Circle:
    """Garbage that notes the thread on which it is collected."""

    def __init__(self, threads):
        self.me = self
        self.threads = threads

    def __del__(self):
        self.threads.append(threading.current_thread())


@pytest.fixture
def collector(qapp):
    was_enabled = gc.isenabled()
    made = GarbageCollector(QObject(qapp))
    yield made
    made.stop()
    made.parent().deleteLater()
    if not was_enabled:
        gc.disable()


def make_garbage(threads):
    for _ in range(20_000):
        Circle(threads)


def test_a_worker_that_makes_garbage_collects_none(collector, qtbot):
    threads: list[threading.Thread] = []
    worker = threading.Thread(target=make_garbage, args=(threads,))
    worker.start()
    worker.join()
    assert threads == []
    qtbot.waitUntil(lambda: len(threads) == 20_000)
    assert set(threads) == {threading.main_thread()}


def test_afterwards_python_collects_again(collector):
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
