"""How much of an original has to be kept in training, as frozen plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from degrade.findings import Change, Level, Scale, Setting

Outcome = Literal["between", "smallest-is-enough", "largest-is-not-enough"]
Basis = Literal["comparison", "seeds"]
Limit = Literal["minor", "moderate", "severe"]


@dataclass(frozen=True, slots=True)
class Step:
    """A measure in one generation; over several seeds, the mean of their changes.

    Without a ``change`` it was not computable, of one seed at least.
    """

    generation: str
    change: Change | None
    level: Level | None
    better: bool


@dataclass(frozen=True, slots=True)
class Course:
    """A measure over the generations of one way to train, the original before them.

    ``worst`` is the place of the generation that lost most, None where that cannot be told.
    """

    lineage: str
    regime: str
    keep: float
    steps: tuple[Step, ...]
    worst: int | None


@dataclass(frozen=True, slots=True)
class Least:
    """The least share to keep, so that no generation's loss reaches a level.

    ``at`` is the loss of that level, in the unit of changes. Of ``keep`` and the ends of its
    interval, the smallest share that was simulated stands for all that is not larger, and None for
    all above the largest; without an ``interval`` both ends are None. ``worst`` is the largest loss
    where the largest share is kept. ``alone`` says that the first model, of nothing but the
    original, comes to the level already, so that no share is enough.
    """

    limit: Limit
    at: float
    outcome: Outcome
    keep: float | None
    low: float | None
    high: float | None
    interval: bool
    worst: Step
    alone: bool


@dataclass(frozen=True, slots=True)
class Need:
    """What one measure asks to keep; ``least`` is empty where there is nothing to tell."""

    metric: str
    title: str
    family: str
    unit: str
    thresholds: tuple[float, float, float] | None
    worse: Literal["lower", "higher", "either"]
    scale: Scale | None
    shares: tuple[float, ...]
    courses: tuple[Course, ...]
    least: tuple[Least, ...]

    @property
    def affected(self) -> bool:
        """Whether some share that was simulated is not enough to stay under a minor loss."""
        return bool(self.least) and self.least[0].outcome != "smallest-is-enough"


@dataclass(frozen=True, slots=True)
class Planned:
    """What a simulation says of how much to keep.

    ``settings`` are those of the training. Intervals are those of the comparisons where one seed
    was run, else of the mean over ``seeds``. ``warnings`` say why losses may look smaller than they
    are.
    """

    settings: Mapping[str, Setting]
    generations: int
    seeds: tuple[int, ...]
    basis: Basis
    confidence: float
    needs: tuple[Need, ...]
    warnings: tuple[str, ...] = ()
