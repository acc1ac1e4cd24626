"""The page on gates tells the truth: its commands run, its settings load, its names are there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import degrade
from degrade import configuration

HOUSE = Path(__file__).resolve().parents[2]
SAMPLES = HOUSE / "sample_corpora"
PAGE = (HOUSE / "docs" / "gates.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def example(name: str) -> dict:
    """Return the YAML example that begins with the name of its file."""
    (found,) = (block for block in blocks("yaml") if block.startswith(f"# {name}\n"))
    return yaml.safe_load(found)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder as the page speaks of it."""
    shutil.copytree(SAMPLES / "gen0-heldout", tmp_path / "human")
    text = (SAMPLES / "gen0" / "part-000.jsonl").read_text(encoding="utf-8").splitlines(True)
    (tmp_path / "data").mkdir()
    for name, part in (("a", text[::2]), ("b", text[1::2])):
        (tmp_path / "data" / f"{name}.jsonl").write_text("".join(part), encoding="utf-8")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_every_command_and_every_script_runs(project):
    (project / "bin").mkdir()
    program = project / "bin" / "degrade"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m degrade "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) > 5
    for command in commands:
        done = subprocess.run(
            ["bash", "-c", command], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    (script,) = (block for block in blocks("python") if block.startswith("from degrade"))
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["data/a.jsonl passed", "data/b.jsonl passed"]


def test_the_settings_load_and_name_what_is_there(tmp_path):
    shared, own = blocks("toml")
    both = []
    for settings, name in ((shared, "pyproject.toml"), (own, "degrade.toml")):
        assert settings.startswith(f"# {name}")
        path = tmp_path / name
        path.write_text(settings, encoding="utf-8")
        both.append(configuration.load(path))
    found = both[0]
    assert (found.options, found.check) == (both[1].options, both[1].check)
    assert found.check.baseline == "human"
    assert found.store == str(tmp_path / "baselines")
    profile = degrade.profile(["Some text."], metrics="primary")
    assert profile.documents == 1
    # Thresholds are looked up by name, and an unknown one is refused.
    with pytest.raises(degrade.errors.DegradeError, match="all in one group"):
        degrade.compare(profile, ["Other text."], thresholds=found.options["thresholds"])


def test_hooks_inputs_and_outputs_are_there():
    hooks = yaml.safe_load((HOUSE / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (repository,) = example(".pre-commit-config.yaml")["repos"]
    assert {hook["id"] for hook in repository["hooks"]} == {hook["id"] for hook in hooks}
    action = yaml.safe_load((HOUSE / "action.yml").read_text(encoding="utf-8"))
    workflow = example(".github/workflows/text.yml")
    steps = workflow["jobs"]["degrade"]["steps"]
    (use,) = (step for step in steps if "degrade@" in step.get("uses", ""))
    assert set(use["with"]) <= set(action["inputs"])
    said = "".join(map(str, steps))
    assert set(re.findall(rf"steps\.{use['id']}\.outputs\.(\w+)", said)) <= set(action["outputs"])
