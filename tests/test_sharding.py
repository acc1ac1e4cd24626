"""However a corpus is cut up and counted, its profile is the same file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import degrade
from degrade import api, registry
from degrade.engines.local import LocalEngine
from degrade.errors import ProfileError
from degrade.plan import Plan
from degrade.profiles import Profile
from degrade.readers import open_corpus
from degrade.text.document import Batch, Document

CORPUS = Path(__file__).parent.parent / "sample_corpora" / "gen0-heldout"
# All but those that need a spaCy pipeline, which tests/pipelines tests.
METRICS = api.chosen_metrics(api.Options(metrics=["all"]), None)
NEEDS = [need for m in METRICS for need in m.needs]
LAYERS = {name: registry.layer(name) for name in {"word", *(n for d in NEEDS for n in d.layers)}}


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    with open_corpus(CORPUS) as corpus:
        found = list(corpus.documents())
    assert len(found) == 1_200
    return found


@pytest.fixture(scope="module")
def plan() -> Plan:
    # A sample smaller than the corpus, so that what it drops matters.
    return Plan.of(NEEDS, "word", LAYERS, sampled_documents=50)


@pytest.fixture(scope="module")
def whole(documents: list[Document], plan: Plan) -> Profile:
    profile = Profile(plan)
    profile.update(Batch(documents))
    return profile


def _saved(profile: Profile, folder: Path) -> bytes:
    profile.save(folder / "saved.profile")
    return (folder / "saved.profile").read_bytes()


@pytest.mark.parametrize("shards", [2, 7, 64])
def test_merged_shards_save_the_same_bytes_in_any_order(
    shards: int, documents: list[Document], plan: Plan, whole: Profile, tmp_path: Path
) -> None:
    rng = np.random.default_rng(shards)
    cut = rng.integers(0, shards, len(documents))
    parts = []
    for shard in range(shards):
        inside = rng.permutation(np.flatnonzero(cut == shard))
        part = Profile(plan)
        part.update(Batch(documents[i] for i in inside))
        parts.append(part)
    merged = Profile(plan)
    for i in rng.permutation(shards):
        merged.merge(parts[i])
    assert _saved(merged, tmp_path) == _saved(whole, tmp_path)


def test_merging_loaded_shards_by_pairs_saves_the_same_bytes(
    documents: list[Document], plan: Plan, whole: Profile, tmp_path: Path
) -> None:
    parts = []
    for i in range(8):
        part = Profile(plan)
        part.update(Batch(documents[i::8]))
        part.save(tmp_path / f"{i}.profile")
        parts.append(Profile.load(tmp_path / f"{i}.profile"))
    while len(parts) > 1:
        last = parts.pop()
        parts[len(parts) // 2].merge(last)
    assert _saved(parts[0], tmp_path) == _saved(whole, tmp_path)


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_do_not_change_the_profile(
    workers: int,
    documents: list[Document],
    plan: Plan,
    whole: Profile,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Many batches, so that both workers get some of them.
    monkeypatch.setattr("degrade.engines.batching.BATCH_CHARACTERS", 20_000)
    counted = LocalEngine(workers).profile(plan, documents)
    assert _saved(counted, tmp_path) == _saved(whole, tmp_path)


def test_profile_from_python_depends_neither_on_order_nor_on_workers(
    documents: list[Document], tmp_path: Path
) -> None:
    one = degrade.profile(documents, metrics=["types_1"], workers=1)
    two = degrade.profile(documents[::-1], metrics=["types_1"], workers=2)
    read = degrade.profile(CORPUS, metrics=["types_1"], workers=2)
    assert _saved(one, tmp_path) == _saved(two, tmp_path) == _saved(read, tmp_path)


def test_sharding_does_not_change_any_finding(documents: list[Document], plan: Plan) -> None:
    profiles = []
    for step in (1, 5):
        merged = Profile(plan)
        for i in range(step):
            part = Profile(plan)
            part.update(Batch(documents[i:500:step]))
            merged.merge(part)
        profiles.append(merged)
    other = Profile(plan)
    other.update(Batch(documents[500:900]))
    runs = [degrade.compare(other, profile, reproducible=True) for profile in profiles]
    assert runs[0].findings == runs[1].findings
    assert sum(finding.change is not None for finding in runs[0].findings) > 10


def test_another_document_changes_the_profile(
    documents: list[Document], plan: Plan, whole: Profile, tmp_path: Path
) -> None:
    fewer = Profile(plan)
    fewer.update(Batch(documents[:-1]))
    assert _saved(fewer, tmp_path) != _saved(whole, tmp_path)


def test_saving_what_was_loaded_gives_the_same_bytes(whole: Profile, tmp_path: Path) -> None:
    saved = _saved(whole, tmp_path)
    assert _saved(Profile.load(tmp_path / "saved.profile"), tmp_path) == saved
    assert _saved(api.load_profile(tmp_path / "saved.profile"), tmp_path) == saved


@pytest.fixture
def small(plan: Plan, tmp_path: Path) -> Path:
    profile = Profile(plan)
    profile.update(Batch(Document(f"a short text about number {i}") for i in range(20)))
    profile.save(tmp_path / "small.profile")
    return tmp_path / "small.profile"


def test_any_flipped_byte_is_refused(small: Path) -> None:
    intact = small.read_bytes()
    places = [*range(56), *range(56, len(intact), len(intact) // 40), len(intact) - 1]
    for place in places:
        damaged = bytearray(intact)
        damaged[place] ^= 0x10
        small.write_bytes(damaged)
        with pytest.raises(ProfileError, match=r"small\.profile"):
            Profile.load(small)
    small.write_bytes(intact)
    assert Profile.load(small).documents == 20


def test_a_file_cut_short_or_with_more_after_it_is_refused(small: Path) -> None:
    intact = small.read_bytes()
    for length in (0, 1, 8, 20, 51, 52, 60, len(intact) // 2, len(intact) - 1):
        small.write_bytes(intact[:length])
        with pytest.raises(ProfileError, match=r"small\.profile"):
            Profile.load(small)
    small.write_bytes(intact + b"\0")
    with pytest.raises(ProfileError, match="bytes"):
        Profile.load(small)


def test_a_profile_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"absent\.profile"):
        Profile.load(tmp_path / "absent.profile")


def test_profiles_of_different_plans_refuse_to_merge_and_say_in_what(tmp_path: Path) -> None:
    texts = ["one text", "another text"]
    words = degrade.profile(texts, metrics=["types_1"])
    pairs = degrade.profile(texts, metrics=["types_2"])
    with pytest.raises(ProfileError, match=r"only the first holds .*census\(layer=word,n=1\)"):
        words.merge(pairs)
    characters = degrade.profile(texts, metrics=["types_1"], layer="character")
    with pytest.raises(
        ProfileError, match=r"layer 'word' is word .* in one, character .* in the other"
    ):
        words.merge(characters)
    assert words.documents == 2


def test_samples_of_different_sizes_merge_to_the_smaller(documents: list[Document]) -> None:
    def counted(sampled: int) -> Profile:
        return degrade.profile(documents[:100], metrics=["types_1"], sampled_documents=sampled)

    few, many = counted(10), counted(40)
    few.merge(counted(40))
    many.merge(counted(10))
    assert len(few.sample) == len(many.sample) == 10
    assert list(few.sample) == list(many.sample)


def test_a_thinned_profile_is_that_of_whole_clusters_drawn_by_hash(tmp_path):
    documents = [Document(f"text {i} of {i % 300}", f"{i}", f"c{i % 300}") for i in range(900)]
    profiles = [degrade.profile(documents, metrics="types_1", thin=k) for k in (0, 1, 2, 24)]
    sizes = [profile.documents for profile in profiles]
    # A half and a quarter of 300 clusters, and four errors of that.
    assert sizes[0] == 900
    assert abs(sizes[1] - 450) < 3 * 35
    assert abs(sizes[2] - 225) < 3 * 30
    assert sizes[3] == 0
    assert sizes[1] % 3 == sizes[2] % 3 == 0
    batch = Batch(documents)
    kept = {document.cluster for document in batch.thinned(2).documents}
    inside = [document for document in documents if document.cluster in kept]
    assert _saved(profiles[2], tmp_path) == _saved(
        degrade.profile(inside, metrics="types_1"), tmp_path
    )
    assert kept < {document.cluster for document in batch.thinned(1).documents}
