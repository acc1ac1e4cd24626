"""Datasets of Hugging Face as they are saved on disk."""

from __future__ import annotations

import json

import pytest
from written import arrow_stream, put

from degrade.errors import InputError
from degrade.readers import open_corpus


def texts(spec):
    with open_corpus(spec) as corpus:
        return [document.text for document in corpus.documents()]


def save_to_disk(folder, records, shards=2):
    """Write what Hugging Face's ``save_to_disk`` writes."""
    names = [f"data-{i:05}-of-{shards:05}.arrow" for i in range(shards)]
    for i, name in enumerate(names):
        put(folder / name, arrow_stream(records[i::shards]))
    state = {"_data_files": [{"filename": name} for name in names], "_fingerprint": "0"}
    put(folder / "state.json", json.dumps(state).encode())
    put(folder / "dataset_info.json", b'{"features": {}}')
    put(folder / "cache-123.arrow", b"left over, and no part of it")


def test_a_dataset_saved_by_hugging_face_is_its_data_files(here):
    save_to_disk(here / "gen0", [{"text": str(i)} for i in range(6)])
    assert texts("gen0") == ["0", "2", "4", "1", "3", "5"]


def test_data_files_in_folders_are_in_the_order_of_their_folders(here):
    for name in ("sub-1.arrow", "sub/x.arrow"):
        put(here / "gen0" / name, arrow_stream([{"text": name}]))
    listed = [{"filename": name} for name in ("sub-1.arrow", "sub/x.arrow")]
    put(here / "gen0/state.json", json.dumps({"_data_files": listed}).encode())
    put(here / "gen0/dataset_info.json", b"{}")
    assert texts("gen0") == ["sub/x.arrow", "sub-1.arrow"]


def test_a_dataset_of_several_splits_asks_for_one(here):
    for split in ("train", "test"):
        save_to_disk(here / "gen0" / split, [{"text": split}] * 2)
    put(here / "gen0/dataset_dict.json", b'{"splits": ["train", "test"]}')
    with pytest.raises(
        InputError, match=r"gen0: a dataset of 2 splits \(train, test\).*gen0/train"
    ):
        open_corpus("gen0")
    assert texts("gen0/test") == ["test", "test"]


def test_a_dataset_of_one_split_is_that_split(here):
    save_to_disk(here / "gen0/train", [{"text": "x"}] * 2)
    put(here / "gen0/dataset_dict.json", b'{"splits": ["train"]}')
    assert texts("gen0") == ["x", "x"]


def test_a_dataset_may_lie_at_a_url(memory, tmp_path):
    save_to_disk(tmp_path, [{"text": "a"}, {"text": "b"}])
    memory.put(str(tmp_path), "/gen0", recursive=True)
    assert texts("memory://gen0") == ["a", "b"]
