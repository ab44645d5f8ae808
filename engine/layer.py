"""What a layer kind is: one frozen dataclass whose fields are its settings.

A kind is declared once, in its own file under ``engine/layers``. Everything else in the program
(palette, form, file format, analysis, evaluation, explanation, manual, tests) reads that
declaration through the methods below.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeAlias, TypeVar, cast, dataclass_transform

import numpy as np
from numpy.typing import NDArray

from engine.arithmetic import Arithmetic, Position
from engine.equations import SizeEquation, kept_size
from engine.problems import LayerError, SettingError
from engine.reading import Reading, pointwise
from engine.settings import Setting, settings_of
from engine.shapes import Shape
from engine.sides import Sides
from engine.sliding.density import Variant
from engine.spelling import Reread, Spelling
from engine.wording import did_you_mean
from engine.workspace import Workspace

Maps: TypeAlias = NDArray[np.float32]
"""All of a layer's output: float32, (channels, height, width), C-contiguous."""

Shapes: TypeAlias = tuple[Shape, ...]
WeightArrays: TypeAlias = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True)
class WeightSpec:
    """One array of weights that a layer needs for given input shapes.

    ``start`` is the value that fills it before anything is learned; None means that it is drawn
    from the layer's seed, scaled by ``fan_in`` and ``fan_out`` (values read per output, outputs
    per value). The first two axes are the filter and the input channel, (out, in / groups, …);
    with ``filter_axis`` 1 they are the other way round, (in, out / groups, …), as in transposed
    kernels, which then say their ``groups`` too: the shape alone does not tell them. Arrays that
    are not ``learned`` (running statistics) are not counted as parameters.
    """

    name: str
    shape: tuple[int, ...]
    start: float | None = None
    fan_in: int = 1
    fan_out: int = 1
    learned: bool = True
    filter_axis: int = 0
    groups: int = 1

    @property
    def size(self) -> int:
        """How many numbers the array holds."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class KindInfo:
    """What the decorator records about a kind."""

    id: str
    label: str
    category: str
    version: int
    renamed: Mapping[str, str]
    place: int


class Layer(ABC):
    """One layer with its settings; immutable, compared by value.

    Methods that take ``shapes`` get one input shape per input and raise `LayerError` when the
    inputs cannot be taken. A layer never changes an input array and keeps no array itself.
    """

    kind: ClassVar[KindInfo]
    settings: ClassVar[tuple[Setting, ...]]
    inputs: ClassVar[tuple[int, int]] = (1, 1)
    """The fewest and the most inputs."""
    in_caffe: ClassVar[bool] = False
    """Whether Caffe has a layer of this kind, told by the same words."""

    @abstractmethod
    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the size of the maps; raise LayerError naming the setting that is in the way."""

    @abstractmethod
    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Write the maps into ``out``, whose shape is `output_shape`'s and content undefined."""

    @abstractmethod
    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the arithmetic of one output value, computed directly in double precision."""

    def explain_equivalent(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic | None:
        """Return another calculation that comes to the same value, where one is worth seeing."""
        return None

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return, per input, which rows and columns are read for which; pointwise by default."""
        return tuple(pointwise(shape.height, shape.width) for shape in shapes)

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return why the output has its size; by default because nothing changes it."""
        shape = self.output_shape(shapes)
        return kept_size(shape.height, shape.width)

    def padding_applied(self, shapes: Shapes) -> Sides:
        """Return the padding per side in pixels; none by default."""
        return Sides()

    def weight_specs(self, shapes: Shapes) -> tuple[WeightSpec, ...]:
        """Return the arrays of weights that the layer needs; none by default."""
        return ()

    def macs(self, shapes: Shapes) -> int:
        """Return the multiply-accumulates of one evaluation, bias not counted."""
        return 0

    def one_map(self, number: int, shapes: Shapes) -> "tuple[Layer, slice] | None":
        """Return the layer that makes one of the maps alone, and the input channels that it reads.

        Its weights are those of the map's filter, in arrays of one filter. None, the default,
        says that a map is not made of one filter.
        """
        return None

    def summary(self) -> str:
        """Return the settings that differ from ordinary in a few words, for a block."""
        return ""

    def settings_for(self, shapes: Shapes, target: Shape) -> Iterable[Mapping[str, Any]]:
        """Return changed settings with which the maps may be of that shape, best first.

        They are proposals, each to be tried. None by default: a layer whose size follows from its
        input alone has no setting for it.
        """
        return ()

    def variants(self) -> Iterable[Variant]:
        """Return changes that make the output denser or smaller, the usual first; none by default.

        What each comes to is found out by analyzing it.
        """
        return ()

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the layer in the words of each dialect, by its id; one that is left out has none.

        See `engine.spelling` for what the code may use.
        """
        return {}

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return what the layer's own words mean in a dialect; by default just the same."""
        return Reread()

    def settings_of_weights(
        self, arrays: Mapping[str, tuple[int, ...]], shapes: Shapes
    ) -> Mapping[str, Any]:
        """Return the settings that arrays of these shapes, by name, may belong to; none by default.

        Proposals too: the arrays need not fit the inputs.
        """
        return {}

    def replace(self, **changes: Any) -> Self:
        """Return this layer with some settings changed.

        Raises:
            SettingError: naming the setting that is unknown or refused.
        """
        return self.from_settings({**self.settings_dict(), **changes})

    def settings_dict(self) -> dict[str, Any]:
        """Return the settings by name."""
        return {setting.name: getattr(self, setting.name) for setting in self.settings}

    @classmethod
    def from_settings(cls, values: Mapping[str, Any]) -> Self:
        """Make a layer from settings by name; those left out have their default.

        Raises:
            SettingError: naming the setting that is unknown or refused.
        """
        known = {setting.name for setting in cls.settings}
        for name in values:
            if name not in known:
                raise SettingError(
                    f"{cls.kind.label} has no setting {name!r}; it has "
                    f"{', '.join(sorted(known)) or 'none'}.{did_you_mean(name, known)}",
                    name,
                )
        return cls(**values)

    def __post_init__(self) -> None:
        # Frozen: the canonical form is set once here, so that equal settings are equal values.
        for setting in self.settings:
            object.__setattr__(self, setting.name, setting.check(getattr(self, setting.name)))


_KINDS: dict[str, type[Layer]] = {}

_LayerType = TypeVar("_LayerType", bound=type[Layer])


@dataclass_transform(frozen_default=True, kw_only_default=True)
def layer_kind(
    kind_id: str,
    *,
    label: str,
    category: str,
    version: int = 1,
    renamed: Mapping[str, str] | None = None,
    place: int = 0,
) -> Callable[[_LayerType], _LayerType]:
    """Declare a layer kind.

    Args:
        kind_id: its name in files and commands; never changed.
        label: its name for people.
        category: its place in the palette.
        version: raised when saved settings change their meaning.
        renamed: settings of earlier versions, old name to new.
        place: its order within the category; equal places are ordered by id.

    Raises:
        TypeError: for an id in use, a field that is no setting, or a kind without a docstring.
    """

    def declare(cls: _LayerType) -> _LayerType:
        if kind_id in _KINDS:
            raise TypeError(f"the layer kind {kind_id!r} is declared twice")
        if not cls.__doc__:
            raise TypeError(f"the layer kind {kind_id!r} needs a docstring: it is its manual")
        made = cast(_LayerType, dataclass(frozen=True, kw_only=True)(cls))
        made.kind = KindInfo(kind_id, label, category, version, dict(renamed or {}), place)
        made.settings = settings_of(made)
        _KINDS[kind_id] = made
        return made

    return declare


def declared_kinds() -> Mapping[str, type[Layer]]:
    """Return the kinds declared so far, by id; `engine.registry` loads them all first."""
    return _KINDS


def single(shapes: Shapes) -> Shape:
    """Return the only input's shape."""
    if len(shapes) != 1:
        raise LayerError(f"One input is expected, received {len(shapes)}.")
    return shapes[0]
