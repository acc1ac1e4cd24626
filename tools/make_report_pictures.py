"""Draw the pictures of docs/reading-a-report.md from the sample corpora.

Usage: python tools/make_report_pictures.py [FOLDER]
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import degrade
from degrade.report.charts.files import SVG

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "docs" / "pictures"
NAMES = ("forest", "rank-frequency", "vocabulary-growth", "loss-by-rarity")


def pictures() -> Mapping[str, str]:
    """Return the content of each picture by the name of its file."""
    samples = ROOT / "sample_corpora"
    run = degrade.compare(samples / "gen0-heldout", samples / "gen3", reproducible=True)
    return {f"{name}.svg": SVG.draw(run.record, name) for name in NAMES}


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in pictures().items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
