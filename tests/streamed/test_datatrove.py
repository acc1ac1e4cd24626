"""Documents that pass through a pipeline of datatrove give the profile that reading them gives."""

from __future__ import annotations

import json
import sys
import warnings

import pytest

import degrade
from degrade.corpora import load_profile
from degrade.errors import MissingExtraError
from degrade.testing import ordinary_documents

OPTIONS = {"metrics": ("types_1", "rare_loss_2"), "sampled_documents": 20, "capacity": 0}
TASKS = 8


@pytest.fixture
def folder(tmp_path):
    """Return a folder of JSON Lines, twice as many files as there are tasks, some of it no text."""
    records = [
        {"id": each.id, "text": each.text, "author": f"author {number % 30}"}
        for number, each in enumerate(ordinary_documents(160))
    ]
    records[7]["text"] = records[90]["text"] = " "
    made = tmp_path / "corpus"
    made.mkdir()
    for number in range(2 * TASKS):
        lines = [json.dumps(each) + "\n" for each in records[number :: 2 * TASKS]]
        (made / f"{number:02}.jsonl").write_text("".join(lines))
    return made


def ran(tmp_path, *steps, tasks=TASKS):
    """Run a pipeline of datatrove on this machine, in this process."""
    from datatrove.executor import LocalPipelineExecutor

    LocalPipelineExecutor(
        [*steps], tasks=tasks, workers=1, logging_dir=str(tmp_path / f"logs{len(steps)}")
    ).run()


def test_a_pipeline_of_eight_tasks_gives_the_same_bytes(folder, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("datatrove")
        from datatrove.pipeline.readers import JsonlReader
        from datatrove.pipeline.writers import JsonlWriter

    from degrade.datatrove import MergeStep, ProfileStep

    step = ProfileStep(str(tmp_path / "parts"), cluster_field="author", **OPTIONS)
    reader = JsonlReader(str(folder))
    plain = JsonlWriter(str(tmp_path / "plain"), compression=None)
    passed = JsonlWriter(str(tmp_path / "passed"), compression=None)
    ran(tmp_path, reader, plain, step, passed)
    ran(tmp_path, MergeStep(str(tmp_path / "parts"), str(tmp_path / "whole")), tasks=1)

    assert len([*(tmp_path / "parts").iterdir()]) == TASKS
    expected = degrade.profile(folder, cluster_field="author", on_error="skip", **OPTIONS)
    assert (expected.documents, expected.skipped) == (158, {"empty-document": 2})
    assert (tmp_path / "whole" / "corpus.profile").read_bytes() == expected.to_bytes()
    for file in (tmp_path / "plain").iterdir():
        assert file.read_bytes() == (tmp_path / "passed" / file.name).read_bytes()


def test_what_is_no_text_is_counted_and_passes(tmp_path):
    pytest.importorskip("datatrove")
    from datatrove.data import Document

    from degrade.datatrove import ProfileStep

    documents = [Document(text, str(n)) for n, text in enumerate(["a text", " ", "", "\ud800"])]
    step = ProfileStep(str(tmp_path), **OPTIONS)
    assert [*step.run(iter(documents), rank=3)] == documents
    profile = load_profile(tmp_path / "00003.profile")
    assert profile.documents == 1
    assert profile.skipped == {"empty-document": 2, "unpaired-surrogate": 1}


def test_what_was_merged_before_is_not_merged_again(tmp_path):
    pytest.importorskip("datatrove")
    from datatrove.data import Document

    from degrade.datatrove import MergeStep, ProfileStep

    list(ProfileStep(str(tmp_path), **OPTIONS).run(iter([Document("a text", "1")])))
    for _ in range(2):
        list(MergeStep(str(tmp_path), str(tmp_path)).run(None))
        assert load_profile(tmp_path / "corpus.profile").documents == 1


def test_profiles_of_different_plans_are_refused_by_name(tmp_path):
    pytest.importorskip("datatrove")
    from datatrove.data import Document

    from degrade.datatrove import MergeStep, ProfileStep
    from degrade.errors import ProfileError

    for rank, metric in enumerate(["types_1", "rare_loss_2"]):
        step = ProfileStep(str(tmp_path), metrics=(metric,))
        assert len([*step.run(iter([Document("a text", "1")]), rank=rank)]) == 1
    with pytest.raises(ProfileError, match=r"00000\.profile and 00001\.profile: .*different plans"):
        list(MergeStep(str(tmp_path), str(tmp_path)).run(None))
    with pytest.raises(ProfileError, match="no profile to merge"):
        list(MergeStep(str(tmp_path / "none"), str(tmp_path)).run(None))


def test_it_says_how_to_install_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "datatrove.io", None)
    monkeypatch.delitem(sys.modules, "degrade.datatrove", raising=False)
    with pytest.raises(MissingExtraError, match=r"pip install 'degrade\[datatrove\]'"):
        import degrade.datatrove  # noqa: F401
