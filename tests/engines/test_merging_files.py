"""Saved profiles of shards become the bytes of the whole, in any order and number at a time."""

import numpy as np
import pytest

import degrade
from degrade.engines import merging
from degrade.errors import ProfileError
from degrade.profiles import Profile
from degrade.text.document import Document

METRICS = ["types_1", "types_2", "mattr"]
SHARDS = 13


def documents(count):
    rng = np.random.default_rng(3)
    words = [f"w{i}" for i in range(3_000)]
    return [Document(" ".join(rng.choice(words, 60)), f"d{i}", f"c{i // 3}") for i in range(count)]


def saved(texts, path, **options):
    profile = degrade.profile(texts, metrics=METRICS, workers=1, **options)
    profile.skipped.update({"empty document": len(texts) % 5})
    profile.save(path)
    return path


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards")
    every = documents(500)
    return [
        saved(every[i::SHARDS], folder / f"{i}.profile", capacity=2_000, sampled_documents=100)
        for i in range(SHARDS)
    ]


@pytest.mark.parametrize(("at_once", "threads"), [(1, 1), (5, 3), (64, 2)])
def test_many_shards_save_what_they_save_one_after_the_other(
    shards, tmp_path, monkeypatch, at_once, threads
):
    monkeypatch.setattr(merging, "_AT_ONCE", at_once)
    slowly = Profile.load(shards[0])
    for path in shards[1:]:
        slowly.merge(Profile.load(path))
    assert not slowly.exact
    assert slowly.skipped["empty document"] > 0
    slowly.save(tmp_path / "slowly")
    order = np.random.default_rng(at_once).permutation(len(shards))
    quickly = merging.merged_files([shards[i] for i in order], Profile.load, threads)
    quickly.save(tmp_path / "quickly")
    assert (tmp_path / "quickly").read_bytes() == (tmp_path / "slowly").read_bytes()


def test_samples_of_unequal_size_merge_to_the_smaller(shards, tmp_path):
    other = saved(documents(50), tmp_path / "b.profile", capacity=4_000, sampled_documents=30)
    merged = merging.merged_files([shards[0], other], Profile.load, 2)
    assert len(merged.sample) == 30
    again = merging.merged_files([other, shards[0]], Profile.load, 2)
    assert list(again.sample) == list(merged.sample)


def test_a_profile_of_another_plan_is_named(shards, tmp_path):
    other = tmp_path / "other.profile"
    degrade.profile(documents(20), metrics=["types_3"], workers=1).save(other)
    with pytest.raises(ProfileError, match=r"0\.profile and .*other\.profile: .*different plans"):
        merging.merged_files([*shards[:3], other], Profile.load, 2)
