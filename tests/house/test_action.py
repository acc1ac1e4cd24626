"""The GitHub Action and the GitLab job: their scripts, run as those services run them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

import degrade

HOUSE = Path(__file__).resolve().parents[2]
GENERATED = (".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "build", "dist")
SAMPLES = HOUSE / "sample_corpora"
ACTION = yaml.safe_load((HOUSE / "action.yml").read_text(encoding="utf-8"))
GUIDE = (HOUSE / "docs" / "gates.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    path = tmp_path_factory.mktemp("baseline") / "baseline.profile"
    degrade.profile(SAMPLES / "gen0-heldout", metrics="primary").save(path)
    return path


@pytest.fixture
def project(tmp_path, baseline):
    """A repository with a gate, and with good data."""
    folder = tmp_path / "my project"
    (folder / "data").mkdir(parents=True)
    (folder / ".git").mkdir()
    shutil.copy(baseline, folder / "baseline.profile")
    shutil.copy(SAMPLES / "gen0" / "part-000.jsonl", folder / "data" / "good.jsonl")
    shutil.copy(SAMPLES / "gen5" / "part-000.jsonl", folder / "bad one.jsonl")
    first = (SAMPLES / "gen0" / "part-000.jsonl").read_text(encoding="utf-8").splitlines(True)
    (folder / "tiny.jsonl").write_text(first[0], encoding="utf-8")
    (folder / "degrade.toml").write_text(
        "[check]\nbaseline = 'baseline.profile'\npaths = ['data']\n", encoding="utf-8"
    )
    return folder


class Runner:
    """What runs the steps of an action: expressions filled in, files for outputs and summary."""

    def __init__(self, folder: Path, programs: Path, action: Path, **given: str) -> None:
        self.folder = folder
        self.values = {f"inputs.{k}": str(v["default"]) for k, v in ACTION["inputs"].items()}
        self.values |= {f"inputs.{k.replace('_', '-')}": v for k, v in given.items()}
        self.summary = folder.parent / "summary.md"
        self.output = folder.parent / "output.txt"
        self.summary.touch()
        self.environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_ACTION_PATH": str(action),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_OUTPUT": str(self.output),
        }
        self.log = ""

    def filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: self.values[found[1]], text)

    def step(self, name: str) -> int:
        (step,) = (each for each in ACTION["runs"]["steps"] if each.get("name") == name)
        self.output.write_text("", encoding="utf-8")
        assert step["shell"] == "bash"
        # An input in a script would be run.
        assert "${{" not in step["run"]
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder / self.filled(step.get("working-directory", ".")),
            env={**self.environment, **{k: self.filled(v) for k, v in step.get("env", {}).items()}},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        self.log = done.stdout + done.stderr
        for line in self.output.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            self.values[f"steps.{step['id']}.outputs.{key}"] = value
        return done.returncode

    def said(self, output: str) -> str:
        return self.filled(ACTION["outputs"][output]["value"])


@pytest.fixture(scope="module")
def programs(tmp_path_factory) -> Path:
    """Return a folder with the program of this checkout, under its name."""
    folder = tmp_path_factory.mktemp("programs")
    program = folder / "degrade"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m degrade "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "outcome", "status"),
    [
        ({}, "passed", 0),
        ({"paths": "data\nbad one.jsonl\n"}, "failed", 1),
        ({"paths": "tiny.jsonl"}, "undecided", 3),
        ({"paths": "tiny.jsonl", "on_inconclusive": "pass"}, "passed", 0),
        ({"paths": "missing.jsonl"}, "error", 2),
        ({"baseline": "$(touch x)", "config": "degrade.toml"}, "error", 2),
        ({"paths": "bad one.jsonl", "fail_on": "severe", "report": "out/of gate"}, "failed", 1),
    ],
)
def test_the_action_says_what_came_of_it(project, programs, given, outcome, status):
    runner = Runner(project, programs, HOUSE, **given)
    stale = project / given.get("report", "degrade-report") / "comment.md"
    stale.parent.mkdir(parents=True)
    stale.write_text("of a run before", encoding="utf-8")
    assert runner.step("Check") == 0, runner.log
    assert runner.said("outcome") == outcome
    report = project / given.get("report", "degrade-report")
    comment = Path(runner.said("comment"))
    assert comment == report / "comment.md"
    assert comment.read_text(encoding="utf-8") == runner.summary.read_text(encoding="utf-8")
    assert runner.step("Pass or fail") == status
    assert ("::error" in runner.log) == (status != 0)
    assert not (project / "x").exists()
    assert "of a run before" not in comment.read_text(encoding="utf-8")
    if given.get("paths") == "tiny.jsonl" or status == 2:
        assert (report / "check.txt").read_text(encoding="utf-8").splitlines()[0] in (
            comment.read_text(encoding="utf-8")
        )
        return
    assert comment.read_text(encoding="utf-8").startswith("## ")
    assert (report / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert bool(ET.parse(report / "junit.xml").getroot().findall(".//failure")) == (status == 1)


@pytest.mark.slow
def test_the_action_installs_itself(tmp_path):
    action = tmp_path / "action"
    shutil.copytree(HOUSE, action, ignore=shutil.ignore_patterns(*GENERATED, "*.egg-info"))
    home = tmp_path / "python"
    venv.create(home, with_pip=True, symlinks=os.name != "nt")
    (site,) = home.glob("lib/python*/site-packages")
    # What it requires is at hand; pip takes from the net what it builds with.
    (site / "requires.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    (tmp_path / "work").mkdir()
    runner = Runner(tmp_path / "work", home / "bin", action)
    assert runner.step("Install degrade") == 0, runner.log
    done = subprocess.run(
        [home / "bin" / "degrade", "--version"], capture_output=True, text=True, check=True
    )
    assert degrade.__version__ in done.stdout
    (package,) = site.glob("degrade/__init__.py")
    assert package.is_file()


def test_every_expression_of_the_action_is_of_something_that_is_there():
    text = (HOUSE / "action.yml").read_text(encoding="utf-8")
    used = set(re.findall(r"inputs\.([a-z-]+)", text))
    assert used == set(ACTION["inputs"])
    check = next(each for each in ACTION["runs"]["steps"] if each.get("id") == "check")
    for name in re.findall(r"steps\.check\.outputs\.([a-z]+)", text):
        assert f'echo "{name}=' in check["run"]


def jobs() -> dict:
    """Return the GitLab example of the guide."""
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE, flags=re.DOTALL)
    (found,) = (block for block in blocks if block.startswith("# .gitlab-ci.yml"))
    return yaml.safe_load(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("paths", "status"), [("data", 0), ("bad one.jsonl", 1), ("tiny.jsonl", 3)]
)
def test_the_gitlab_job_runs(project, programs, paths, status):
    (job,) = jobs().values()
    settings = project / "degrade.toml"
    said = settings.read_text(encoding="utf-8").replace("'data'", f"'{paths}'")
    settings.write_text(said, encoding="utf-8")
    assert any("pip install" in line for line in job["before_script"])
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(job["script"])],
        cwd=project,
        env={**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
        check=False,
    )
    assert done.returncode == status
    assert (status == 3) == (status in job["allow_failure"]["exit_codes"])
    if status != 3:
        assert (project / job["artifacts"]["reports"]["junit"]).is_file()
        assert all((project / path).exists() for path in job["artifacts"]["paths"])
