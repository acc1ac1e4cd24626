"""The pictures in docs are those that degrade draws of the sample corpora."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
FOLDER = HOUSE / "docs" / "pictures"


@pytest.mark.slow
def test_the_pictures_are_up_to_date_and_all_shown():
    path = HOUSE / "tools" / "make_report_pictures.py"
    spec = importlib.util.spec_from_file_location("make_report_pictures", path)
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    kept = {each.name: each.read_text(encoding="utf-8") for each in FOLDER.iterdir()}
    assert kept == maker.pictures(), "draw them anew: python tools/make_report_pictures.py"
    page = (HOUSE / "docs" / "reading-a-report.md").read_text(encoding="utf-8")
    assert set(re.findall(r"!\[[^]]+\]\(pictures/([^)]+)\)", page)) == set(kept)
