"""Entry points and plugin files to objects: one way in for built-ins and for anyone's."""

from __future__ import annotations

import difflib
import importlib.util
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import Distribution, EntryPoint, EntryPoints, entry_points
from pathlib import Path
from typing import Any

from degrade.errors import DegradeError, LayerUnavailableError, PluginError, UsageError
from degrade.metric import CorpusMetric, DocumentMetric, Metric, PairMetric, TextMetric
from degrade.text.layer import Layer
from degrade.text.pipelines import PIPELINE_LAYERS

METRICS, LAYERS = "degrade.metrics", "degrade.layers"
READERS, REPORTERS, ENGINES = "degrade.readers", "degrade.reporters", "degrade.engines"
LEARNERS = "degrade.learners"
MANY = 40
"""Names that are too many for a message."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a group of entry points gave: objects by name, their origin, and what failed."""

    objects: Mapping[str, Any]
    origins: Mapping[str, str]
    failures: Mapping[str, str] = field(default_factory=dict)


def nearest(name: str, known: Iterable[str], listing: str = "") -> str:
    """Return the sentence that helps with an unknown name.

    ``listing`` is a command that lists the known ones, named instead of them where they are many.
    """
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]!r}? " if close else ""
    if listing and len(names) > MANY:
        return f"{hint}`{listing}` lists the {len(names)} that are known"
    return f"{hint}known: {', '.join(names)}"


@cache
def load(group: str, name: str | None = None) -> Loaded:
    """Return all objects of an entry-point group; a plugin that fails is named, not raised.

    With a ``name``, the object of that name alone.
    """
    objects: dict[str, Any] = {}
    origins: dict[str, str] = {}
    failures: dict[str, str] = {}
    entries: EntryPoints = _entries().select(group=group)
    if name is not None:
        entries = entries.select(name=name)
    for entry in sorted(entries, key=lambda e: (e.name, _origin(e))):
        try:
            objects[entry.name] = entry.load()
            origins[entry.name] = _origin(entry)
        except Exception as error:  # noqa: BLE001 - any plugin may fail in any way; it is named
            failures[entry.name] = f"{_origin(entry)}: {entry.value}: {error!r}"
    return Loaded(objects, origins, failures)


@cache
def _entries() -> Any:
    """Return all entry points there are: to look for them takes as long as to load many.

    Of another type in each version of Python, and all of them select.
    """
    return entry_points()


def _origin(entry: EntryPoint) -> str:
    return _distribution(entry.dist) if entry.dist else "an unknown distribution"


@cache
def _distribution(distribution: Distribution) -> str:
    # Each look at its name or version parses all of its metadata, the README included.
    about = distribution.metadata
    return f"{about['Name']} {about['Version']}"


def find(group: str, name: str) -> Any:
    """Return the object called ``name`` in ``group``. Raises UsageError with the nearest name."""
    loaded = load(group, name=name)
    if name in loaded.objects:
        return loaded.objects[name]
    kind = group.removeprefix("degrade.").removesuffix("s")
    if name in loaded.failures:
        raise PluginError(f"{kind} {name!r} cannot be loaded from {loaded.failures[name]}")
    raise UsageError(f"no {kind} {name!r}; {nearest(name, load(group).objects)}")


def layer(name: str, pipeline: str | None = None) -> Layer:
    """Return the layer ``name`` or ``name:argument``.

    ``pipeline`` stands in for the argument of layers that take a spaCy pipeline and have none.
    """
    kind, _, argument = name.partition(":")
    if not argument and pipeline and kind in PIPELINE_LAYERS:
        argument = pipeline
    factory: Callable[[str], Layer] = find(LAYERS, kind)
    return factory(argument)


def all_of(group: str) -> tuple[Any, ...]:
    """Return all objects of ``group`` that could be loaded, in the order of their names."""
    return tuple(load(group).objects.values())


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All metrics at hand, by name, where each comes from, and which plugins failed."""

    metrics: Mapping[str, Metric]
    origins: Mapping[str, str]
    failures: Mapping[str, str]

    def select(self, asked: Sequence[str]) -> tuple[Metric, ...]:
        """Return the metrics that names, families, ``primary``, ``default`` or ``all`` ask for.

        ``default`` is every metric that declares itself so. Raises UsageError for what is
        unknown, PluginError where it may be in a plugin that failed.
        """
        chosen: dict[str, Metric] = {}
        families = {metric.family.casefold() for metric in self.metrics.values()}
        for word in asked:
            wanted = word.strip()
            matches = [m for m in self.metrics.values() if _answers(m, wanted)]
            if not matches:
                known = (*self.metrics, *families, "all", "default", "primary")
                hint = nearest(wanted, {*known}, "degrade metrics")
                if self.failures:
                    failed = "; ".join(self.failures.values())
                    raise PluginError(
                        f"no metric {wanted!r}; plugins that failed: {failed}; {hint}"
                    )
                raise UsageError(f"no metric or family {wanted!r}; {hint}")
            chosen |= {metric.name: metric for metric in matches}
        order = {name: i for i, name in enumerate(self.metrics)}
        return tuple(sorted(chosen.values(), key=lambda metric: order[metric.name]))

    def out_of_reach(self, asked: Sequence[str], pipeline: str | None) -> dict[str, str]:
        """Return which metrics only ``all`` asks for whose layers cannot be had, and why.

        Such as need a spaCy ``pipeline`` where none is given, or one that gives more.
        """
        words = {word.strip() for word in asked}
        if "all" not in words:
            return {}
        lacking: dict[str, str] = {}
        reasons: dict[str, str | None] = {}
        for metric in self.metrics.values():
            if any(_answers(metric, word) for word in words - {"all"}):
                continue
            for name in sorted({name for need in metric.needs for name in need.layers}):
                if name not in reasons:
                    reasons[name] = _unavailable(name, pipeline)
                reason = reasons[name]
                if reason is not None:
                    lacking.setdefault(metric.name, reason)
        return lacking


def _unavailable(name: str, pipeline: str | None) -> str | None:
    try:
        layer(name, pipeline)
    except LayerUnavailableError as error:
        return str(error)
    return None


def _answers(metric: Metric, word: str) -> bool:
    return (
        word in ("all", metric.name)
        or (word == "default" and metric.default)
        or (word == "primary" and metric.primary)
        or word.casefold() == metric.family.casefold()
    )


def catalogue(plugin_files: Iterable[str | Path] = ()) -> Catalogue:
    """Return the metrics of all entry points and of ``plugin_files``.

    Raises PluginError for a file that cannot be loaded or a name that two plugins claim.
    """
    loaded = load(METRICS)
    metrics: dict[str, Metric] = {}
    origins: dict[str, str] = {}
    failures = dict(loaded.failures)
    for name, value in loaded.objects.items():
        try:
            _enter(value, loaded.origins[name], metrics, origins)
        except PluginError as error:
            failures[name] = str(error)
    for file in plugin_files:
        _enter(_from_file(Path(file)), str(file), metrics, origins)
    ordered = sorted(metrics.values(), key=lambda m: (not m.primary, m.family, m.name))
    return Catalogue({metric.name: metric for metric in ordered}, origins, failures)


def _enter(value: object, origin: str, metrics: dict[str, Metric], origins: dict[str, str]) -> None:
    if not isinstance(value, list | tuple):
        raise PluginError(f"{origin}: METRICS is a tuple of metrics, not {type(value).__name__}")
    for metric in value:
        if not isinstance(metric, CorpusMetric | PairMetric | DocumentMetric | TextMetric):
            raise PluginError(f"{origin}: {metric!r} is not a metric")
        if metric.name in metrics:
            raise PluginError(f"metric {metric.name!r} is in {origins[metric.name]} and {origin}")
        metrics[metric.name] = metric
        origins[metric.name] = origin


def _from_file(path: Path) -> object:
    if not path.is_file():
        raise PluginError(f"{path}: no such plugin file")
    name = f"degrade_plugin_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PluginError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except DegradeError:
        raise
    except Exception as error:
        raise PluginError(f"{path}: {error!r}") from error
    if not hasattr(module, "METRICS"):
        raise PluginError(f"{path}: it defines no METRICS")
    return module.METRICS
