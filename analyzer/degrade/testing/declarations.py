"""What every metric must say of itself."""

from __future__ import annotations

import math
import pickle
import re
from typing import get_args

from degrade.errors import DegradeError
from degrade.gathering import EXHIBIT_ORDERS
from degrade.inference.scales import check_thresholds
from degrade.metric import (
    WHOLE,
    Aspect,
    CorpusMetric,
    DocumentMetric,
    Exhibit,
    Instances,
    Metric,
    MetricScale,
    PairMetric,
    TextMetric,
    ThresholdUnit,
    Worse,
)
from degrade.options import BASE
from degrade.summaries import Census, Need
from degrade.testing.demands import require

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_SAID = (
    "title", "family", "unit", "description", "formula", "undefined", "pitfalls", "source",
    "version",
)  # fmt: skip
"""What must be said in words: who reads a figure has nothing else to go by."""


def check_declaration(metric: Metric) -> None:
    """Check that ``metric`` is declared in full, within the known words, and can travel."""
    name = metric.name
    require(_NAME.fullmatch(name) is not None, f"{name!r}: names are like types_1")
    texts = {attribute: getattr(metric, attribute) for attribute in _SAID}
    empty = [each for each, text in texts.items() if not (isinstance(text, str) and text.strip())]
    require(not empty, f"{name}: {', '.join(empty)} {'is' if len(empty) == 1 else 'are'} empty")
    for attribute, known in (
        ("scale", get_args(MetricScale)),
        ("worse", get_args(Worse)),
        ("threshold_unit", get_args(ThresholdUnit)),
        ("aspect", get_args(Aspect)),
        ("exhibit", get_args(Exhibit)),
        ("instances", get_args(Instances)),
    ):
        value = getattr(metric, attribute)
        require(value in known, f"{name}: {attribute} is {value!r}, not one of {known}")
    if metric.thresholds is not None:
        try:
            check_thresholds(metric, metric.thresholds)
        except DegradeError as error:
            raise AssertionError(str(error)) from error
    require(metric.floor is None or 0 < metric.floor < math.inf, f"{name}: floor {metric.floor}")
    shown = EXHIBIT_ORDERS.get(metric.exhibit, ())
    lacking = [n for n in shown if Need(Census, layer=BASE, n=n) not in metric.needs]
    require(
        not lacking,
        f"{name}: its exhibit {metric.exhibit!r} takes censuses of words for n = "
        f"{', '.join(map(str, shown))}, and it does not need n = {', '.join(map(str, lacking))}",
    )
    require(bool(metric.needs), f"{name}: it needs nothing, so it can know nothing")
    require(
        not metric.instances.endswith("n-grams") or any(n.summary is Census for n in metric.needs),
        f"{name}: its instances are {metric.instances}, and it needs no census",
    )
    if isinstance(metric, DocumentMetric):
        sizes = metric.windows
        sound = sizes == (WHOLE,) or (min(sizes) > 0 and len({*sizes}) == len(sizes))
        require(sound, f"{name}: windows {sizes}")
        require(metric.low < metric.high, f"{name}: low {metric.low:g}, high {metric.high:g}")
    if isinstance(metric, TextMetric):
        sizes, edges = metric.windows, metric.edges
        require(bool(sizes) and min(sizes) > 0 and len({*sizes}) == len(sizes), f"{name}: {sizes}")
        require(list(edges) == sorted({*edges}) and len(edges) != 1, f"{name}: edges {edges}")
        require(not metric.primary, f"{name}: a primary is known without reading the text again")
    require(metric.tested or not metric.primary, f"{name}: a primary is tested")
    require(metric.default or not metric.primary, f"{name}: a primary is computed by default")
    if not isinstance(metric, PairMetric):
        require(metric.scale in ("log", "difference"), f"{name}: a {metric.scale} is of a pair")
    if isinstance(metric, CorpusMetric):
        require(metric.view in ("incidence", "selection"), f"{name}: view {metric.view!r}")
    try:
        copy = pickle.loads(pickle.dumps(metric))  # noqa: S301 - of our own making
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise AssertionError(
            f"{name}: it does not pickle ({error}); define its functions at the top of a module"
        ) from error
    require(
        (copy.name, copy.needs) == (name, metric.needs), f"{name}: unpickled, it is another metric"
    )
