"""How corpora are read and counted: what a caller may ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from degrade import registry
from degrade.errors import UsageError
from degrade.plan import SAMPLED_DOCUMENTS

BASE = "word"
"""The layer that metrics count; the tokenizer asked for stands in its place."""
RAY = "ray"
"""The engine that takes the address of a cluster."""
MOST_THINNED = 24
Progress = Callable[[str, int, int], None]
"""Told of every batch: the corpus, and the documents and characters counted in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How corpora are read and counted; the options of the command line, under their names.

    ``text_fields`` names the text field of single corpora, by name. ``workers`` 0 takes all cores.
    ``ray_address`` is that of the cluster of the engine ``ray``, if one is not started here.
    ``spacy`` is the pipeline, installed or a folder, that metrics of syntax read tags, lemmas,
    trees and entities off. ``capacity`` is the most entries a census holds (0: all there are;
    None: ``plan.CAPACITY``, and ``plan.LEEWAY`` while documents are few); ``memory``, in
    bytes and for counting alone, may say it instead. ``state`` is a folder in which what is counted
    of files is kept as the run goes on; a run that is broken off and started again goes on from
    there. ``thin`` counts only one cluster in 2**thin, chosen by hash.
    """

    metrics: Sequence[str] = ("default",)
    layer: str = BASE
    spacy: str | None = None
    text_field: str = "text"
    text_fields: Mapping[str, str] = field(default_factory=dict)
    id_field: str | None = None
    cluster_field: str | None = None
    split: str | None = None
    format: str | None = None
    limit: int | None = None
    on_error: str = "fail"
    engine: str = "local"
    workers: int = 0
    ray_address: str | None = None
    state: str | Path | None = None
    capacity: int | None = None
    memory: int | None = None
    sampled_documents: int = SAMPLED_DOCUMENTS
    thin: int = 0
    plugins: Sequence[str | Path] = ()
    thresholds: Mapping[str, Sequence[float]] = field(default_factory=dict)
    progress: Progress | None = None


def options_of(given: Mapping[str, Any]) -> Options:
    """Return ``given``, by the names of the fields of Options. Raises UsageError for no such."""
    known = Options.__dataclass_fields__
    for name in given:
        if name not in known:
            raise UsageError(f"no option {name!r}; {registry.nearest(name, known)}")
    chosen = Options(**given)
    if isinstance(chosen.metrics, str):
        chosen = replace(chosen, metrics=chosen.metrics.split(","))
    if isinstance(chosen.plugins, str | Path):
        chosen = replace(chosen, plugins=(chosen.plugins,))
    if not 0 <= chosen.thin <= MOST_THINNED:
        raise UsageError(f"thin is 0 to {MOST_THINNED}, not {chosen.thin}")
    if chosen.on_error not in ("fail", "skip"):
        raise UsageError(f"on_error is fail or skip, not {chosen.on_error!r}")
    if chosen.capacity is not None and chosen.memory is not None:
        raise UsageError("capacity and memory say the same thing: give one of them")
    if chosen.engine != RAY and chosen.ray_address is not None:
        raise UsageError(f"a Ray address is for the engine {RAY!r}, not {chosen.engine!r}")
    if chosen.engine == RAY and chosen.memory is not None:
        raise UsageError("memory is that of this machine, and others count: give capacity")
    return chosen
