"""What a summary is, and how a metric asks for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

from numpy.typing import NDArray

from degrade.text.document import Batch
from degrade.text.layer import Layer

Option = str | int | float
Arrays = dict[str, NDArray[Any]]


class Summary(Protocol):
    """A mergeable reduction of documents.

    A fresh one is neutral; merging associates and commutes; ``arrays`` is a function of the
    documents alone, whatever their order and sharding.
    """

    def __init__(self, need: Need, /) -> None: ...

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return the names of the layers that ``update`` will ask for."""
        ...

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Absorb the documents of ``batch``."""
        ...

    def merge(self, other: Self) -> None:
        """Absorb what ``other`` holds; ``other`` is not changed."""
        ...

    def arrays(self) -> Arrays:
        """Return all that is known, as named arrays in a canonical form."""
        ...

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the summary that gave ``arrays``. Raises ValueError where they make no sense."""
        ...


@dataclass(frozen=True, slots=True, init=False)
class Need:
    """A request for a summary: ``Need(Census, layer="word", n=3)``. Equal needs share one.

    ``measure`` is a function that the summary applies to documents; it does not take part in
    equality, its name and version among the options do.
    """

    summary: type[Summary]
    options: tuple[tuple[str, Option], ...]
    measure: Callable[..., Any] | None

    def __init__(
        self,
        summary: type[Summary],
        *,
        measure: Callable[..., Any] | None = None,
        **options: Option,
    ) -> None:
        object.__setattr__(self, "summary", summary)
        object.__setattr__(self, "options", tuple(sorted(options.items())))
        object.__setattr__(self, "measure", measure)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Need):
            return NotImplemented
        return (self.summary, self.options) == (other.summary, other.options)

    def __hash__(self) -> int:
        return hash((self.summary, self.options))

    def __getitem__(self, option: str) -> Option:
        return dict(self.options)[option]

    @property
    def key(self) -> str:
        """A stable name, unique within a plan: ``census(layer=word,n=3)``."""
        inside = ",".join(f"{name}={value}" for name, value in self.options)
        return f"{self.summary.__name__.lower()}({inside})"

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers this need asks for."""
        return self.summary.layers(self)
