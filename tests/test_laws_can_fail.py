"""The laws can fail: what breaks one of them is caught, and told why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest

from degrade import registry
from degrade.metric import CorpusMetric, DocumentMetric, View
from degrade.readers import Fields, Problem, Shard
from degrade.readers.jsonl import READER as JSON_LINES
from degrade.summaries import Census, Clusters, Moments, Need
from degrade.summaries.need import Arrays
from degrade.testing import check_metric, check_reader, check_summary
from degrade.text.document import Batch, Document
from degrade.text.layer import Layer

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


@pytest.mark.parametrize(
    ("compute", "said"),
    [
        (_not_a_number, "(?i)nan"),
        (_unsteady, "asked twice"),
        (_unchecked, "ZeroDivisionError.*UndefinedMetricError"),
    ],
)
def test_a_metric_of_unsound_values_is_caught(compute: Callable[..., float], said: str) -> None:
    assert isinstance(TYPES, CorpusMetric)
    with pytest.raises(AssertionError, match=said):
        check_metric(replace(TYPES, compute=compute))


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
        ({"thresholds": (0.2, 0.1, 0.3)}, "rising"),
        ({"thresholds": (0.1, 0.2, 1.5)}, "below 1"),
        ({"threshold_unit": "ratio"}, "above 1"),
        ({"worse": "down"}, "worse is 'down'"),
        ({"scale": "loss"}, "of a pair"),
        ({"view": "groups"}, "view 'groups'"),
        ({"needs": ()}, "needs nothing"),
        ({"needs": (Need(Clusters),)}, "KeyError"),
        ({"tested": False}, "a primary is tested"),
        ({"default": False}, "computed by default"),
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


@pytest.mark.parametrize(
    ("law", "said"),
    [("suffix", "a dot"), ("order", "item 0 is"), ("lost", "shards of"), ("twice", "shards of")],
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
