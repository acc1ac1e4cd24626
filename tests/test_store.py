"""The baseline store: what is kept is what was added, and a changed byte is noticed."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import fsspec
import pytest

import degrade
from degrade.baselines import open_baseline
from degrade.errors import ProfileError, UsageError
from degrade.store import Content, Store

SAMPLES = Path(__file__).resolve().parents[1] / "sample_corpora"
HUMAN = SAMPLES / "gen0-heldout"


@pytest.fixture(scope="module")
def profile(tmp_path_factory):
    """A saved profile of human text."""
    path = tmp_path_factory.mktemp("profile") / "human.profile"
    degrade.profile(HUMAN, metrics="primary", limit=300).save(path)
    return path


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "baselines"))


def changed(path: Path, at: int) -> None:
    """Change one byte of a file."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


def file_of(store: Store, name: str) -> Path:
    return Path(store.where) / store.find(name).file


@pytest.mark.parametrize("where", ["{folder}/some/baselines", "memory://{folder}/baselines"])
def test_what_is_added_comes_back_with_what_it_is_of(where, tmp_path, profile):
    store = Store(where.format(folder=tmp_path))
    added = store.add("human", str(HUMAN), note="of 1914", metrics="primary", limit=300)
    assert store.add("saved", profile).sha256 == added.sha256
    assert [each.name for each in Store(store.where).baselines()] == ["human", "saved"]
    entry = Store(store.where).find("human")
    assert entry == added
    assert (entry.note, entry.tool) == ("of 1914", f"degrade {degrade.__version__}")
    opened = store.open("human")
    assert Content.of(opened.profile) == entry.content
    assert entry.content.documents == 300
    with fsspec.open(f"{store.where}/{entry.file}", "rb") as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == entry.sha256
    assert content == profile.read_bytes()
    assert store.verify() == ()


_ADD = """
import sys
from degrade.store import Store
store = Store(sys.argv[1])
input()
for i in range(8):
    store.add(f"{sys.argv[2]}-{i}", sys.argv[3])
"""


def test_two_that_add_at_once_lose_nothing(store, profile):
    adding = [
        subprocess.Popen(
            [sys.executable, "-c", _ADD, store.where, name, str(profile)],
            stdin=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for each in adding:
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in adding:
        each.communicate()
        assert each.returncode == 0
    names = [f"{name}-{i}" for name in ("one", "two") for i in range(8)]
    assert [each.name for each in store.baselines()] == names
    assert store.verify() == ()
    assert {path.suffix for path in Path(store.where).iterdir()} == {".json", ".profile"}


def test_the_source_is_told_by_the_digests_of_its_files(store):
    added = store.add("human", str(HUMAN), metrics="primary", limit=10)
    files = sorted(HUMAN.glob("*.jsonl"))
    digests = "".join(f"{hashlib.sha256(f.read_bytes()).hexdigest()}\n" for f in files)
    assert added.source.path == str(HUMAN)
    assert added.source.files == len(files)
    assert added.source.bytes == sum(f.stat().st_size for f in files)
    assert added.source.sha256 == hashlib.sha256(digests.encode()).hexdigest()


def test_texts_in_memory_may_be_kept_too(store):
    added = store.add("texts", ["One text is here.", "Another is not."], metrics="primary")
    assert (added.source.path, added.content.documents) == ("documents", 2)


@pytest.mark.parametrize("share", [0, 0.3, 0.6, 0.999])
def test_a_changed_byte_is_refused_and_found(store, profile, share):
    store.add("human", profile)
    file = file_of(store, "human")
    changed(file, int(share * file.stat().st_size))
    with pytest.raises(ProfileError, match=r"damaged or changed: not the baseline 'human'"):
        store.open("human")
    (fault,) = store.verify()
    assert str(file) in fault


def test_a_profile_of_other_text_in_its_place_is_refused(store, profile):
    store.add("human", profile)
    other = degrade.profile(SAMPLES / "gen5", metrics="primary", limit=300)
    other.save(file_of(store, "human"))
    with pytest.raises(ProfileError, match="not the baseline 'human'"):
        store.open("human")


def test_missing_and_unknown_files_are_named(store, profile):
    store.add("human", profile)
    store.add("other", profile)
    file_of(store, "human").unlink()
    (Path(store.where) / "stray.profile").write_bytes(b"x")
    (Path(store.where) / "README.md").write_text("What we keep here.", encoding="utf-8")
    missing, unknown = store.verify()
    assert "human-" in missing
    assert "missing" in missing
    assert "stray.profile: not in the index" in unknown
    with pytest.raises(ProfileError, match="missing"):
        store.open("human")


def test_an_index_that_says_what_a_profile_does_not_hold_is_found(store, profile):
    store.add("human", profile)
    index = Path(store.where) / "index.json"
    index.write_text(
        index.read_text(encoding="utf-8").replace('"documents": 300', '"documents": 301'),
        encoding="utf-8",
    )
    (fault,) = store.verify()
    assert "index.json: damaged or changed: of 'human'" in fault


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "damaged: not JSON"),
        ("[]", "an index of version None"),
        ('{"schema_version": 9}', "an index of version 9"),
        ('{"schema_version": 1}', r"damaged: \$: the key 'baselines' is missing"),
        ('{"schema_version": 1, "baselines": [{}]}', r"damaged: \$.baselines\[0\]"),
    ],
)
def test_a_damaged_index_is_named(store, content, said):
    folder = Path(store.where)
    folder.mkdir()
    (folder / "index.json").write_text(content, encoding="utf-8")
    with pytest.raises(ProfileError, match=rf"index.json: {said}"):
        store.baselines()


def test_an_index_does_not_lead_outside_its_store(store, profile):
    store.add("human", profile)
    index = Path(store.where) / "index.json"
    said = json.loads(index.read_text(encoding="utf-8"))
    said["baselines"][0]["file"] = "../elsewhere.profile"
    index.write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(ProfileError, match="which is no file of a store"):
        store.add("human", profile, replacing=True)


def test_a_name_is_taken_once_and_replaced_when_asked(store, profile, tmp_path):
    first = store.add("human", profile)
    degrade.profile(HUMAN, metrics="primary", limit=200).save(tmp_path / "new.profile")
    with pytest.raises(UsageError, match=r"'human' is there, added .*; --replace puts"):
        store.add("human", tmp_path / "new.profile")
    assert store.baselines() == (first,)
    second = store.add("human", tmp_path / "new.profile", replacing=True)
    assert store.baselines() == (second,)
    assert sorted(path.name for path in Path(store.where).iterdir()) == [second.file, "index.json"]
    # The same again: its file is that of before, and stays.
    assert store.add("human", tmp_path / "new.profile", replacing=True).file == second.file
    assert store.verify() == ()


@pytest.mark.parametrize("name", ["", "../human", "a/b", "human.profile", "-x", "ä", "a" * 101])
def test_names_that_are_none_are_refused(store, profile, name):
    with pytest.raises(UsageError, match="cannot name a baseline"):
        store.add(name, profile)


def test_an_unknown_name_answers_with_the_nearest(store, profile):
    with pytest.raises(UsageError, match="no baseline 'human'; it has none"):
        store.open("human")
    store.add("human-2024", profile)
    with pytest.raises(UsageError, match=r"no baseline 'human'; did you mean 'human-2024'\?"):
        store.open("human")


def test_a_pointer_of_git_lfs_is_named_as_such(store, profile):
    store.add("human", profile)
    file_of(store, "human").write_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", encoding="utf-8"
    )
    with pytest.raises(ProfileError, match="a Git LFS pointer"):
        store.open("human")


def test_a_name_in_the_store_comes_before_a_path(store, profile, tmp_path, monkeypatch):
    store.add("human", profile)
    monkeypatch.chdir(tmp_path)
    for name in ("human", "other"):
        Path(name).mkdir()
    assert open_baseline("human", store.where).file == "baselines/" + store.find("human").file
    assert open_baseline("other", store.where) == "other"
    assert open_baseline("human") == open_baseline("human", None) == "human"
    with pytest.raises(UsageError, match=r"no baseline 'humane'; did you mean 'human'\?"):
        open_baseline("humane", store.where)


def test_a_corpus_of_few_large_documents_is_not_cut_to_next_to_nothing(tmp_path):
    texts = [" ".join(f"w{i * 2_000 + k}" for k in range(2_000)) for i in range(60)]
    kept = Store(str(tmp_path / "kept"))
    with pytest.raises(UsageError, match="fewer than 80 of its documents"):
        kept.add("few", texts, metrics="types_1", sampled_documents=0, most=100_000)
    assert kept.baselines() == ()
