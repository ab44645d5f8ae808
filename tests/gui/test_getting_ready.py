"""While nobody asks for maps, the worker gets ready for the next edit, and leaves off for it."""

import threading
import time

import pytest

from engine.evaluation import Evaluation
from engine.problems import CancelledError
from gui import evaluator


class Rehearsals:
    """Stand for those of an evaluation: each goes on until it is given up, or fails at once."""

    def __init__(self, monkeypatch, error=None):
        self.begun, self.given_up = threading.Event(), threading.Event()

        def rehearse(_, cancelled):
            self.begun.set()
            if error is not None:
                raise error
            while not cancelled():
                time.sleep(0.001)
            self.given_up.set()
            raise CancelledError("An edit came.")

        monkeypatch.setattr(evaluator, "IDLE", 0.0)
        monkeypatch.setattr(Evaluation, "rehearse", rehearse)


def edit(window, channels):
    window.editing.change_settings("many", {"out_channels": channels})


def maps(window):
    return len(window.flow.result("many").maps)


def test_an_edit_does_not_wait_for_it(window, computed, monkeypatch):
    rehearsals = Rehearsals(monkeypatch)
    edit(window, 8)
    computed()
    assert rehearsals.begun.wait(30)
    edit(window, 9)
    computed()
    assert rehearsals.given_up.is_set()
    assert maps(window) == 9


def test_the_window_closes_during_it(window, computed, monkeypatch):
    rehearsals = Rehearsals(monkeypatch)
    edit(window, 8)
    computed()
    assert rehearsals.begun.wait(30)
    window.evaluator.stop()
    assert rehearsals.given_up.is_set()


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("A fault of the engine.")])
def test_a_fault_of_it_is_not_told(window, computed, monkeypatch, error):
    told = []
    window.evaluator.failed.connect(lambda *what: told.append(what))
    rehearsals = Rehearsals(monkeypatch, error)
    edit(window, 8)
    computed()
    assert rehearsals.begun.wait(30)
    edit(window, 9)
    computed()
    assert maps(window) == 9
    assert not told


def test_what_was_given_up_is_not_rehearsed(window, computed, monkeypatch):
    rehearsals = Rehearsals(monkeypatch)
    entered, may_go_on, waits = threading.Event(), threading.Event(), threading.Event()
    run, wait_for_next = Evaluation.run, evaluator.Evaluator._next

    def held(*given):
        entered.set()
        assert may_go_on.wait(30)
        yield from run(*given)

    def waiting(worker):
        waits.set()
        return wait_for_next(worker)

    monkeypatch.setattr(Evaluation, "run", held)
    edit(window, 8)
    assert entered.wait(30)
    monkeypatch.setattr(evaluator.Evaluator, "_next", waiting)
    window.evaluator.forget()
    may_go_on.set()
    assert waits.wait(30)
    assert not rehearsals.begun.is_set()
