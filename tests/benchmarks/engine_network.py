"""A network in our own engine, computed anew each time."""

from engine.evaluation import Evaluation
from engine.layer import WeightArrays
from engine.network import INPUT_ID
from tests.benchmarks.networks import Maps, Work


class EngineNetwork:
    """Computes all maps of a work; the cache of results is emptied before each run."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.evaluation = Evaluation()
        self.weights()

    def weights(self) -> dict[str, WeightArrays]:
        """Return the weights of every layer but the picture."""
        nodes = self.work.network.nodes[1:]
        return {node.id: self.evaluation.weights(self.work.analysis[node.id]) for node in nodes}

    def run(self) -> dict[str, Maps]:
        """Compute every map and keep it."""
        self.forget()
        work = self.work
        run = self.evaluation.run(work.network, work.analysis, work.picture, INPUT_ID)
        return {layer.node_id: layer.maps for layer in run}

    def forget(self) -> None:
        """Empty the cache of results; weights, prepared kernels and memory stay."""
        self.evaluation.cache.clear()

    def prepared_bytes(self) -> int:
        """Return the memory of kernels brought into another form."""
        return self.evaluation.workspace.prepared_bytes

    def scratch_bytes(self) -> int:
        """Return the memory of buffers that layers fill and forget."""
        return self.evaluation.workspace.bytes()
