"""Which metrics a run computes, and what has to be counted for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from degrade import registry
from degrade.engines.local import available_cores
from degrade.errors import ProfileError, UsageError
from degrade.findings import Caution
from degrade.inference.scales import check_thresholds
from degrade.metric import Metric
from degrade.options import BASE, Options
from degrade.plan import Plan
from degrade.profiles import Profile
from degrade.summaries import Census, Need
from degrade.text.layer import Layer
from degrade.text.pipelines import PIPELINE_LAYERS

BYTES_PER_ENTRY = 120
"""Peak memory of counting, an entry of capacity, at two to three levels of the ladder and with what
is being merged: 70 were measured for 4 GB of text, and some more are left for other text."""
FEWEST_ENTRIES = 1 << 14
"""Entries of a census below which the sample is too small to say anything of rare n-grams."""


def chosen_metrics(options: Options, saved: Profile | None) -> tuple[Metric, ...]:
    """Return the metrics asked for, with the caller's thresholds.

    Against a saved profile, those of the default that it holds. Raises ProfileError for one asked
    for by name that it does not hold.
    """
    catalogue = registry.catalogue(options.plugins)
    metrics = catalogue.select(options.metrics)
    limits = _limits(options, catalogue)
    if saved is not None:
        missing = [m for m in metrics if not _held(m, saved)]
        named = [m.name for m in missing if m.name in options.metrics]
        if named:
            raise ProfileError(f"the saved profile does not hold what {named[0]} needs")
        metrics = tuple(m for m in metrics if m not in missing)
    else:
        lacking = catalogue.out_of_reach(options.metrics, options.spacy)
        metrics = tuple(m for m in metrics if m.name not in lacking)
    return tuple(
        replace(m, thresholds=check_thresholds(m, limits[m.name])) if m.name in limits else m
        for m in metrics
    )


def absent_primaries(options: Options, saved: Profile | None) -> tuple[Metric, ...]:
    """Return the metrics of the verdict that are asked for and that a saved profile lacks."""
    if saved is None:
        return ()
    asked = registry.catalogue(options.plugins).select(options.metrics)
    return tuple(m for m in asked if m.primary and not _held(m, saved))


def _held(metric: Metric, saved: Profile) -> bool:
    return {need.key for need in metric.needs} <= {need.key for need in saved.plan.needs}


def _limits(options: Options, catalogue: registry.Catalogue) -> dict[str, tuple[float, ...]]:
    """Return the caller's thresholds by metric; one's own come before those of its family."""
    limits: dict[str, tuple[float, ...]] = {}
    for name, given in options.thresholds.items():
        for metric in catalogue.select([name]):
            if metric.name not in options.thresholds and metric.thresholds is not None:
                limits[metric.name] = tuple(given)
    return limits | {m: tuple(t) for m, t in options.thresholds.items() if m in catalogue.metrics}


def left_out(options: Options) -> dict[str, str]:
    """Return the metrics that ``all`` asks for and that are left out, by reason, in one line."""
    lacking = registry.catalogue(options.plugins).out_of_reach(options.metrics, options.spacy)
    return {
        reason: ", ".join(name for name, why in lacking.items() if why == reason)
        for reason in dict.fromkeys(lacking.values())
    }


def cautions_of_left_out(options: Options, saved: Profile | None) -> list[Caution]:
    """Return the warnings that say which metrics asked for are left out, and why."""
    if saved is not None:
        return []
    return [
        Caution("metrics-left-out", f"Left out: {names}; {reason}.", {"metrics": names})
        for reason, names in left_out(options).items()
    ]


def plan_for(options: Options) -> Plan:
    """Return the plan of what ``options`` ask for, where nothing is compared."""
    return plan_of(chosen_metrics(options, None), options, None)


def plan_of(
    metrics: Sequence[Metric], options: Options, saved: Profile | None, *, counting: bool = True
) -> Plan:
    """Return the plan of a run; with nothing left to count, only the base layer is needed."""
    needs = {need.key: need for metric in metrics for need in metric.needs}
    asked = options.layer
    if saved is not None:
        # What is compared with a saved profile is counted as it was, and by the same tokenizer.
        bound = {
            need.key: need
            for m in registry.catalogue(options.plugins).metrics.values()
            for need in m.needs
        }
        needs = {need.key: bound.get(need.key, need) for need in saved.plan.needs}
        asked = layer_of(options, saved)
        if not counting:
            return replace(saved.plan, layers={BASE: registry.layer(asked)})
    names = {name for need in needs.values() for name in need.layers} | {BASE}
    layers: dict[str, Layer] = {
        name: registry.layer(
            asked if name == BASE else _as_saved(name, options, saved), options.spacy
        )
        for name in sorted(names)
    }
    counted = cast(Sequence[Need], needs.values())
    capacity = _capacity(options, sum(need.summary is Census for need in counted))
    return Plan.of(counted, BASE, layers, options.sampled_documents, capacity, options.thin)


def layer_of(options: Options, saved: Profile) -> str:
    """Return the layer of a saved profile. Raises ProfileError where another one is asked for."""
    counted = dict(saved.plan.versions)[saved.plan.base].split(" ", 1)[0]
    if options.layer in (BASE, counted):
        return counted
    # A pipeline in a folder goes by its own name.
    if registry.layer(options.layer).name != counted:
        raise ProfileError(f"the saved profile counts {counted!r}, not {options.layer!r}")
    return options.layer


def _capacity(options: Options, censuses: int) -> int | None:
    """Return the most entries that a census of this run holds, if told; 0 for all there are."""
    if options.memory is None:
        capacity = options.capacity
        if capacity is not None and capacity < 0:
            raise UsageError(f"a census cannot hold {capacity} entries; 0 keeps all there are")
        return capacity
    workers = options.workers or available_cores()
    capacity = options.memory // (BYTES_PER_ENTRY * max(1, censuses) * workers)
    if capacity < FEWEST_ENTRIES:
        least = FEWEST_ENTRIES * BYTES_PER_ENTRY * max(1, censuses) * workers
        raise UsageError(
            f"{options.memory / 1e6:,.0f} MB is too little memory for {censuses} censuses in "
            f"{workers} workers; it takes {least / 1e6:,.0f} MB, fewer workers or fewer metrics"
        )
    return capacity


def _as_saved(name: str, options: Options, saved: Profile | None) -> str:
    """Return ``name`` with the pipeline that a saved profile was made with, if none is given."""
    if saved is None or options.spacy or name not in PIPELINE_LAYERS:
        return name
    return dict(saved.plan.versions)[name].split(" ", 1)[0]
