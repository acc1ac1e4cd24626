"""How many parts of a corpus a cluster counts in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

MOST_BYTES = 512 << 20
"""Of a task: a worker counts for some twenty seconds, and less than one goes to packing the profile
and merging it. Should the worker die, that much is counted again."""
LEAST_BYTES = 32 << 20
"""Below this, what a task costs besides counting is a tenth of it and more."""
SHARES = 2
"""A task is of that share of what is left that each core would get if there were so many times as
many: large ones first, and at the end small ones, so that cores finish at like times."""
TASKS_A_CORE = 4
"""Each core gets so many at least, as far as there are parts."""
PIECES = 8
"""What a worker died of is handed out again in so many pieces, until the guilty part is found."""


class Sizes:
    """Groups parts of given ``weights``, in bytes, to tasks for so many ``cores``."""

    def __init__(self, weights: Sequence[float], cores: int) -> None:
        self._weights = weights
        self._cores = cores
        self._fair = sum(weights) / (TASKS_A_CORE * cores)

    def first(self) -> Iterator[tuple[int, ...]]:
        """Yield all parts in tasks, in the order in which they are to be handed out."""
        # A large archive is one part; begun last, all others would wait for it.
        heavy = 2 * min(MOST_BYTES, self._fair)
        light = []
        for index, weight in enumerate(self._weights):
            if weight > heavy:
                yield (index,)
            else:
                light.append(index)
        yield from self.again(light)

    def again(self, indices: Iterable[int]) -> Iterator[tuple[int, ...]]:
        """Yield parts that stand in order in tasks; those of one stand side by side."""
        indices = [*indices]
        left = sum(self._weights[index] for index in indices)
        least = min(LEAST_BYTES, self._fair)
        at = 0
        while at < len(indices):
            share = min(MOST_BYTES, max(least, left / (SHARES * self._cores)))
            end = self._end(indices, at, share)
            yield tuple(indices[at:end])
            left -= sum(self._weights[index] for index in indices[at:end])
            at = end

    def pieces(self, indices: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """Yield parts in ``PIECES`` pieces, so that what one of them does befalls few others."""
        share = sum(self._weights[index] for index in indices) / PIECES
        at = 0
        while at < len(indices):
            end = self._end(indices, at, share)
            yield tuple(indices[at:end])
            at = end

    def _end(self, indices: Sequence[int], at: int, share: float) -> int:
        """Return where a run of neighbours from ``at`` on ends that weighs a ``share`` at most."""
        end, weight = at + 1, self._weights[indices[at]]
        while end < len(indices) and indices[end] == indices[end - 1] + 1:
            weight += self._weights[indices[end]]
            if weight > share:
                break
            end += 1
        return end
