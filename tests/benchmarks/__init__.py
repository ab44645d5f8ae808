"""How fast the engine is, beside PyTorch and ONNX Runtime, and how much memory it takes.

``python -m tests.benchmarks`` prints the tables; ``--help`` says what can be left out.

Every competitor computes in a process of its own, with its own threads and its own allocator, and
all are asked in turn: what slows the machine down for a while slows all of them down. Processes
wait without using the processor when it is not their turn. PyTorch and ONNX Runtime are optional;
before they are timed their maps are compared with ours, layer by layer.
"""

# First, so that the threads of linear algebra are set before numpy is loaded.
import engine.opencv  # noqa: F401
