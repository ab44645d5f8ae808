"""A network in our own engine, computed anew each time."""

from engine.analysis import Analysis, analyze
from engine.evaluation import Evaluation
from engine.layer import WeightArrays
from engine.network import INPUT_ID, Network
from engine.shapes import Shape
from tests.benchmarks.networks import Maps, Work


class EngineNetwork:
    """Computes all maps of a work; `prepare` empties the cache of results before each run."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.evaluation = Evaluation()
        self.weights()

    def weights(self) -> dict[str, WeightArrays]:
        """Return the weights of every layer but the picture."""
        nodes = self.work.network.nodes[1:]
        return {node.id: self.evaluation.weights(self.work.analysis[node.id]) for node in nodes}

    def prepare(self) -> None:
        """Forget all maps but those of before the edit."""
        self.forget()
        if self.work.edit is not None:
            before = self.work.edit(self.work.network)
            self._run(before, analyze(before, Shape(*self.work.picture.shape)))

    def run(self) -> dict[str, Maps]:
        """Compute every map that is not there, and keep all."""
        return self._run(self.work.network, self.work.analysis)

    def _run(self, network: Network, analysis: Analysis) -> dict[str, Maps]:
        run = self.evaluation.run(network, analysis, self.work.picture, INPUT_ID)
        return {layer.node_id: layer.maps for layer in run}

    def forget(self) -> None:
        """Empty the cache of results; weights, prepared kernels and memory stay."""
        self.evaluation.cache.clear()

    def prepared_bytes(self) -> int:
        """Return the memory of kernels brought into another form."""
        return self.evaluation.workspace.prepared_bytes()

    def scratch_bytes(self) -> int:
        """Return the memory of buffers that layers fill and forget."""
        return self.evaluation.workspace.bytes()
