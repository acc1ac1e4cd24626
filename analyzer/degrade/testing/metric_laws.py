"""What every metric must do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from degrade.census.keys import GROUP_MASK
from degrade.comparison import Settings, Subject, compare_profiles
from degrade.errors import DegradeError, PluginError
from degrade.findings import Finding
from degrade.inference.scales import shown
from degrade.metric import CorpusMetric, DocumentMetric, Metric, PairMetric, TextMetric
from degrade.plan import SAMPLED_DOCUMENTS, Plan
from degrade.profiles import Profile
from degrade.summaries import Census, Moments, SampledMoments, Summary
from degrade.testing.corpora import FEW, hostile_corpora, ordinary_documents
from degrade.testing.declarations import check_declaration
from degrade.testing.demands import Frozen, frozen, layers_for, numbers, require, shuffled
from degrade.text.document import Batch, Document
from degrade.text.layer import Layer

BASE = "word"
"""The layer that sizes are matched on."""


def check_metric(
    metric: Metric,
    layers: Mapping[str, Layer] | None = None,
    documents: Sequence[Document] | None = None,
) -> None:
    """Check the declaration of ``metric``, and that its values are sound on any corpus.

    ``documents`` are a corpus on which it has a value; invented ones if it is not given.
    """
    check_declaration(metric)
    names = {name for need in metric.needs for name in need.layers} | {BASE}
    sampled = SAMPLED_DOCUMENTS if isinstance(metric, TextMetric) else 0
    plan = Plan.of(metric.needs, BASE, layers_for(names, layers), sampled_documents=sampled)
    corpus = list(documents) if documents is not None else ordinary_documents()
    half = [Document(d.text[: len(d.text) * 3 // 4], d.id) for d in corpus[: len(corpus) * 3 // 4]]
    whole, other = _profile(plan, corpus), _profile(plan, half)
    before = _contents(whole), _contents(other)

    first = _finding(metric, whole, other)
    require(
        first is not None and first.change is not None,
        f"{metric.name}: it has no value on ordinary text "
        f"({first.note if first else 'the corpora cannot be compared'}); hand over documents on "
        "which it has one",
    )
    if isinstance(metric, CorpusMetric | PairMetric) and metric.compute_each is not None:
        singly = _finding(replace(metric, compute_each=None), whole, other)
        require(
            first is not None and singly is not None and _alike(first, singly),
            f"{metric.name}: by compute_each it finds {first}, by compute {singly}",
        )
    again = _finding(metric, whole, other)
    require(first == again, f"{metric.name}: asked twice, it answers {first}, then {again}")
    mixed = shuffled(corpus)
    sharded = _profile(plan, *(mixed[i::5] for i in range(5)))
    regrouped = _finding(metric, sharded, other)
    require(
        first == regrouped,
        f"{metric.name}: sharding changes its value: {first} of one profile, {regrouped} of five",
    )
    require(
        before == (_contents(whole), _contents(other)), f"{metric.name}: it changes the profiles"
    )
    clustered = _profile(plan, [Document(d.text, d.id, f"c{i // 2}") for i, d in enumerate(corpus)])
    for name, profile in (("a corpus", whole), ("a corpus of clusters", clustered)):
        itself = _finding(metric, profile, profile)
        change = itself.change.value if itself and itself.change else None
        if not isinstance(metric, PairMetric):
            require(
                change == shown(metric, 0.0),
                f"{metric.name}: {name} compared with itself changes by {change}",
            )
    few = _profile(plan, corpus[:FEW])
    known = [_contents(few, metric)]
    for said, texts in hostile_corpora().items():
        where = f"where a corpus has {said}"
        hostile = _profile(plan, texts, where=where)
        counted = _contents(hostile, metric)
        if counted in known:
            continue
        known.append(counted)
        nothing = _rests_on_nothing(metric, hostile)
        for one, two in ((few, hostile), (hostile, few), (hostile, hostile)):
            finding = _finding(metric, one, two, where)
            # Of a candidate in which there is nothing, a pair metric may well say so.
            judged = nothing and (one is hostile or not isinstance(metric, PairMetric))
            require(
                not (judged and finding and finding.change),
                f"{metric.name}: it has a value {where}, though what is counted for it there "
                "lies in one group of documents or nowhere; where nothing is left to compute it "
                "from, raise UndefinedMetricError",
            )


def _alike(one: Finding, other: Finding) -> bool:
    """Whether two findings are the same but for rounding."""
    mine, theirs = (dict(numbers(finding, "")) for finding in (one, other))
    return mine.keys() == theirs.keys() and all(
        math.isclose(mine[place], theirs[place], rel_tol=1e-6, abs_tol=1e-9) for place in mine
    )


def _rests_on_nothing(metric: Metric, profile: Profile) -> bool:
    """Whether there is nothing to compute ``metric`` from, or nothing once a group is left out."""
    spare = 1 if metric.tested else 0
    return all(_groups_held(profile.levels[0][need], spare) <= spare for need in metric.needs)


def _groups_held(summary: Summary, spare: int) -> int:
    """Return how many groups hold what is counted; of other summaries, more than ``spare``."""
    if isinstance(summary, Census):
        return len(np.unique(summary.table.keys & GROUP_MASK))
    if isinstance(summary, Moments | SampledMoments):
        _, denominators = summary.sums()
        return int(np.count_nonzero(denominators))
    return spare + 1


def _profile(plan: Plan, *shards: Sequence[Document], where: str = "on ordinary text") -> Profile:
    whole = Profile(plan)
    for shard in reversed(shards):
        part = Profile(plan)
        try:
            part.update(Batch(shard))
        except PluginError as error:
            raise AssertionError(
                f"{error} {where}; a document without a value has a denominator of 0"
            ) from error
        whole.merge(part)
    return whole


def _contents(profile: Profile, metric: Metric | None = None) -> list[tuple[str, Frozen]]:
    """Return all that is known, or what is counted for ``metric`` and for sizes in tokens."""
    found = [
        (need.key, frozen(summary.arrays()))
        for level in profile.levels
        for need, summary in level.items()
        if metric is None or need in metric.needs
    ]
    return [*found, ("tokens", frozen({"tokens": profile.extent().tokens}))]


def _finding(
    metric: Metric, reference: Profile, candidate: Profile, where: str = "on ordinary text"
) -> Finding | None:
    """Return what ``metric`` finds, None where the corpora cannot be compared."""
    subjects = Subject("reference", reference), Subject("candidate", candidate)
    settings = Settings(reference_role="heldout", self_check=0)
    try:
        compared = compare_profiles(subjects[0], subjects[1:], (metric,), settings)
    except PluginError as error:
        raise AssertionError(
            f"{error} {where}; if it has no value there, raise UndefinedMetricError"
        ) from error
    except DegradeError:
        return None
    (finding,) = compared.comparisons[0].findings
    # What was read of the texts is noted beside the value, and what was added so that there is one.
    events = isinstance(metric, DocumentMetric) and metric.events
    noted = bool(finding.change) and (events or isinstance(metric, TextMetric))
    require(
        noted or bool(finding.change) != bool(finding.note),
        f"{metric.name}: neither a value nor a reason {where}",
    )
    for place, number in numbers(finding, "finding"):
        require(math.isfinite(number), f"{metric.name}: {place} is {number} {where}")
    return finding
