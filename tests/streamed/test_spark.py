"""Arrow batches, as Spark hands them to a partition, give the profile that reading them gives."""

from __future__ import annotations

import pickle

import pytest

import degrade
from degrade.errors import ProfileError
from degrade.spark import COLUMN, Counting, Merging, merge
from degrade.testing import ordinary_documents

pyarrow = pytest.importorskip("pyarrow")
OPTIONS = {"metrics": ("types_1", "rare_loss_2"), "sampled_documents": 20, "capacity": 0}


@pytest.fixture
def table():
    rows = [
        {"key": each.id, "body": each.text, "author": f"author {number % 30}"}
        for number, each in enumerate(ordinary_documents(120))
    ]
    rows[5]["body"] = None
    rows[77]["body"] = "  "
    return pyarrow.Table.from_pylist(rows)


def counted(table, partitions=6):
    """Return the rows of each partition, as executors make them with pickled functions."""
    counting = pickle.loads(pickle.dumps(Counting("body", "key", "author", OPTIONS)))  # noqa: S301
    size = -(-table.num_rows // partitions)
    return [
        [*counting(iter(table.slice(start, size).to_batches(max_chunksize=7)))]
        for start in range(0, table.num_rows, size)
    ]


def test_partitions_give_the_same_bytes(table, tmp_path):
    rows = counted(table)
    assert [batch.num_rows for partition in rows for batch in partition] == [1] * 6
    contents = [batch.column(COLUMN)[0].as_py() for partition in rows for batch in partition]
    few = [
        batch.column(COLUMN)[0].as_py()
        for start in (0, 4)
        for batch in Merging()(batch for part in rows[start : start + 4] for batch in part)
    ]
    assert len(few) == 2
    named = {"text_field": "body", "id_field": "key", "cluster_field": "author"}
    expected = degrade.profile(table, on_error="skip", **named, **OPTIONS)
    assert expected.documents == 118
    for profiles in (contents, few, reversed(contents)):
        merged = merge(profiles)
        assert merged.skipped == expected.skipped
        assert merged.to_bytes() == expected.to_bytes()


def test_a_partition_without_rows_gives_a_profile_and_merges_to_none(table):
    (batch,) = Counting("body", "key", options=OPTIONS)(iter([]))
    assert batch.num_rows == 1
    assert [*Merging()(iter([]))] == []
    with pytest.raises(ProfileError, match="no profile to merge"):
        merge([])
