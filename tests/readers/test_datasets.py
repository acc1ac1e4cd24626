"""Datasets of Hugging Face and tables of pandas as corpora, in memory and by path."""

import json

import pandas as pd
import pytest

from degrade.errors import InputError, UsageError
from degrade.readers import Fields, open_corpus
from degrade.text.document import Document

ROWS = [{"text": f"some words {i}", "key": f"k{i}"} for i in range(30)]
EXPECTED = [Document(row["text"], row["key"]) for row in ROWS]
FIELDS = Fields(id="key")


def read(spec, fields=FIELDS, **options):
    with open_corpus(spec, fields, **options) as corpus:
        return list(corpus.documents())


class Formatted:
    """What a dataset of Hugging Face does that is set to give tables."""

    features = ("text", "key")

    def with_format(self, format_):
        assert format_ is None
        return iter(ROWS)

    def __iter__(self):
        return iter([pd.DataFrame(ROWS)])


def test_a_dataset_is_read_by_rows_whatever_it_is_set_to_give():
    assert read(Formatted()) == EXPECTED


def test_of_one_split_that_is_the_corpus_and_of_several_one_is_asked_for():
    assert read({"train": Formatted()}) == EXPECTED
    with pytest.raises(UsageError, match="keys train, test is not a corpus; pass one of its"):
        read({"train": Formatted(), "test": Formatted()})


def test_columns_of_a_frame_are_named_as_on_the_command_line(tmp_path):
    frame = pd.DataFrame(ROWS).rename(columns={"text": "body"})
    body = Fields("body", id="key")
    assert read(frame, body) == EXPECTED
    assert read(frame.set_index(pd.Index(range(7, 37))), body) == EXPECTED
    assert read(frame.astype({"body": "category"}), body) == EXPECTED
    with pytest.raises(InputError, match=r"fields: body, key\); name it with"):
        read(frame)
    for suffix, write in (
        ("parquet", frame.to_parquet),
        ("feather", frame.to_feather),
        ("csv", lambda path: frame.to_csv(path, index=False)),
        ("jsonl", lambda path: frame.to_json(path, orient="records", lines=True)),
    ):
        path = tmp_path / f"table.{suffix}"
        write(path)
        assert read(path, body) == EXPECTED


@pytest.fixture(scope="module")
def datasets():
    """The package itself, where it is installed."""
    return pytest.importorskip("datasets")


@pytest.fixture
def made(datasets):
    return datasets.Dataset.from_list(ROWS)


@pytest.mark.parametrize("format_", [None, "pandas", "numpy", "arrow"])
def test_a_real_dataset_is_a_corpus_in_memory_and_streaming(made, format_):
    assert read(made.with_format(format_)) == EXPECTED
    assert read(made.to_iterable_dataset()) == EXPECTED
    assert read(made.to_iterable_dataset(), limit=5) == EXPECTED[:5]
    assert read(made.select(range(9))) == EXPECTED[:9]
    assert read(made.rename_column("text", "body"), Fields("body", id="key")) == EXPECTED


def test_a_real_dataset_is_a_corpus_by_path(datasets, made, tmp_path):
    made.save_to_disk(tmp_path / "one")
    made.save_to_disk(tmp_path / "shards", num_shards=3)
    datasets.DatasetDict({"train": made}).save_to_disk(tmp_path / "single")
    splits = datasets.DatasetDict({"train": made, "test": made.select(range(9))})
    splits.save_to_disk(tmp_path / "splits")
    for path in ("one", "shards", "single", "splits/train"):
        assert read(tmp_path / path) == EXPECTED
    assert read(tmp_path / "splits" / "test") == EXPECTED[:9]
    with pytest.raises(InputError, match=r"a dataset of 2 splits \(train, test\); name one"):
        read(tmp_path / "splits")
    assert read(datasets.DatasetDict({"train": made})) == EXPECTED
    with pytest.raises(UsageError, match="pass one of its values"):
        read(splits)


def test_a_real_dataset_that_streams_files_is_a_corpus(datasets, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    streamed = datasets.load_dataset(
        "json", data_files=str(path), split="train", streaming=True, cache_dir=str(tmp_path)
    )
    assert read(streamed) == EXPECTED
