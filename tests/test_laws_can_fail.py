"""The laws can fail: what breaks one of them is caught, and told why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest

from degrade import registry
from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, DocumentMetric, View
from degrade.readers import Fields, Problem, Shard
from degrade.readers.jsonl import READER as JSON_LINES
from degrade.readers.reader import Together
from degrade.summaries import Census, Clusters, Moments, Need
from degrade.summaries.need import Arrays
from degrade.testing import check_metric, check_reader, check_summary
from degrade.text.document import Batch, Document
from degrade.text.layer import Layer, Segments

METRICS = registry.catalogue().metrics


class _Counting:
    """The texts of a corpus by length; its children break one law each."""

    def __init__(self, need: Need) -> None:
        del need
        self.counts = np.zeros(8, dtype=np.int64)

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        return ()

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        np.add.at(self.counts, np.diff(batch.bounds) % 8, 1)

    def merge(self, other: Self) -> None:
        self.counts += other.counts

    def arrays(self) -> Arrays:
        return {"counts": self.counts}

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        made = cls(need)
        if arrays["counts"].shape != made.counts.shape:
            raise ValueError("counts: not what they should be")
        made.counts += arrays["counts"]
        return made


class _KeepingLast(_Counting):
    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        super().update(batch, layers)
        self.counts[0] = batch.bounds[-1] - batch.bounds[-2]


class _CountingBatches(_Counting):
    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        self.counts[0] += 1


class _CountingMerges(_Counting):
    def merge(self, other: Self) -> None:
        super().merge(other)
        self.counts[0] += 1


class _Favouring(_Counting):
    def merge(self, other: Self) -> None:
        self.counts += 2 * other.counts


class _Draining(_Counting):
    def merge(self, other: Self) -> None:
        super().merge(other)
        other.counts[:] = 0


class _Sharing(_Counting):
    def merge(self, other: Self) -> None:
        if self.counts.any():
            super().merge(other)
        else:
            self.counts = other.counts


class _Aliasing(_Counting):
    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        made = super().from_arrays(need, arrays)
        made.counts = arrays["counts"]
        return made


class _Trusting(_Counting):
    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        made = cls(need)
        made.counts[: len(arrays["counts"])] = arrays["counts"]
        return made


class _Forgetting(_Counting):
    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        super().from_arrays(need, arrays)
        return cls(need)


class _Idle(_Counting):
    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        pass


def test_a_sound_summary_passes() -> None:
    check_summary(Need(_Counting))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (_KeepingLast, "commute|associate|whole|order"),
        (_CountingBatches, "whole|batches"),
        (_CountingMerges, "fresh one changes"),
        (_Favouring, "fresh one changes"),
        (_Draining, "merge changes what it absorbs"),
        (_Sharing, "what was absorbed changes"),
        (_Aliasing, "changes the arrays it came from"),
        (_Trusting, "takes damaged arrays"),
        (_Forgetting, "not the same"),
        (_Idle, "holds nothing"),
    ],
)
def test_a_summary_that_breaks_a_law_is_caught(kind: type[_Counting], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check_summary(Need(kind))


WORDS = Need(Census, layer="word", n=1)
TYPES = METRICS["types_1"]
CALLS = iter(range(10**9))


def _not_a_number(view: View) -> float:
    return float("nan")


def _unsteady(view: View) -> float:
    return 1.0 + next(CALLS)


def _unchecked(view: View) -> float:
    return 1 / (view[WORDS].types - 1)


def _lengthy(segments: Any, window: int) -> Any:
    lengths = np.diff(segments.bounds).astype(np.float64)
    return lengths / (lengths.sum() + 1), np.ones(len(lengths))


def test_a_metric_with_a_lambda_is_caught() -> None:
    assert isinstance(TYPES, CorpusMetric)
    with pytest.raises(AssertionError, match="does not pickle"):
        check_metric(replace(TYPES, compute=lambda view: 1.0))


def _without_a_reason(view: View) -> float:
    if view[WORDS].types < 50:
        raise UndefinedMetricError("")
    return 1.0


@pytest.mark.parametrize(
    ("compute", "said"),
    [
        (_not_a_number, "(?i)nan"),
        (_unsteady, "asked twice"),
        (_unchecked, "ZeroDivisionError.*UndefinedMetricError"),
        (_without_a_reason, "neither a value nor a reason"),
    ],
)
def test_a_metric_of_unsound_values_is_caught(compute: Callable[..., float], said: str) -> None:
    assert isinstance(TYPES, CorpusMetric)
    with pytest.raises(AssertionError, match=said):
        check_metric(replace(TYPES, compute=compute))


FOURGRAMS = Need(Census, layer="word", n=4)


def _repeats(view: View) -> float:
    """Return the share of 4-grams that repeat another; there is none without 4-grams."""
    total = view[FOURGRAMS].total("occurrences")
    if not total:
        raise UndefinedMetricError("no document holds four words")
    return 1 - view[FOURGRAMS].types / total


def _repeats_or_0(view: View) -> float:
    total = view[FOURGRAMS].total("occurrences")
    return 1 - view[FOURGRAMS].types / total if total else 0.0


def _repeats_or_nan(view: View) -> float:
    with np.errstate(invalid="ignore"):
        return float(1 - np.float64(view[FOURGRAMS].types) / view[FOURGRAMS].total("occurrences"))


def _repeats_or_worse(view: View) -> float:
    return 1 - view[FOURGRAMS].types / view[FOURGRAMS].total("occurrences")


@pytest.mark.parametrize(
    ("compute", "said"),
    [
        (_repeats_or_0, "it has a value where .*raise UndefinedMetricError"),
        (_repeats_or_nan, "its change is nan where"),
        (_repeats_or_worse, "ZeroDivisionError.* where .*raise UndefinedMetricError"),
    ],
)
def test_a_metric_that_does_not_say_where_it_is_undefined_is_caught(
    compute: Callable[..., float], said: str
) -> None:
    assert isinstance(TYPES, CorpusMetric)
    shares = replace(
        TYPES, name="repeats", primary=False, thresholds=None, needs=(FOURGRAMS,),
        scale="difference", threshold_unit="points", worse="higher", compute=_repeats,
    )  # fmt: skip
    check_metric(shares)
    with pytest.raises(AssertionError, match=said):
        check_metric(replace(shares, compute=compute))


def _mean_of_nothing(segments: Segments, window: int) -> Any:
    counts = [b - a for a, b in pairwise(segments.bounds.tolist())]
    return np.array([window / count for count in counts]), np.ones(len(counts))


def _not_finite(segments: Segments, window: int) -> Any:
    counts = np.diff(segments.bounds)
    return np.where(counts > 0, 1.0, np.nan), np.ones(len(counts))


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (_mean_of_nothing, "'mattr' fails: ZeroDivisionError.* where .*denominator of 0"),
        (_not_finite, "'mattr' fails: .* not finite where .*denominator of 0"),
    ],
)
def test_a_measure_that_has_not_thought_of_empty_texts_is_caught(
    measure: Callable[..., Any], said: str
) -> None:
    mattr = METRICS["mattr"]
    assert isinstance(mattr, DocumentMetric)
    with pytest.raises(AssertionError, match=said):
        check_metric(replace(mattr, measure=measure))


def test_a_measure_that_depends_on_the_batch_is_caught() -> None:
    mattr = METRICS["mattr"]
    assert isinstance(mattr, DocumentMetric)
    with pytest.raises(AssertionError, match="sharding changes its value"):
        check_metric(replace(mattr, measure=_lengthy))
    need = replace(mattr, measure=_lengthy).need(50)
    assert need.summary is Moments
    with pytest.raises(AssertionError, match=r"merged differ|order|batches"):
        check_summary(need)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Word types"}, "names are like"),
        ({"source": " "}, "source is empty"),
        ({"undefined": ""}, "undefined is empty"),
        ({"formula": ""}, "formula is empty"),
        ({"pitfalls": " "}, "pitfalls is empty"),
        ({"title": "", "pitfalls": ""}, "title, pitfalls are empty"),
        ({"thresholds": (0.2, 0.1, 0.3)}, "rising"),
        ({"thresholds": (0.1, 0.2, 1.5)}, "below 1"),
        ({"threshold_unit": "ratio"}, "above 1"),
        ({"worse": "down"}, "worse is 'down'"),
        ({"scale": "loss"}, "of a pair"),
        ({"view": "groups"}, "view 'groups'"),
        ({"needs": ()}, "needs nothing"),
        ({"needs": (Need(Clusters),)}, "it needs no census"),
        ({"needs": (Need(Clusters),), "instances": ""}, "KeyError"),
        ({"tested": False}, "a primary is tested"),
        ({"default": False}, "computed by default"),
        ({"aspect": "tone"}, "aspect is 'tone'"),
        ({"exhibit": "examples"}, "exhibit is 'examples'"),
        ({"instances": "examples"}, "instances is 'examples'"),
        ({"exhibit": "planted phrases"}, "does not need n = 2, 3, 4"),
    ],
)
def test_a_careless_declaration_is_caught(change: dict[str, Any], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check_metric(replace(TYPES, **change))


@dataclass(frozen=True)
class _Broken:
    """JSON Lines, but for one law."""

    law: str
    name: str = "broken"

    @property
    def suffixes(self) -> tuple[str, ...]:
        return ("jsonl",) if self.law == "suffix" else (".jsonl",)

    def shards(self, path: str, shard_bytes: int) -> list[Shard]:
        shards = JSON_LINES.shards(path, shard_bytes)
        return shards[::-1] if self.law == "order" else shards

    def read(self, shard: Shard, fields: Fields) -> Iterator[Document | Problem]:
        items = list(JSON_LINES.read(shard, fields))
        if self.law == "lost" and shard.start:
            items = items[1:]
        if self.law == "twice" and items and shard.start:
            items.append(items[-1])
        yield from items

    def together(self, contents: Sequence[bytes], fields: Fields) -> Together | None:
        found = JSON_LINES.together(contents, fields)
        assert found is not None
        if self.law == "together":
            return Together(found.rows[:-1], found.documents)
        if self.law == "number":
            return Together(found.rows, [number + 1 for number in found.documents])
        return found


@pytest.mark.parametrize(
    ("law", "said"),
    [
        ("suffix", "a dot"),
        ("order", "item 0 is"),
        ("lost", "shards of"),
        ("twice", "shards of"),
        ("together", "read together: 0 items"),
        ("number", r"of files of 40 documents, it says \[41, 41\]"),
    ],
)
def test_a_reader_that_breaks_a_law_is_caught(law: str, said: str, tmp_path: Path) -> None:
    lines = "".join(f'{{"text": "line {i}"}}\n' for i in range(40))
    (tmp_path / "corpus.jsonl").write_text(lines, encoding="utf-8")
    check_reader(_Broken(""), tmp_path / "corpus.jsonl", Fields())
    with pytest.raises(AssertionError, match=said):
        check_reader(_Broken(law), tmp_path / "corpus.jsonl", Fields())


def test_a_file_of_one_document_says_too_little(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"text": "alone"}\n', encoding="utf-8")
    with pytest.raises(AssertionError, match="say little"):
        check_reader(JSON_LINES, tmp_path / "corpus.jsonl", Fields())
