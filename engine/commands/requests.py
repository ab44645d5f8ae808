"""What a person asked for on the command line, as values."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from engine.problems import ConvolensError
from engine.shapes import Shape

GIB = 1 << 30
DEFAULT_MEMORY = 2 * GIB
"""How many bytes rendering may take where nothing else is asked for."""


class RequestError(ConvolensError):
    """A request that is incomplete, contradicts itself or cannot be carried out here."""


@dataclass(frozen=True)
class WindowRequest:
    """Open the window, with a picture, a project or a network if there is a path."""

    path: str | None = None


@dataclass(frozen=True)
class WindowCheckRequest:
    """Open the window, wait until maps are painted, and close it."""


@dataclass(frozen=True)
class RenderRequest:
    """Write every layer's maps as pictures, and their summary.

    ``input_size`` is (height, width) and replaces the size of the network's own policy; ``memory``
    is the most bytes to use.
    """

    image: Path
    network: str
    output: Path
    arrays: bool = False
    input_size: tuple[int, int] | None = None
    memory: int = DEFAULT_MEMORY


@dataclass(frozen=True)
class AnalyzeRequest:
    """Print sizes, costs, receptive fields and problems, as table, json or csv.

    With ``layer`` only that one, with advice and in other words; ``output_size``, (height, width),
    asks for the settings that give it.
    """

    network: str
    input_shape: Shape | None = None
    layer: str | None = None
    output_size: tuple[int, int] | None = None
    format: str = "table"


@dataclass(frozen=True)
class ExplainRequest:
    """Print the arithmetic of one value of a layer, as text or json.

    ``position`` is (row, column, channel), ``input_size`` (height, width) as in `RenderRequest`.
    """

    network: str
    image: Path
    layer: str
    position: tuple[int, int, int]
    input_size: tuple[int, int] | None = None
    format: str = "text"


@dataclass(frozen=True)
class LayersRequest:
    """Print every layer kind with its settings, as table or json."""

    format: str = "table"


@dataclass(frozen=True)
class SelfCheckRequest:
    """Print what this copy of the program consists of."""


Request: TypeAlias = (
    WindowRequest
    | WindowCheckRequest
    | RenderRequest
    | AnalyzeRequest
    | ExplainRequest
    | LayersRequest
    | SelfCheckRequest
)
