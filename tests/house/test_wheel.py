"""What is released: an sdist, the wheel built from it, and the program the wheel installs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

HOUSE = Path(__file__).resolve().parents[2]
GENERATED = (".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "build", "dist")
LEVELS = {"none", "minor", "moderate", "severe", "inconclusive"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def dist(tmp_path_factory) -> Path:
    """Build the sdist and, from nothing but the sdist, the wheel."""
    folder = tmp_path_factory.mktemp("release")
    shutil.copytree(
        HOUSE, folder / "source", ignore=shutil.ignore_patterns(*GENERATED, "*.egg-info")
    )
    enough = Version(metadata.version("setuptools")) >= Version("70.1")
    isolation = ["--no-isolation"] if enough else []
    run(sys.executable, "-m", "build", *isolation, "--outdir", folder / "dist", folder / "source")
    return folder / "dist"


@pytest.fixture(scope="module")
def program(dist, tmp_path_factory) -> Path:
    """Install the wheel where only it and what it requires can be imported."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    python = home / "bin" / "python"
    (wheel,) = dist.glob("*.whl")
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--quiet", wheel)
    (site,) = home.glob("lib/python*/site-packages")
    (installed,) = metadata.distributions(name="degrade", path=[str(site)])
    for distribution in required(installed):
        link(distribution, site)
    return home / "bin" / "degrade"


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run ``command`` and return what it printed; on failure show both streams."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def required(distribution: metadata.Distribution) -> list[metadata.Distribution]:
    """Return what ``distribution`` requires, and what that requires, without any extra."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [(distribution, frozenset({""}))]
    while waiting:
        current, extras = waiting.pop()
        for line in current.requires or []:
            requirement = Requirement(line)
            wanted = requirement.marker is None or any(
                requirement.marker.evaluate({"extra": extra}) for extra in extras
            )
            if wanted and requirement.name not in found:
                found[requirement.name] = metadata.distribution(requirement.name)
                waiting.append((found[requirement.name], frozenset({"", *requirement.extras})))
    return list(found.values())


def link(distribution: metadata.Distribution, site: Path) -> None:
    """Make ``distribution``, as installed here, importable from ``site``."""
    for top in {file.parts[0] for file in distribution.files or []} - {"..", "__pycache__"}:
        target = site / top
        if not target.exists():
            target.symlink_to(Path(str(distribution.locate_file(top))))


def sources(root: str) -> set[str]:
    """Return the files of the packages in the source root ``root``, as paths from it."""
    packages = [marker.parent for marker in (HOUSE / root).glob("*/__init__.py")]
    files = (path for package in packages for path in package.rglob("*") if path.is_file())
    return {
        path.relative_to(HOUSE / root).as_posix()
        for path in files
        if "__pycache__" not in path.parts and ".egg-info" not in str(path)
    }


def test_the_wheel_holds_every_source_file_and_nothing_else(dist):
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == sources("analyzer") | sources("plugins")


def test_the_sdist_holds_what_a_packager_tests_with(dist):
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        held = {member.name.partition("/")[2] for member in archive if member.isfile()}
    expected = {
        "CHANGELOG.md",
        "LICENSE",
        "Makefile",
        "README.md",
        "docs/development.md",
        "plugins/README.md",
        "plugins/example/pyproject.toml",
        "sample_corpora/gen0-heldout/part-000.jsonl",
        "tests/house/test_wheel.py",
    }
    assert expected - held == set()
    assert {name for name in held if name.endswith((".pyc", ".nbi", ".nbc"))} == set()


def test_the_installed_program_knows_its_version(program, dist):
    (wheel,) = dist.glob("*.whl")
    assert wheel.name.split("-")[1] in run(program, "--version")


def test_the_installed_program_explains_itself(program):
    assert "compare" in run(program, "--help")


def test_the_installed_program_compares_with_what_it_requires_and_no_more(program, tmp_path):
    for corpus, stride in (("before", 7), ("after", 3)):
        (tmp_path / corpus).mkdir()
        for document in range(60):
            words = (f"word{(document * stride + i * i) % 90}" for i in range(150))
            (tmp_path / corpus / f"{document:02}.txt").write_text(" ".join(words))
    run(program, "compare", "before", "after", "-o", "run.json", cwd=tmp_path)
    record = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert [corpus["documents"] for corpus in record["corpora"]] == [60, 60]
    assert record["comparisons"][0]["verdict"]["level"] in LEVELS
