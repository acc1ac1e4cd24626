"""One source in two random parts, profiled and compared as any two corpora are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import numpy as np

from degrade import registry
from degrade.comparison import Settings, Subject, compare_profiles
from degrade.findings import Comparison, Finding
from degrade.metric import Metric, TextMetric
from degrade.options import Options
from degrade.plan import SAMPLED_DOCUMENTS, Plan
from degrade.planning import chosen_metrics
from degrade.profiles import Profile
from degrade.readers import Fields, open_corpus
from degrade.summaries import Census, Need
from degrade.text.document import Batch, Document

T = TypeVar("T")
PRIMARY = ("primary",)
_BATCH = 2_000


@cache
def chosen(names: tuple[str, ...] = PRIMARY) -> tuple[Metric, ...]:
    """Return the metrics of these names and families."""
    return chosen_metrics(Options(metrics=names), None)


@cache
def planned(names: tuple[str, ...]) -> Plan:
    """Return what the metrics of these names need; texts are sampled for those that read them."""
    metrics = chosen(names)
    # Counts of words are what the negative controls take.
    asked = (Need(Census, layer="word", n=1), *(n for metric in metrics for n in metric.needs))
    needs = {need.key: need for need in asked}
    layers = {name for need in needs.values() for name in need.layers} | {"word"}
    sampled = SAMPLED_DOCUMENTS if any(isinstance(m, TextMetric) for m in metrics) else 0
    return Plan.of(
        needs.values(), "word", {name: registry.layer(name) for name in sorted(layers)}, sampled
    )


@dataclass(frozen=True)
class Case:
    """How to split: ``ratio`` clusters of one side to one of the other, ``units`` of the latter."""

    ratio: int
    units: int | None
    splits: int
    seed: int
    test: str = "jackknife"
    relabelings: int = 99
    paired: bool = False
    metrics: tuple[str, ...] = PRIMARY


@dataclass(frozen=True)
class Texts:
    """Documents, and the numbers of those in each cluster."""

    documents: list[Document]
    clusters: list[list[int]]

    @classmethod
    def read(
        cls, corpora: Iterable[str], text: str, cluster: str | None, passages: int | None
    ) -> Texts:
        """Read ``corpora``, in passages of about so many words."""
        documents: list[Document] = []
        for spec in corpora:
            fields = Fields(text, None, cluster)
            with open_corpus(spec, fields, readers=registry.all_of(registry.READERS)) as corpus:
                for document in corpus.documents():
                    documents += _passages(document, passages) if passages else [document]
        members: dict[str, list[int]] = {}
        for i, document in enumerate(documents):
            members.setdefault(document.cluster or document.id, []).append(i)
        return cls(documents, list(members.values()))


def _passages(document: Document, words: int) -> list[Document]:
    every = document.text.split()
    count = max(1, round(len(every) / words))
    bounds = [len(every) * k // count for k in range(count + 1)]
    return [
        Document(" ".join(every[bounds[k] : bounds[k + 1]]), f"{document.id}/{k}")
        for k in range(count)
    ]


def parted(texts: Texts, case: Case, split: int) -> tuple[list[Document], list[Document]]:
    """Return a reference and a candidate that differ by chance alone.

    Clusters get new names in every split, so that they also fall into new groups.
    """
    rng = np.random.default_rng((case.seed, split))
    if case.paired:
        sides: tuple[list[Document], list[Document]] = ([], [])
        for k, members in enumerate(texts.clusters):
            order = rng.permutation(members)
            for side, part in zip(sides, (order[::2], order[1::2]), strict=True):
                side.extend(_renamed(texts.documents[i], f"{split}/{k}") for i in part)
        return sides
    most = len(texts.clusters) // (case.ratio + 1)
    units = min(case.units or most, most)
    order = rng.permutation(len(texts.clusters))[: units * (case.ratio + 1)]
    parts = order[units:], order[:units]
    return tuple(
        [_renamed(texts.documents[i], f"{split}/{k}") for k in part for i in texts.clusters[k]]
        for part in parts
    )  # type: ignore[return-value]


def _renamed(document: Document, cluster: str) -> Document:
    return Document(document.text, f"{cluster}/{document.id}", cluster if document.cluster else "")


def profiled(
    documents: Sequence[Document], names: tuple[str, ...] = PRIMARY, *, ladder_only: bool = False
) -> Profile:
    """Return the profile of ``documents``, for the metrics of these names.

    With ``ladder_only`` n-grams are counted from level 1 of the ladder on. Against a corpus a
    hundred times smaller no others are read, and it takes a third of the time.
    """
    profile = Profile(planned(names))
    whole = profile.levels[0]
    for first in range(0, len(documents), _BATCH):
        batch = Batch(documents[first : first + _BATCH])
        if not ladder_only:
            profile.update(batch)
            continue
        for need, summary in whole.items():
            if need.summary is not Census:
                summary.update(batch, profile.plan.layers)
        for k, level in enumerate(profile.levels[1:], 1):
            part = batch.level(k)
            for summary in level.values() if len(part) else ():
                summary.update(part, profile.plan.layers)
    return profile


def compared(
    reference: Profile, candidate: Profile, names: tuple[str, ...] = PRIMARY, **settings: Any
) -> Comparison:
    """Return the comparison of two profiles, without a self-check."""
    subjects = Subject("reference", reference), Subject("candidate", candidate)
    return compare_profiles(
        subjects[0], subjects[1:], chosen(names), Settings(self_check=0, **settings)
    ).comparisons[0]


def theta(finding: Finding) -> float:
    """Return the change where it adds up: see ``Finding.error``."""
    change = finding.change
    if change is None:
        return math.nan
    scale = registry.catalogue().metrics[finding.metric].scale
    if scale == "loss":
        return math.log1p(-change.value)
    if scale != "log":
        return change.value
    return math.log(change.value) if change.scale == "ratio" else math.log1p(change.value)


_TEXTS: list[Texts] = []


def each_split(texts: Texts, work: Callable[[Texts, int], T], splits: int, workers: int) -> list[T]:
    """Return what ``work`` gives for every split, in order, by ``workers`` processes."""
    if workers <= 1:
        return [work(texts, split) for split in range(splits)]
    with ProcessPoolExecutor(workers, initializer=_TEXTS.append, initargs=(texts,)) as pool:
        return list(pool.map(_Worked(work), range(splits)))


@dataclass(frozen=True)
class _Worked:
    work: Callable[[Texts, int], Any]

    def __call__(self, split: int) -> Any:
        return self.work(_TEXTS[0], split)
