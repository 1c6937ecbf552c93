"""A number that is watched, before it is written down for whoever asks."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """Numbers of one name: how many by the values of `labels`. `grows`: what was counted since the start."""

    name: str
    explained: str
    labels: tuple[str, ...]
    numbers: Mapping[tuple[str, ...], float]
    grows: bool = False
