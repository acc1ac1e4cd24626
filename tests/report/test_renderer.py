import configparser
import importlib
from pathlib import Path

import pytest
from example_records import everything

from degrade.errors import UsageError
from degrade.report import junit, markdown, run_file, tabular, terminal
from degrade.report.renderer import renderer_for, write

SEVERE = everything()["severe"]
BUILT_IN = (
    run_file.REPORTER,
    terminal.REPORTER,
    markdown.REPORTER,
    tabular.CSV,
    tabular.PARQUET,
    junit.REPORTER,
)


class Packed:
    """A format of a plugin, in bytes, whose suffix ends like another's."""

    name = "packed"
    suffixes = (".packed.json", ".bin")

    def render(self, record):
        return b"\x00\xff\r\n"


@pytest.mark.parametrize(
    ("name", "renderer"),
    [
        ("run.json", run_file.REPORTER),
        ("RUN.JSON", run_file.REPORTER),
        ("a.b.txt", terminal.REPORTER),
        ("comment.md", markdown.REPORTER),
        ("findings.csv", tabular.CSV),
        ("junit.xml", junit.REPORTER),
    ],
)
def test_the_suffix_chooses_the_format(tmp_path, name, renderer):
    write(SEVERE, tmp_path / name, BUILT_IN)
    assert (tmp_path / name).read_bytes() == renderer.render(SEVERE).encode()


def test_the_longest_suffix_decides_and_bytes_stay_bytes(tmp_path):
    write(SEVERE, tmp_path / "run.packed.json", [*BUILT_IN, Packed()])
    assert (tmp_path / "run.packed.json").read_bytes() == b"\x00\xff\r\n"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "run.pdf",
            r'run\.pdf: no report has the suffix "\.pdf".*known: \.csv, \.json, \.markdown, \.md, '
            r"\.parquet, \.txt, \.xml",
        ),
        ("run", "a name without a suffix"),
        ("json", "a name without a suffix"),
    ],
)
def test_an_unknown_suffix_lists_the_known_ones_and_writes_nothing(tmp_path, name, words):
    with pytest.raises(UsageError, match=words):
        write(SEVERE, tmp_path / name, BUILT_IN)
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_fails_leaves_the_old_file(tmp_path):
    class Failing(Packed):
        def render(self, record):
            raise RuntimeError("no")

    path = tmp_path / "x.bin"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError):
        write(SEVERE, path, [Failing()])
    assert path.read_bytes() == b"old"


def test_built_in_formats_come_in_by_the_entry_points():
    setup = configparser.ConfigParser()
    setup.read(Path(__file__).parents[2] / "setup.cfg", encoding="utf-8")
    lines = setup["options.entry_points"]["degrade.reporters"].strip().splitlines()
    found = {}
    for line in lines:
        name, target = (part.strip() for part in line.split("="))
        module, attribute = target.split(":")
        found[name] = getattr(importlib.import_module(module), attribute)
    assert found["json"] is run_file.REPORTER
    assert found["text"] is terminal.REPORTER
    assert all(renderer.name == name for name, renderer in found.items())
    assert renderer_for("x.txt", found.values()) is terminal.REPORTER
