"""plugins/README.md can be followed as it is written, and its code is that of the example."""

from __future__ import annotations

import os
import re
import shutil
import sysconfig
import venv
from importlib.util import find_spec
from pathlib import Path

import pytest
from readme_examples import examples

from degrade.registry import catalogue
from degrade.testing import check_metric

HOUSE = Path(__file__).resolve().parents[2]
FOLDER = HOUSE / "plugins"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
FILES = re.compile(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# degrade is there under its name, as an installation leaves it.
PROGRAM = "#!{python}\nfrom degrade.cli.main import main\nmain()\n"


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Path:
    """Make an environment that has what this one has, and in which more can be installed."""
    home = tmp_path_factory.mktemp("fresh")
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    (site,) = home.glob("lib/python*/site-packages")
    here = sysconfig.get_path("purelib")
    (site / "here.pth").write_text(f"import site; site.addsitedir({here!r})\n")
    program = home / "bin" / "degrade"
    program.write_text(PROGRAM.format(python=home / "bin" / "python"))
    program.chmod(0o755)
    return home


@pytest.mark.slow
def test_who_follows_the_readme_gets_a_tested_and_installed_metric(
    environment, tmp_path, monkeypatch
):
    # Neither what the metric requires nor what builds it is fetched: both are here.
    for name, value in (("NO_INDEX", "1"), ("NO_BUILD_ISOLATION", "0"), ("NO_DEPS", "1")):
        monkeypatch.setenv(f"PIP_{name}", value)
    folder = tmp_path / "plugins" / "example"
    folder.mkdir(parents=True)
    for name, content in FILES.findall(README):
        (folder / name).write_text(content, encoding="utf-8")
    for name in ("gen0-heldout", "gen5"):
        shutil.copytree(HOUSE / "sample_corpora" / name, tmp_path / "sample_corpora" / name)
    wrong = []
    for example in examples(README):
        if example.language == "console":
            status, printed = example.run(folder, environment / "bin")
            if status != 0 or not example.promises(printed):
                wrong.append(f"$ {example.source}\n{printed}\n(exit status {status})")
    assert not wrong, "\n\n".join(wrong)
    assert find_spec("degrade_honore") is None, "it was not installed in the fresh environment"


def test_the_files_of_the_readme_are_those_of_the_example():
    written = dict(FILES.findall(README))
    example = {path.name: path for path in (FOLDER / "example").iterdir() if path.is_file()}
    assert {*written} == {*example}
    for name, path in example.items():
        assert written[name] == path.read_text(encoding="utf-8"), name


def test_the_other_metrics_of_the_readme_keep_the_laws(tmp_path):
    scripts = [e.source for e in examples(README) if e.language == "python"]
    others = [text for text in scripts if "METRICS = (" in text and "honore" not in text]
    assert others
    for i, text in enumerate(others):
        file = tmp_path / f"readme_{i}.py"
        file.write_text(text, encoding="utf-8")
        found = catalogue([file])
        own = [m for name, m in found.metrics.items() if found.origins[name] == str(file)]
        assert own
        for metric in own:
            check_metric(metric)


def test_every_file_that_the_readme_links_to_is_there():
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)
    assert targets
    assert [target for target in targets if not (FOLDER / target).exists()] == []
