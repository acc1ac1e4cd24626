"""What the pages show can be done as they show it: commands, options, scripts and settings."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import numpy as np
import pytest

import degrade
from degrade.cli.main import cli, main
from degrade.store import Store

HOUSE = Path(__file__).resolve().parents[2]
DOCS = HOUSE / "docs"
PAGES = [
    HOUSE / "README.md",
    HOUSE / "plugins" / "README.md",
    *sorted(page for page in DOCS.glob("*.md") if page.name != "metrics.md"),
]
SPAN = re.compile(r"`(degrade [a-z][^`]*)`|^(?:\$ |    (?:- )?|)(degrade [a-z].*)$", re.MULTILINE)


def blocks(page: str, language: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[list[str]]:
    """Return the words of every command of degrade that a page shows, in a line or a sentence."""
    text = page.read_text(encoding="utf-8")
    found = [" ".join((span or line).split()) for span, line in SPAN.findall(text)]
    return [re.split(r"[ =]", command.partition(" #")[0])[1:] for command in found]


def options_of(command: click.Command) -> set[str]:
    return {name for option in command.params for name in (*option.opts, *option.secondary_opts)}


def test_every_command_and_option_that_a_page_names_is_there():
    context = click.Context(cli)
    wrong, seen = [], 0
    for page in PAGES:
        for name, *words in commands(page):
            command = cli.get_command(context, name)
            if command is None:
                # A sentence that says what degrade does.
                continue
            if isinstance(command, click.Group) and words:
                command = command.get_command(context, words[0]) or command
            given = {word.rstrip(",;:)") for word in words if re.fullmatch(r"--?[a-z-]+\W?", word)}
            wrong += [f"{page.name}: degrade {name} {o}" for o in given - options_of(command)]
            seen += 1
    assert not wrong
    assert seen > 60


def exec_page(code: str, names: dict[str, object] | None = None) -> dict[str, object]:
    """Run ``code``, and return what it leaves."""
    left = {} if names is None else names
    exec(compile(code, "page", "exec"), left)
    return left


MODEL = """
import json, pathlib, pytest

class Model:
    def __init__(self, texts):
        self.texts = texts

    def generate(self, prompt):
        return self.texts[prompt]

@pytest.fixture
def model(request):
    return Model(json.loads(pathlib.Path("texts.json").read_text())[request.module.__name__])
"""


def texts(count: int, seed: int = 0, types: int = 300) -> list[str]:
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(5.0, types + 5)
    drawn = rng.choice(types, (count, 40), p=chances / chances.sum())
    return [" ".join(f"w{word}" for word in row) for row in drawn]


def test_the_script_of_the_page_on_run_files_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    run = degrade.compare(texts(100), texts(100, 1), metrics=("types_1",), self_check=0, workers=1)
    run.save("run.json")
    (script,) = blocks("run-file.md", "python")
    exec_page(script)
    assert capsys.readouterr().out.strip() == run.verdict.headline


def test_the_command_of_the_page_on_simulation_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = (json.dumps({"text": text}) for text in texts(160))
    (tmp_path / "human.jsonl").write_text("\n".join(lines), encoding="utf-8")
    shown = blocks("simulate.md", "console")[0]
    command = shlex.split(shown.removeprefix("$ "))
    # As written but smaller: the last of an option is the one that counts.
    less = ("--generations", "1", "--keep", "0,0.25", "--seeds", "1", "--metrics", "types_1")
    with pytest.raises(SystemExit) as ended:
        main([*command[1:], "--quiet", *less])
    assert ended.value.code == 0
    assert (tmp_path / "simulated" / "replace-keep-0.25" / "gen1.jsonl").exists()


@pytest.mark.slow
def test_the_example_for_pytest_runs_as_a_test(tmp_path):
    (example,) = (e for e in blocks("gates.md", "python") if "assert_no_degradation" in e)
    (tmp_path / "degrade.toml").write_text(
        'store = "baselines"\nmetrics = ["primary"]\n', encoding="utf-8"
    )
    Store(str(tmp_path / "baselines")).add("human", texts(1_200), metrics=("primary",))
    written = {"test_same": texts(1_200, 1), "test_poorer": texts(1_200, 2, types=60)}
    (tmp_path / "conftest.py").write_text(MODEL, encoding="utf-8")
    (tmp_path / "texts.json").write_text(json.dumps(written), encoding="utf-8")
    for name in written:
        script = f"PROMPTS = range(1_200)\n\n\n{example}"
        (tmp_path / f"{name}.py").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "FAILED test_poorer.py::" in done.stdout


def test_the_page_on_development_names_targets_that_are_there():
    (shown,) = blocks("development.md", "sh")
    for line in shown.splitlines():
        words = shlex.split(line, comments=True)
        done = subprocess.run(
            [*words, "--dry-run"], cwd=HOUSE, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_the_scripts_that_the_page_on_statistics_runs_take_these_options():
    text = (DOCS / "statistics.md").read_text(encoding="utf-8")
    lines = re.findall(r"^    python (\S+\.py) CORPUS(.*?)(?:  .*)?$", text, re.MULTILINE)
    assert len(lines) >= 4
    for script, rest in lines:
        source = (HOUSE / script).read_text(encoding="utf-8")
        for option in rest.split():
            assert f'add_argument("{option}"' in source
