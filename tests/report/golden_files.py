"""Whole reports, as they should be. After a change that is meant, write them anew, read the diff:

PYTHONPATH=analyzer python tests/report/golden_files.py
"""

from pathlib import Path

from example_records import everything

from degrade.report import html, junit, markdown, run_file, tabular, terminal
from degrade.report.charts.files import SVG

FOLDER = Path(__file__).parent / "golden"


def golden():
    """Return the content of each golden file by its name."""
    record = everything()["severe"]
    return {
        "severe.txt": terminal.REPORTER.render(record),
        "severe.json": run_file.REPORTER.render(record),
        "severe.md": markdown.REPORTER.render(record),
        "severe.csv": tabular.CSV.render(record),
        "severe.xml": junit.REPORTER.render(record),
        "severe.html": html.REPORTER.render(record),
        "severe.forest.svg": SVG.draw(record, "forest"),
    }


if __name__ == "__main__":
    for name, content in golden().items():
        (FOLDER / name).write_text(content, encoding="utf-8", newline="\n")
