"""What to count: the plan of a profile, which alone travels to workers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from degrade.summaries import Census, Clusters, Contents, Extent, Mix, Need, Sample, Summary
from degrade.summaries.mix import EDITION
from degrade.text.layer import Layer

SAMPLED_DOCUMENTS = 1_000
CAPACITY = 1 << 20
"""Entries of a census, of 16 bytes each, of a corpus of many documents."""
LEEWAY = 1 << 23
"""Entries of a census while the next level of the ladder holds few clusters: of some eight million
words, all n-grams."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to count: the union of the needs of the chosen metrics. It pickles, to travel alone.

    Attributes
    ----------
    base : name of the layer whose symbols are the tokens that sizes are matched on
    needs : the summaries to keep, sorted by key
    versions : of each layer that counts, the name metrics call it by, and its own name and version
    layers : the layers themselves, by the former; empty in the plan of a loaded profile
    capacity : the most entries that a census holds; 0 for all there are
    leeway : the most while the next level of the ladder holds fewer than ``MANY_CLUSTERS`` clusters
    thin : only one cluster in ``2**thin`` is counted
    """

    base: str
    needs: tuple[Need, ...]
    versions: tuple[tuple[str, str], ...]
    layers: Mapping[str, Layer] = field(default_factory=dict, compare=False)
    capacity: int = 0
    leeway: int = 0
    thin: int = 0

    @classmethod
    def of(
        cls,
        needs: Iterable[Need],
        base: str,
        layers: Mapping[str, Layer],
        sampled_documents: int = SAMPLED_DOCUMENTS,
        capacity: int | None = None,
        thin: int = 0,
    ) -> Plan:
        """Return the plan for ``needs``, with what every comparison needs besides.

        A ``capacity`` that is given is held to however few documents there are.
        """
        sample = Need(Sample, documents=sampled_documents)
        every = {need.key: need for need in (*needs, *own_needs(base), sample)}
        used = sorted({name for need in every.values() for name in need.layers})
        return cls(
            base,
            tuple(every[key] for key in sorted(every)),
            tuple((name, f"{layers[name].name} {layers[name].version}") for name in used),
            {name: layers[name] for name in used},
            CAPACITY if capacity is None else capacity,
            LEEWAY if capacity is None else capacity,
            thin,
        )

    def summary(self, need: Need) -> Summary:
        """Return a fresh summary for ``need``."""
        if need.summary is Census:
            return Census(need, self.capacity, self.leeway)
        return need.summary(need)

    @property
    def counted(self) -> tuple[str, ...]:
        """Keys of the needs that decide whether profiles may meet: all but the sample of texts."""
        return tuple(need.key for need in self.needs if need.summary is not Sample)

    def differences(self, other: Plan) -> list[str]:
        """Return in words in what the two plans differ; nothing if their profiles may meet."""
        said = []
        if self.base != other.base:
            said.append(f"tokens are of layer {self.base!r} in one, {other.base!r} in the other")
        mine, theirs = dict(self.versions), dict(other.versions)
        said += [
            f"layer {name!r} is {mine[name]} in one, {theirs[name]} in the other"
            for name in sorted(mine.keys() & theirs.keys())
            if mine[name] != theirs[name]
        ]
        for one, two, side in ((self, other, "first"), (other, self, "second")):
            only = sorted(set(one.counted) - set(two.counted))
            if only:
                said.append(f"only the {side} holds {', '.join(only)}")
        return said


def extent_need(base: str) -> Need:
    """Return the need for the sizes of a corpus in tokens of layer ``base``."""
    return Need(Extent, layer=base)


def mix_need(base: str) -> Need:
    """Return the need for the scripts and languages of a corpus whose tokens are of ``base``."""
    return Need(Mix, layer=base, edition=EDITION)


def own_needs(base: str) -> tuple[Need, ...]:
    """Return what every comparison needs, whatever the metrics; a sample of texts besides."""
    return extent_need(base), mix_need(base), Need(Clusters), Need(Contents)
