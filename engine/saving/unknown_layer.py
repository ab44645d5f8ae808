"""A layer of a kind that this version does not know: kept, shown, and saved as it was."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from engine.arithmetic import Arithmetic, Position
from engine.layer import KindInfo, Layer, Maps, Shapes, WeightArrays
from engine.problems import LayerError, SettingError
from engine.registry import all_kinds
from engine.shapes import Shape
from engine.wording import did_you_mean
from engine.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class UnknownLayer(Layer):
    """A layer of a newer version; nothing of it can be computed.

    ``raw_settings`` is JSON in one canonical form, so that equal settings are equal values. The
    kind's label is its id.
    """

    kind = KindInfo("unknown", "Unknown", "Unknown", 1, {}, 0)
    settings = ()
    inputs = (0, 1_000_000)

    kind_id: str
    version: int
    raw_settings: str

    def __post_init__(self) -> None:
        super().__post_init__()
        # Each layer stands for a kind of its own, so the kind is the instance's, not the class's.
        info = KindInfo(self.kind_id, self.kind_id, "Unknown", self.version, {}, 0)
        object.__setattr__(self, "kind", info)

    @classmethod
    def of(cls, kind_id: str, version: int, settings: Mapping[str, Any]) -> "UnknownLayer":
        """Return the layer with these settings, which JSON must be able to hold."""
        raw = json.dumps(dict(settings), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return cls(kind_id=kind_id, version=version, raw_settings=raw)

    def settings_dict(self) -> dict[str, Any]:
        """Return the settings as they were saved."""
        saved: dict[str, Any] = json.loads(self.raw_settings)
        return saved

    def replace(self, **changes: Any) -> Self:
        """Refuse changes: what a setting may be is not known."""
        for name in changes:
            raise SettingError(self._reason(), name)
        return self

    def output_shape(self, shapes: Shapes) -> Shape:
        """Refuse, saying which kind is not known."""
        raise LayerError(self._reason())

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Refuse, as `output_shape` does."""
        raise LayerError(self._reason())

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Refuse, as `output_shape` does."""
        raise LayerError(self._reason())

    def _reason(self) -> str:
        kinds = all_kinds()
        what = f'the layer kind "{self.kind_id}"'
        meant = did_you_mean(self.kind_id, kinds)
        if self.kind_id in kinds:
            what, meant = f"version {self.version} of {what}", ""
        return (
            f"This version of Convolens does not know {what}.{meant} It is kept as it is; "
            "update Convolens, or remove the layer."
        )
