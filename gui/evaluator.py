"""One of three modules with a thread: it computes maps for the window, the newest request first.

A request is an immutable value. The worker abandons what it does as soon as a newer request
waits: within a layer if that asks for other maps, behind the layer if it asks for the same maps and
only draws them otherwise, as scrolling does. What had arrived by then is in the cache.
"""

import threading
import traceback
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import zip_longest
from time import perf_counter

from PySide6.QtCore import QObject, Signal

from engine.analysis import Analysis
from engine.evaluation import Evaluation, LayerMaps
from engine.memory_plan import HeldLayers
from engine.network import INPUT_ID
from engine.problems import CancelledError, ConvolensError
from engine.project import Project, analyze_project, input_identity, input_maps
from engine.sheets.level_range import LevelScope, Range, joined_range
from engine.sheets.map_sheet import make_sheet
from engine.sheets.map_statistics import layer_statistics
from engine.side_by_side import MOST_MEASURED, Side, side_by_side
from gui.map_requests import EvaluationRequest, SheetWish
from gui.map_results import ComparedResult, EvaluationReport, LayerResult

HEAD_START = 0.005
"""Seconds for the window to paint the new sizes: at the same time both would take the interpreter
from each other, and even the maps would be there later."""

IDLE = 0.3
"""Seconds without a request until the worker gets ready for the next edit."""


class Evaluator(QObject):
    """Computes on one worker thread; all signals arrive in the thread of the window."""

    layer_ready = Signal(LayerResult)
    compared = Signal(ComparedResult)
    progressed = Signal(int, str)
    """The number of a request, and the layer that is computed next."""
    finished = Signal(EvaluationReport)
    failed = Signal(str, str, int)
    """A sentence, the details for a report, and the number of the request."""

    def __init__(self, budget: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._budget = budget
        self._evaluation = Evaluation(budget)
        self._condition = threading.Condition()
        self._waiting: EvaluationRequest | None = None
        self._newest = 0
        self._asked: EvaluationRequest | None = None
        self._first_of_use = 0
        """From this request on all are for the same maps; the layers of older ones are late."""
        self._stopping = self._is_outdated = False
        self._shown: dict[str, LayerResult] = {}
        self._thread = threading.Thread(target=self._work, name="evaluator", daemon=True)
        self._thread.start()

    @property
    def newest(self) -> int:
        """The number of the newest request; results of older ones are late."""
        return self._newest

    def request(
        self,
        project: Project,
        sheets: Mapping[str, SheetWish],
        wanted: Collection[str] | None = None,
        compared: tuple[Side, Side] | None = None,
        limit: int | None = None,
    ) -> int:
        """Ask for the maps of a project; what was asked before is abandoned.

        Where the same maps were asked for, the layer under way is finished first.

        Args:
            project: the picture and the network.
            sheets: how the maps of the rows in sight are drawn.
            wanted: the layers to compute, None for all.
            compared: two layers to be shown beside each other, unless that takes too much memory.
            limit: the bytes that all this may take, if it is known.
        """
        only = None if wanted is None else frozenset(wanted)
        with self._condition:
            self._newest += 1
            asked = EvaluationRequest(self._newest, project, dict(sheets), only, compared, limit)
            if self._asked is None or not asked.has_maps_of(self._asked):
                self._first_of_use = asked.generation
            self._asked = self._waiting = asked
            self._condition.notify()
            return self._newest

    def forget(self) -> None:
        """Abandon what is being computed, and let go of what was: another project comes."""
        with self._condition:
            self._abandon()
            self._is_outdated = True

    def stop(self) -> None:
        """End the thread; waits for it."""
        with self._condition:
            self._stopping = True
            self._abandon()
            self._condition.notify()
        self._thread.join()

    def _abandon(self) -> None:
        self._newest += 1
        self._first_of_use = self._newest
        self._asked = self._waiting = None

    # On the worker

    def _work(self) -> None:
        while (request := self._next()) is not None:
            self._let_go()
            if self._compute(request) and not self._is_asked(IDLE):
                self._get_ready()

    def _next(self) -> EvaluationRequest | None:
        """Wait for a request and return it; None at the end."""
        request = None
        with self._condition:
            while request is None and not self._stopping:
                self._is_asked()
                # It may be replaced or abandoned meanwhile.
                self._condition.wait_for(lambda: self._stopping, HEAD_START)
                request, self._waiting = self._waiting, None
            return None if self._stopping else request

    def _let_go(self) -> None:
        """Forget what was computed for a project that was closed."""
        with self._condition:
            is_outdated, self._is_outdated = self._is_outdated, False
        if is_outdated:
            self._evaluation.forget()
            self._shown.clear()

    def _is_asked(self, seconds: float | None = None) -> bool:
        """Wait until something is to be done, so long at most, and return whether it is."""
        with self._condition:
            return self._condition.wait_for(self._is_wanted, seconds)

    def _is_wanted(self) -> bool:
        return self._stopping or self._waiting is not None

    def _get_ready(self) -> None:
        """Prepare what the next edit would wait for."""
        # What fails here has done no harm: it is said when a request fails by it.
        with suppress(Exception):
            self._evaluation.rehearse(self._is_wanted)

    def _compute(self, request: EvaluationRequest) -> bool:
        """Evaluate a request, and say what went wrong; return whether it was finished."""
        try:
            self._evaluate(request)
        except CancelledError:
            return False
        except ConvolensError as error:
            self._fail(request, str(error))
        except MemoryError:
            self._fail(request, "There is not enough memory for these maps.")
        except Exception:
            # Shown with its details: a fault of the engine must not end the program.
            sentence = "Something went wrong while computing the maps."
            self._fail(request, sentence, traceback.format_exc())
        else:
            return True
        return False

    def _fail(self, request: EvaluationRequest, sentence: str, details: str = "") -> None:
        self.failed.emit(sentence, details, request.generation)

    def _evaluate(self, request: EvaluationRequest) -> None:
        started = perf_counter()
        project = request.project

        def superseded() -> bool:
            return request.generation != self._newest

        def useless() -> bool:
            return request.generation < self._first_of_use

        analysis = analyze_project(project)
        picture = input_maps(project)
        order: list[str] = []
        computed: list[str] = []
        undrawn: list[LayerMaps] = []
        ranges: list[Range] = []
        total_bytes = 0
        if picture is not None:
            order = [
                name
                for name, layer in analysis.layers.items()
                if layer.computable and (request.wanted is None or name in request.wanted)
            ]
            self._keep_all(analysis, order)
            layers = self._evaluation.run(
                project.network, analysis, picture, input_identity(project), useless, order
            )
            for coming, layer in zip_longest(order[1:], layers):
                wish = request.sheets.get(layer.node_id)
                total_bytes += layer.maps.nbytes
                if not layer.cached:
                    computed.append(layer.node_id)
                if wish is not None and wish.scope is LevelScope.NETWORK:
                    undrawn.append(layer)
                    result = self._result(request, layer, None)
                else:
                    result = self._result(request, layer, wish)
                    self.layer_ready.emit(result)
                if layer.node_id != INPUT_ID:
                    ranges.append(result.range)
                if superseded():
                    raise CancelledError("What is wanted of these maps changed.")
                if coming is not None:
                    self.progressed.emit(request.generation, coming)
        # What shares a range with the whole network is drawn when that range is known.
        shared = joined_range(ranges)
        for layer in undrawn:
            wish = replace(request.sheets[layer.node_id], network_range=shared)
            self.layer_ready.emit(self._result(request, layer, wish))
        self._forget_all_but(order)
        if request.compared is not None:
            held = HeldLayers(input_identity(project), analysis, order)
            found = side_by_side(
                self._evaluation, *request.compared, superseded, request.limit, (held,)
            )
            self.compared.emit(ComparedResult(request.compared, found))
        seconds = perf_counter() - started
        self.finished.emit(
            EvaluationReport(request.generation, seconds, tuple(computed), total_bytes)
        )

    def _result(
        self, request: EvaluationRequest, layer: LayerMaps, wish: SheetWish | None
    ) -> LayerResult:
        """Return what is shown of a layer, from the last result where nothing changed."""
        last = self._shown.get(layer.node_id)
        if last is not None and last.maps is layer.maps:
            if wish is None or wish == last.wish:
                return last
            statistics = last.statistics
        else:
            statistics = layer_statistics(
                layer.maps,
                min(len(layer.maps), MOST_MEASURED),
                self._evaluation.workspace.checkpoint,
            )
        sheet = None
        if wish is not None:
            sheet = make_sheet(
                layer.maps,
                wish.layout,
                wish.scope,
                network_range=wish.network_range,
                color=wish.color,
                clip=wish.clip,
                statistics=statistics,
            )
        result = LayerResult(layer.node_id, layer.maps, statistics, sheet, wish, layer.cached)
        self._shown[layer.node_id] = result
        return result

    def _keep_all(self, analysis: Analysis, node_ids: Collection[str]) -> None:
        """Let the cache keep these layers, beyond its budget too: the window holds their maps."""
        facts = (analysis[name].facts for name in node_ids)
        held = sum(known.shape.bytes for known in facts if known is not None)
        self._evaluation.cache.limit = max(self._budget, held)

    def _forget_all_but(self, node_ids: Collection[str]) -> None:
        for node_id in self._shown.keys() - set(node_ids):
            del self._shown[node_id]
