"""The sample corpora, made again byte by byte."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

import degrade
from degrade.cli.main import main
from degrade.errors import UsageError

SAMPLES = Path(__file__).resolve().parents[2] / "sample_corpora"
NAMES = ("gen0", "gen0-heldout", "gen1")
HOW = {
    "reference": SAMPLES / "gen0-heldout",
    "settings": {"order": 4},
    "generations": 1,
    "metrics": ["types_1"],
    "workers": 1,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    found = degrade.simulate(
        SAMPLES / "gen0", folder / "simulated", corpora=folder / "corpora", **HOW
    )
    return folder, found


def records(folder, name):
    lines = (folder / name / "part-000.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_first_generation_of_the_sample_corpora_is_made_to_the_byte(made):
    folder, found = made
    files = sorted(path for path in (folder / "corpora").rglob("*") if path.is_file())
    assert sorted(path for path in found.files if path.suffix == ".jsonl") == files
    part = Path("gen1", "part-000.jsonl")
    assert (folder / "corpora" / part).read_bytes() == (SAMPLES / part).read_bytes()


def test_human_text_is_laid_out_beside_it_as_it_is(made):
    folder, _ = made
    assert sorted(path.name for path in (folder / "corpora").iterdir()) == sorted(NAMES)
    for name in ("gen0", "gen0-heldout"):
        # Not the source of each: no model has learned it.
        samples = [{"id": each["id"], "text": each["text"]} for each in records(SAMPLES, name)]
        assert records(folder / "corpora", name) == samples


@pytest.mark.slow
def test_the_command_of_the_page_makes_all_generations_to_the_byte(tmp_path, monkeypatch):
    page = (SAMPLES / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^    (degrade simulate .*)$", page, re.MULTILINE)
    for name in ("gen0", "gen0-heldout"):
        shutil.copytree(SAMPLES / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main([*shlex.split(command)[1:], "--quiet"])
    assert ended.value.code == 0
    for i in range(1, 6):
        part = Path(f"gen{i}", "part-000.jsonl")
        assert (tmp_path / "like" / part).read_bytes() == (SAMPLES / part).read_bytes(), part


def test_only_one_lineage_is_laid_out(made, tmp_path):
    for more in ({"keep": (0.0, 0.5)}, {"seeds": 2}, {"regimes": ("replace", "accumulate")}):
        with pytest.raises(UsageError, match="of one lineage"):
            degrade.simulate(SAMPLES / "gen0", tmp_path, corpora=tmp_path / "c", **HOW, **more)
    assert list(tmp_path.iterdir()) == []


def test_parts_of_another_run_are_not_mixed_in(made):
    folder, _ = made
    for name in ("gen1/part-001.jsonl", "gen9/part-000.jsonl"):
        other = folder / "corpora" / name
        other.parent.mkdir(exist_ok=True)
        other.write_text("")
        try:
            with pytest.raises(UsageError, match=rf"{other.name} is of another run"):
                degrade.simulate(
                    SAMPLES / "gen0", folder / "simulated", corpora=folder / "corpora", **HOW
                )
        finally:
            other.unlink()
