"""The page on simulations tells the truth: its scripts run as they stand."""

import json
import re
from pathlib import Path

import pytest

import degrade
from degrade.learner import Learner

HOUSE = Path(__file__).resolve().parents[2]
PAGE = HOUSE / "docs" / "simulate.md"


def scripts():
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a corpus as the page names it."""
    monkeypatch.chdir(tmp_path)
    lines = (HOUSE / "sample_corpora" / "gen0" / "part-000.jsonl").read_text("utf-8").splitlines()
    records = [{"text": json.loads(line)["text"][:300]} for line in lines[:170]]
    (tmp_path / "human.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return tmp_path


def ran(script):
    names = {}
    exec(compile(script, str(PAGE), "exec"), names)
    return names


@pytest.mark.slow
def test_scripts_that_simulate_run_as_they_stand(place):
    found = [ran(script)["found"] for script in scripts() if "degrade.simulate(" in script]
    assert len(found) == 1
    for each in found[0]:
        assert all(file.exists() for file in each.files)
        assert each.run.trend


def test_the_learner_of_the_page_is_one():
    (script,) = (script for script in scripts() if "degrade.simulate(" not in script)
    make = ran(script)["words"]
    learner = make(kept=2)
    assert isinstance(learner, Learner)
    documents = [degrade.Document(text) for text in ("a b a", "a", "b a c")]
    model = learner.train(documents, 0)
    texts = learner.sample(model, documents, 0, 1.0, 1.0)
    assert texts == learner.sample(model, documents, 0, 1.0, 1.0)
    assert [len(text.split()) for text in texts] == [3, 1, 3]
    assert {word for text in texts for word in text.split()} <= {"a", "b"}
