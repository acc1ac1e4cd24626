"""Asking for help is quick: it loads nothing that computes."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

HEAVY = {
    "numba", "numpy", "pandas", "pyarrow", "scipy", "spacy", "nltk", "torch", "transformers",
}  # fmt: skip


def imported(*arguments: str) -> set[str]:
    """Return the top-level modules that ``python -m degrade`` loads for ``arguments``."""
    command = [sys.executable, "-X", "importtime", "-m", "degrade", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    modules = re.findall(r"^import time:.*\|\s+(\S+)$", done.stderr, flags=re.MULTILINE)
    return {module.partition(".")[0] for module in modules}


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
    modules = imported(*arguments)
    assert "click" in modules
    assert modules & HEAVY == set()
