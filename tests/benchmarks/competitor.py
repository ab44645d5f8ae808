"""One competitor in a process of its own: it prepares, and then computes when it is asked.

Asked "run SECONDS", it computes for about that long, at least once, and answers with the seconds of
each run; every run gives back the maps of the one before first, as a live program does.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.benchmarks.engine_network import EngineNetwork
from tests.benchmarks.networks import Maps, Work, work
from tests.benchmarks.system import largest_memory, memory, use_memory

TOLERANCE = 1e-4
"""Of a map's largest value: what two ways to compute it may differ by."""

MOST_MEMORY = 3 << 29
"""What no first run needs more of."""


def main(name: str, who: str) -> None:
    """Prepare the work for a competitor, and obey."""
    started = work(name)
    facts: dict[str, Any] = {}
    ours = EngineNetwork(started)
    prepare = ours.prepare if who == "engine" else lambda: None
    if who == "engine":
        run: Callable[[], Any] = ours.run
        use_memory(MOST_MEMORY)
        before = memory()
        prepare()
        begin = time.perf_counter()
        kept = run()
        facts["first run"] = time.perf_counter() - begin
        facts["map bytes"] = sum(maps.nbytes for maps in kept.values())
        facts["before"] = before
    else:
        run, arrays = _opponent(who, started, ours)
        kept = run()
        facts["difference"] = _difference(ours.run(), arrays(kept))
        ours.forget()
    _say(facts)
    for line in sys.stdin:
        order, *seconds = line.split()
        if order == "memory":
            prepared, scratch = ours.prepared_bytes(), ours.scratch_bytes()
            _say({"largest": largest_memory(), "prepared": prepared, "scratch": scratch})
            continue
        times: list[float] = []
        while sum(times) < float(seconds[0]) or not times:
            kept = None
            prepare()
            begin = time.perf_counter()
            kept = run()
            times.append(time.perf_counter() - begin)
        _say(times)
    del kept


def _opponent(
    who: str, started: Work, ours: EngineNetwork
) -> tuple[Callable[[], Any], Callable[[Any], dict[str, Maps]]]:
    """Return what runs an opponent and what makes its maps arrays."""
    if who.startswith("torch"):
        from tests.benchmarks.torch_network import TorchNetwork

        torch_network = TorchNetwork(started, ours.weights(), who.split("-")[1])
        return torch_network.run, torch_network.arrays
    from tests.benchmarks.onnx_network import OnnxNetwork

    onnx_network = OnnxNetwork(started, ours.weights())
    return onnx_network.run, onnx_network.arrays


def _difference(ours: dict[str, Maps], theirs: dict[str, Maps]) -> float:
    """Return the largest difference between two networks, as a share of a layer's largest value.

    Raises:
        ValueError: when it is more than rounding.
    """
    largest = 0.0
    for node_id, maps in ours.items():
        if node_id in theirs:
            share = float(abs(maps - theirs[node_id]).max() / max(abs(maps).max(), 1e-30))
            largest = max(largest, share)
            if not share <= TOLERANCE:
                raise ValueError(f"{node_id} differs by {share:.1e} of its largest value")
    return largest


def _say(what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
