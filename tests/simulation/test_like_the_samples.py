"""Corpora laid out as the sample corpora are, made again byte by byte."""

import hashlib
import json
from pathlib import Path

import pytest

import degrade
from degrade.errors import UsageError

SAMPLES = Path(__file__).resolve().parents[2] / "sample_corpora"
MADE = {
    # Of the first 100 passages: other bytes are another version of the learner.
    "gen0": "771296d986fb51bdea9020504732d3ad45b64213b68421f3ff4116fd9adeec3f",
    "gen0-heldout": "73fa47e0518b21a8375ee43cd67b35f262c9a9f6c39365bdad0d019dbb3ada32",
    "gen1": "f2ee92eff0ca0e14647db5cea317f7c9228a43b2a976de31905254791c8126b8",
    "gen2": "5d6b463bad98bed0c8ee7c5443475882f34878b4c6db88c0fbb0dd7583839410",
}
SMALL = {
    "reference": SAMPLES / "gen0-heldout",
    "settings": {"order": 4},
    "generations": 2,
    "limit": 100,
    "metrics": ["types_1"],
    "workers": 1,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    found = degrade.simulate(
        SAMPLES / "gen0", folder / "simulated", corpora=folder / "corpora", **SMALL
    )
    return folder, found


def test_a_small_version_of_the_sample_corpora_is_made_to_the_byte(made):
    folder, found = made
    files = sorted(path for path in (folder / "corpora").rglob("*") if path.is_file())
    assert sorted(path for path in found.files if path.suffix == ".jsonl") == files
    assert {
        path.parent.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    } == MADE
    assert {path.name for path in files} == {"part-000.jsonl"}


def test_it_is_laid_out_as_the_sample_corpora_are(made):
    folder, _ = made
    for name in MADE:
        lines = (folder / "corpora" / name / "part-000.jsonl").read_text("utf-8").splitlines()
        assert all(json.loads(line).keys() == {"id", "text"} for line in lines)
        sample = (SAMPLES / name / "part-000.jsonl").read_text("utf-8").splitlines()
        assert {"id", "text"} <= json.loads(sample[0]).keys()
        assert len(lines) == 100


def test_only_one_lineage_is_laid_out(made, tmp_path):
    for more in ({"keep": (0.0, 0.5)}, {"seeds": 2}, {"regimes": ("replace", "accumulate")}):
        with pytest.raises(UsageError, match="of one lineage"):
            degrade.simulate(SAMPLES / "gen0", tmp_path, corpora=tmp_path / "c", **SMALL, **more)
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
                    SAMPLES / "gen0", folder / "simulated", corpora=folder / "corpora", **SMALL
                )
        finally:
            other.unlink()
