"""``degrade report``: a saved run, shown again."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

RUN = Path(__file__).parents[1] / "report" / "runs" / "schema-1-first-days.json"


def test_an_old_run_is_written_in_every_format(degrade, tmp_path):
    names = ("a.json", "a.md", "a.csv", "a.parquet", "a.xml", "a.txt")
    outputs = [part for name in names for part in ("-o", tmp_path / name)]
    code, out, err = degrade("report", RUN, *outputs)
    assert (code, out) == (0, "")
    assert err.count("Report written to") == len(names)
    assert all((tmp_path / name).stat().st_size > 500 for name in names)
    again = degrade("report", tmp_path / "a.json", "-o", tmp_path / "b.md")
    assert again[0] == 0
    assert (tmp_path / "a.md").read_bytes() == (tmp_path / "b.md").read_bytes()


def test_nothing_is_written_where_one_format_is_unknown(degrade, tmp_path):
    code, _, err = degrade("report", RUN, "-o", tmp_path / "a.md", "-o", tmp_path / "a.pdf")
    assert code == 2
    assert 'no report has the suffix ".pdf"' in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("level", "status"), [("minor", 1), ("moderate", 1), ("severe", 3)])
def test_a_gate_on_a_saved_run_and_its_tests_agree(degrade, tmp_path, level, status):
    output = tmp_path / "junit.xml"
    code, _, _ = degrade("report", RUN, "--fail-on", level, "-o", output)
    assert code == status
    failures = int(ET.parse(output).getroot().get("failures"))
    assert (failures > 0) == (code == 1)
