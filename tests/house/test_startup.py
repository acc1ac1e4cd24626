"""Asking for help is quick: it loads nothing that computes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "sample_corpora"
COMPILING = {"numba.np.arraymath", "numba.np.npyimpl", "numba.np.linalg"}
"""What numba can put into kernels: a tenth of the time of comparing two saved profiles."""
HEAVY = {
    "numba", "numpy", "pandas", "pyarrow", "scipy", "spacy", "nltk", "torch", "transformers",
}  # fmt: skip


def imported(*arguments: str) -> set[str]:
    """Return the modules that ``python -m degrade`` loads for ``arguments``."""
    command = [sys.executable, "-X", "importtime", "-m", "degrade", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(re.findall(r"^import time:.*\|\s+(\S+)$", done.stderr, flags=re.MULTILINE))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["compare", "--help"],
        ["baseline", "add", "--help"],
        ["simulate", "--help"],
    ],
)
def test_help_loads_nothing_that_computes(arguments):
    modules = {module.partition(".")[0] for module in imported(*arguments)}
    assert "click" in modules
    assert modules & HEAVY == set()


def test_kernels_that_were_compiled_are_loaded_without_what_compiles_them(tmp_path):
    saved = []
    for name in ("gen0-heldout", "gen1"):
        saved.append(str(tmp_path / f"{name}.profile"))
        corpus = str(SAMPLES / name)
        command = [sys.executable, "-m", "degrade", "profile", corpus, "-q", "-o", saved[-1]]
        subprocess.run([*command, "--limit", "400"], check=True)
    # The first time, those that are missing are compiled.
    imported("compare", *saved, "-q")
    modules = imported("compare", *saved, "-q")
    assert "numba.core.dispatcher" in modules
    assert modules & COMPILING == set()
