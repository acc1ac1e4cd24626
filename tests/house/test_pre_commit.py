"""The hooks, installed by pre-commit from this checkout, stop what they should stop."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import degrade

HOUSE = Path(__file__).resolve().parents[2]
SAMPLES = HOUSE / "sample_corpora"
LEFT_OUT = (".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "build", "dist", "tests")
FILES = 500
DOCUMENTS = 5

pytestmark = pytest.mark.slow


def index_is_there() -> bool:
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
    try:
        with urllib.request.urlopen(f"{index}/click/", timeout=10):
            return True
    except OSError:
        return False


class Repository:
    """A git repository, and commands run in it as a person would."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PYTHON"))},
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.org",
            **environment,
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def must(self, *command: str) -> str:
        done = self.run(*command)
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        return done.stdout

    def commit(self) -> subprocess.CompletedProcess[str]:
        self.must("git", "add", "-A")
        return self.run("git", "commit", "-m", "Add text")

    @property
    def commits(self) -> int:
        return int(self.must("git", "rev-list", "--count", "HEAD"))


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """This checkout as it is now, as a repository with a release."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    if not index_is_there():
        pytest.skip("hooks are installed from a package index, and none can be reached")
    folder = tmp_path_factory.mktemp("hooks") / "degrade"
    shutil.copytree(HOUSE, folder, ignore=shutil.ignore_patterns(*LEFT_OUT, "*.egg-info"))
    repository = Repository(folder)
    repository.must("git", "init", "-q")
    assert repository.commit().returncode == 0
    repository.must("git", "tag", "v1")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """Where pre-commit keeps the environments of hooks, once for all tests here."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture(scope="module")
def baseline(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("baseline") / "baseline.profile"
    degrade.profile(SAMPLES / "gen0-heldout", metrics="primary", sampled_documents=0).save(path)
    return path


@pytest.fixture
def repository(tmp_path, source, home, baseline) -> Repository:
    """A repository with a baseline and the hook ``degrade-check``, as a person sets them up."""
    folder = tmp_path / "project"
    (folder / "data").mkdir(parents=True)
    shutil.copy(baseline, folder)
    (folder / "degrade.toml").write_text(
        '[check]\nbaseline = "baseline.profile"\npaths = ["data"]\n', encoding="utf-8"
    )
    made = Repository(folder, PRE_COMMIT_HOME=str(home))
    made.must("git", "init", "-q")
    hooks(made, source, "degrade-check")
    made.must(sys.executable, "-m", "pre_commit", "install")
    assert made.commit().returncode == 0
    return made


def hooks(repository: Repository, source: Path, *names: str) -> None:
    """Configure these hooks."""
    listed = "".join(f"      - id: {name}\n        files: ^data/\n" for name in names)
    (repository.folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: file://{source}\n    rev: v1\n    hooks:\n{listed}", encoding="utf-8"
    )


def put(repository: Repository, generation: str, name: str) -> None:
    shutil.copy(SAMPLES / generation / "part-000.jsonl", repository.folder / "data" / name)


def test_a_good_commit_passes_and_a_degraded_one_is_stopped(repository):
    put(repository, "gen0", "good.jsonl")
    done = repository.commit()
    assert done.returncode == 0, done.stdout
    assert "degrade check (each file)" in done.stdout
    assert repository.commits == 2
    put(repository, "gen5", "bad.jsonl")
    done = repository.commit()
    assert done.returncode == 1
    said = " ".join(done.stdout.split())
    assert "data/bad.jsonl: failed" in said
    assert "has lost rare words and phrases" in said
    assert "degrade compare baseline.profile FILES -o report.json" in said
    assert "make a new baseline" in said
    assert repository.commits == 2


def test_of_five_hundred_files_the_degraded_one_is_named(repository, source):
    with (SAMPLES / "gen0" / "part-000.jsonl").open(encoding="utf-8") as lines:
        human = list(lines)
    for number in range(FILES - 1):
        at = number * DOCUMENTS % (len(human) - DOCUMENTS)
        rows = [json.loads(line) for line in human[at : at + DOCUMENTS]]
        for row in rows:
            row["id"] = f"{number} {row.get('id')}"
        text = "".join(json.dumps(row) + "\n" for row in rows)
        path = repository.folder / "data" / f"{number:03}.jsonl"
        path.write_text(text, encoding="utf-8")
    repository.must("git", "add", "-A")
    everything = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose"]
    assert "0 failed" in repository.must(*everything)
    put(repository, "gen5", "bad.jsonl")
    repository.must("git", "add", "-A")
    done = repository.run(*everything)
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if line.endswith(": failed")] == [
        "data/bad.jsonl: failed"
    ]
    assert f"of {FILES} files passed, 1 failed" in " ".join(done.stdout.split())


def test_the_corpus_hook_judges_all_files_together(repository, source):
    hooks(repository, source, "degrade-check-corpus")
    put(repository, "gen0", "good.jsonl")
    done = repository.commit()
    assert done.returncode == 0, done.stdout
    put(repository, "gen5", "bad.jsonl")
    done = repository.commit()
    assert done.returncode == 1
    assert "data: failed" in done.stdout
