"""A metric in a distribution of its own appears in reports, with no change to the core."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_corpora"
PLUGIN = ROOT / "tests" / "data" / "yule_k.py"

SETUP = """
[metadata]
name = degrade-yule
version = 1.0

[options]
py_modules = degrade_yule

[options.entry_points]
degrade.metrics =
    yule = degrade_yule:METRICS
    broken = degrade_yule:NOTHING
"""


def run(*arguments, folder, **environment):
    return subprocess.run(
        arguments,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_an_installed_distribution_brings_its_metric_and_a_broken_one_is_named(tmp_path):
    (tmp_path / "setup.cfg").write_text(SETUP)
    (tmp_path / "pyproject.toml").write_text('[build-system]\nrequires = ["setuptools"]\n')
    shutil.copy(PLUGIN, tmp_path / "degrade_yule.py")
    site = tmp_path / "site"
    install = ("-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", site)
    done = run(sys.executable, *map(str, install), ".", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    command = (sys.executable, "-m", "degrade")
    target = tmp_path / "run.json"
    compared = run(
        *(*command, "compare", "gen0-heldout", "gen5", "-q", "-o", str(target)),
        folder=SAMPLES,
        PYTHONPATH=str(site),
    )
    assert compared.returncode == 0, compared.stderr
    findings = json.loads(target.read_text())["comparisons"][0]["findings"]
    assert "own_yule_k" in {finding["metric"] for finding in findings}
    listed = run(*command, "metrics", "own_yule_k", folder=SAMPLES, PYTHONPATH=str(site))
    assert "degrade-yule 1.0" in listed.stdout
    assert "degrade-yule 1.0: degrade_yule:NOTHING" in listed.stderr
