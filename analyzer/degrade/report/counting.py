"""What a metric has counted for it, in words, and what of that no other metric has asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from degrade.metric import WHOLE, CorpusMetric, DocumentMetric, Metric, PairMetric
from degrade.plan import extent_need
from degrade.summaries import (
    Census,
    Clusters,
    Contents,
    Extent,
    Moments,
    Need,
    Sample,
    SampledMoments,
)

_ORDERS = {2: "{} pairs", 3: "{} triples"}
BASE = "word"
"""The layer in which sizes are measured, whatever the metrics."""
_IN_EVERY_PROFILE: Mapping[Need, str] = {
    Need(Clusters): "clusters of documents",
    Need(Contents): "which texts there are",
    extent_need(BASE): "sizes of documents",
}
"""Kept for every comparison, whatever the metrics: a metric of these costs nothing to count."""


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted for a metric.

    Attributes
    ----------
    what : all of it, in words
    added : of that, what no other metric of the default set has counted; what is added to a run
    shared_with : other metrics of the default set that have some of the same counted
    """

    what: tuple[str, ...]
    added: tuple[str, ...]
    shared_with: tuple[str, ...]


def counting_of(metric: Metric, known: Iterable[Metric]) -> Counting:
    """Return what is counted for ``metric``, beside the default ones of ``known``."""
    if reads_again(metric):
        again = ("a second reading of the texts",)
        return Counting(again, again, ())
    others = [m for m in known if m.default and m.name != metric.name]
    free = {need for other in others for need in other.needs}
    found = {layer for need in free for layer in need.layers} | {BASE}
    added = [n for n in metric.needs if n not in free and n not in _IN_EVERY_PROFILE]
    layers = sorted({layer for need in added for layer in need.layers} - found)
    sharing = [m.name for m in others if not set(m.needs).isdisjoint(metric.needs)]
    return Counting(
        in_words(metric.needs),
        (*in_words(added), *(f"finding {plural(layer)} in every text" for layer in layers)),
        tuple(sharing),
    )


def reads_again(metric: Metric) -> bool:
    """Whether ``metric`` is of a kind that is computed from texts and not from what was counted."""
    return not isinstance(metric, CorpusMetric | PairMetric | DocumentMetric)


def cost_of(counting: Counting, *, default: bool) -> str:
    """Return in words what computing the metric adds to a pass over the text."""
    if not counting.added:
        if not counting.shared_with:
            return "nothing: every profile holds it"
        shared = few(counting.shared_with)
        return f"nothing beside the default set: the same is counted for {shared}"
    what = few(counting.added)
    if default:
        return f"{what}, which nothing else of the default set needs"
    return f"{what}, on top of the default set"


def few(names: tuple[str, ...], most: int = 3) -> str:
    """Return ``a``, ``a and b``, ``a, b and c``, or ``a, b and 5 more``."""
    if len(names) > most:
        names = (*names[: most - 1], f"{len(names) - most + 1} more")
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def plural(layer: str) -> str:
    """Return what symbols of ``layer`` are called: ``words``, ``entities``, ``openings (5)``."""
    name, _, argument = layer.partition(":")
    if not name.endswith("s"):
        name = f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
    return f"{name} ({argument})" if argument else name


def in_words(needs: Iterable[Need]) -> tuple[str, ...]:
    """Return what ``needs`` have counted, windows of one layer together."""
    every = list(needs)
    windows: dict[str, list[int]] = {}
    for need in every:
        if need.summary in (Moments, SampledMoments):
            windows.setdefault(str(need["layer"]), []).append(int(need["window"]))
    said = [_windows(layer, sizes) for layer, sizes in windows.items()]
    said += [_said(need) for need in every if need.summary not in (Moments, SampledMoments)]
    return tuple(dict.fromkeys(said))


def _windows(layer: str, sizes: Sequence[int]) -> str:
    least, most = min(sizes), max(sizes)
    if most == WHOLE:
        return f"{plural(layer)} of whole documents"
    spanned = f"{least} to {most}" if least < most else f"{most}"
    return f"windows of {spanned} {plural(layer)}"


def _said(need: Need) -> str:
    if need.summary is Census:
        layer, n = str(need["layer"]), int(need["n"])
        return plural(layer) if n == 1 else _ORDERS.get(n, f"{{}} {n}-grams").format(layer)
    if need.summary is Sample:
        return "the documents kept as text"
    if need in _IN_EVERY_PROFILE:
        return _IN_EVERY_PROFILE[need]
    if need.summary is Extent:
        return f"sizes in {plural(str(need['layer']))}"
    # A summary of a plugin: the first line of its docstring says what it is.
    first = (need.summary.__doc__ or "").strip().partition("\n")[0].rstrip(".").replace("`", "")
    return (first[:1].lower() + first[1:]) or need.summary.__name__
