"""Every way in which a command can end, and the status that says so."""

import array
import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

import degrade as library

HOUSE = Path(__file__).resolve().parents[2]
SAMPLES = HOUSE / "sample_corpora"
PAGE = (HOUSE / "docs" / "gates.md").read_text(encoding="utf-8")
GATE = ("-q", "--self-check", "0", "--fail-on")
LONE_WORDS = '{"text": "One document of a few words."}\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with corpora, profiles and runs, good and bad, and a store."""
    folder = tmp_path_factory.mktemp("statuses")
    profiles = {}
    for name, generation, lines in (
        ("human", "gen0-heldout", 1_200),
        ("good", "gen0", 1_200),
        ("bad", "gen5", 1_200),
        ("small", "gen0", 100),
    ):
        text = (SAMPLES / generation / "part-000.jsonl").read_text(encoding="utf-8").splitlines()
        (folder / f"{name}.jsonl").write_text("\n".join(text[:lines]), encoding="utf-8")
        made = library.profile(folder / f"{name}.jsonl", metrics="primary", workers=1)
        made.save(folder / f"{name}.profile")
        profiles[name] = made
    for name in ("good", "bad", "small"):
        run = library.compare(
            folder / "human.profile", folder / f"{name}.profile", metrics="primary", self_check=0
        )
        run.save(folder / f"{name}.json")
    other = library.profile(["Some words."], layer="character", metrics=())
    other.save(folder / "other.profile")
    whole = (folder / "small.profile").read_bytes()
    (folder / "all.profile").write_bytes((folder / "good.profile").read_bytes())
    (folder / "damaged.profile").write_bytes(whole[: len(whole) // 2])
    (folder / "tiny.jsonl").write_text(LONE_WORDS, encoding="utf-8")
    (folder / "empty.jsonl").write_text("", encoding="utf-8")
    (folder / "broken.jsonl").write_text('{"text": "ha', encoding="utf-8")
    (folder / "fields.jsonl").write_text('{"content": "Words."}\n', encoding="utf-8")
    (folder / "bad-plugin.py").write_text("raise ValueError('no')\n", encoding="utf-8")
    (folder / "bad.toml").write_text("[check]\nbaselin = 'x'\n", encoding="utf-8")
    (folder / ".git").mkdir()
    for store in ("kept", "changed"):
        from degrade.store import Store

        Store(str(folder / store)).add("human", str(folder / "small.profile"))
    (profile,) = (folder / "changed").glob("*.profile")
    profile.write_bytes(whole[:-1] + b"?")
    return folder


CASES = {
    "": [
        (0, "--help"),
        (0, "--version"),
        (2, ""),
        (2, "nope", "no command 'nope'"),
        (2, "--nope", "No such option"),
    ],
    "compare": [
        (0, "human.profile bad.profile -q --self-check 0"),
        (0, ("human.profile good.profile", *GATE, "moderate")),
        (0, ("human.profile small.profile", *GATE, "moderate --allow-inconclusive")),
        (0, ("human.profile tiny.jsonl", *GATE, "moderate --allow-inconclusive"), "one group"),
        (1, ("human.profile bad.profile", *GATE, "severe")),
        (1, ("human.profile bad.profile good.profile", *GATE, "severe --allow-inconclusive")),
        (3, ("human.profile small.profile", *GATE, "moderate")),
        (3, ("human.profile tiny.jsonl", *GATE, "moderate"), "all in one group of documents"),
        (2, "human.profile tiny.jsonl -q", "all in one group of documents"),
        (2, "human.profile", "Missing argument"),
        (2, "human.profile none.jsonl", "none.jsonl: no such file"),
        (2, "human.profile empty.jsonl -q", "no document"),
        (2, "human.profile broken.jsonl -q", "broken.jsonl, line 1"),
        (2, "human.profile fields.jsonl -q", "name it with --text-field"),
        (2, "human.profile damaged.profile", "damaged.profile"),
        (2, "human.profile other.profile", "different plans"),
        (2, "human.profile good.profile --metrics nope", "no metric or family 'nope'"),
        (2, "human.profile good.profile --alpha 2", "--alpha"),
        (2, "human.profile good.profile --fail-on bad", "--fail-on"),
        (2, "human.profile good.profile --config none.toml", "no such file"),
        (2, "human.profile good.profile --config bad.toml", "did you mean 'baseline'"),
        (2, "human.profile good.profile --plugin bad-plugin.py", "bad-plugin.py"),
        (2, "human.profile good.profile --engine nope", "no engine 'nope'"),
        (2, "human.profile good.profile -o x.xyz", 'no report has the suffix ".xyz"'),
        (2, "human.profile good.profile -o good.json/x.json", "is not a folder"),
        (2, "human.profile good.profile -q --self-check 0 -o /dev/null/x.json", "/dev/null"),
    ],
    "check": [
        (0, "good.jsonl --baseline human.profile"),
        (0, "small.jsonl --baseline human.profile --allow-inconclusive", "too little text"),
        (0, "bad.jsonl --baseline bad.profile --fail-on minor --on-inconclusive pass"),
        (1, "bad.jsonl --baseline human.profile", "failed"),
        (1, "small.jsonl --baseline human.profile --on-inconclusive fail"),
        (3, "small.jsonl --baseline human.profile", "too little text"),
        (3, "tiny.jsonl --baseline human.profile", "all in one group of documents"),
        (3, "--each good.jsonl tiny.jsonl --baseline human.profile"),
        (1, "--each bad.jsonl tiny.jsonl --baseline human.profile"),
        (2, "good.jsonl", "no baseline"),
        (2, "--baseline human.profile", "nothing to check"),
        (2, "none.jsonl --baseline human.profile", "no such file"),
        (2, "good.jsonl --baseline none.profile", "none.profile"),
        (2, "good.jsonl --baseline human --store changed", "human"),
        (2, "good.jsonl --baseline nope --store kept", "no baseline 'nope'"),
        (2, "good.jsonl --baseline human.profile --each -o x.json", "leave out --each or -o"),
        (2, "good.jsonl --baseline human.profile --config bad.toml", "did you mean 'baseline'"),
    ],
    "report": [
        (0, "bad.json"),
        (0, "good.json --fail-on moderate"),
        (0, "small.json --fail-on moderate --allow-inconclusive"),
        (1, "bad.json --fail-on severe"),
        (3, "small.json --fail-on moderate"),
        (2, "none.json", "none.json"),
        (2, "good.jsonl", "not JSON"),
        (2, "good.json -o x.xyz", "x.xyz"),
    ],
    "evidence": [
        (0, "bad.json --kind lost"),
        (0, "bad.json --metric types_1 --limit 1"),
        (2, "bad.json", "say what to show"),
        (2, "bad.json --metric nope", "no metric 'nope'"),
        (2, "bad.json --metric types_1 --candidate nope", "no candidate 'nope'"),
        (2, "bad.json --kind inherited", "no inherited n-grams"),
        (2, "none.json --kind lost", "none.json"),
    ],
    "profile": [
        (0, "tiny.jsonl -q -o tiny.profile"),
        (2, "tiny.jsonl", "--output"),
        (2, "none.jsonl -o x.profile", "no such file"),
        (2, "broken.jsonl -q -o x.profile", "broken.jsonl, line 1"),
        (2, "tiny.jsonl -q -o /dev/null/x.profile", "/dev/null"),
        (2, "good.profile --no-text -o x.profile", "good.profile is a profile already"),
    ],
    "merge": [
        (0, "good.profile small.profile -o both.profile"),
        (2, "-o both.profile", "Missing argument"),
        (2, "good.profile other.profile -o both.profile", "different"),
        (2, "good.profile damaged.profile -o both.profile", "damaged.profile"),
        (2, "good.profile good.jsonl -o both.profile", "not a profile"),
        (2, "good.profile small.profile ./good.profile -o x.profile", "named twice"),
        (2, "all.profile good.profile -o all.profile", "holds all documents of good.profile"),
        (0, "all.profile human.profile -o all.profile"),
    ],
    "metrics": [
        (0, "types_1"),
        (2, "nope", "no metric or family 'nope'"),
        (2, "--plugin none.py", "no such plugin file"),
    ],
    "baseline": [
        (0, "list --store kept"),
        (0, "show human --store kept"),
        (0, "verify --store kept"),
        (1, "verify --store changed"),
        (0, "add tiny tiny.jsonl --store added -q"),
        (0, "add human small.profile --replace --store kept"),
        (2, "add human good.profile --store kept", "--replace puts another one"),
        (2, "add x/y good.profile --store kept", "cannot name a baseline"),
        (2, "show nope --store kept", "no baseline 'nope'"),
        (2, "verify --store none", "none: no such folder"),
        (2, "list", "no store"),
    ],
    "provenance": [
        (0, "small.jsonl --human good.profile --machine bad.profile -q"),
        (2, "small.jsonl --human good.profile", "--machine"),
        (2, "tiny.jsonl --human tiny.jsonl --machine tiny.jsonl -q", "too few documents"),
        (2, "none.jsonl --human good.profile --machine bad.profile", "none.jsonl"),
    ],
    "audit": [
        (0, "small.jsonl -q"),
        (2, "none.jsonl", "no such file"),
        (2, "small.jsonl -o x.xyz", "x.xyz"),
    ],
    "simulate": [
        (0, "good.jsonl --limit 200 -o made --generations 1 -q --metrics types_1"),
        (2, "small.jsonl", "--output"),
        (2, "none.jsonl -o made-2 -q", "no such file"),
        (2, "small.jsonl -o made-3 -q --learner nope", "nope"),
        (2, "small.jsonl -o made-4 -q --keep some", "write numbers with commas"),
    ],
}
"""By command: the status, the arguments, and what is said on either stream."""
EVERY = [
    pytest.param(command, *case, id=f"{command} {case[1]} -> {case[0]}")
    for command, cases in CASES.items()
    for case in cases
]


@pytest.mark.parametrize("case", range(len(EVERY)), ids=[str(each.id) for each in EVERY])
def test_the_status_says_how_a_command_ended(degrade, folder, monkeypatch, case):
    command, status, arguments, *said = EVERY[case].values
    monkeypatch.chdir(folder)
    words = arguments if isinstance(arguments, str) else " ".join(arguments)
    code, out, err = degrade(*([command] if command else []), *words.split())
    assert code == status, out + err
    assert "Traceback" not in err
    if said:
        assert said[0] in out + err
    if status == 2:
        assert err


def test_all_commands_and_all_their_statuses_are_among_the_cases():
    from degrade.cli.main import _COMMANDS

    assert set(CASES) == {"", *_COMMANDS}
    gates = {"compare": {0, 1, 2, 3}, "check": {0, 1, 2, 3}, "report": {0, 1, 2, 3}}
    assert {name: {case[0] for case in cases} for name, cases in CASES.items()} == {
        **{name: {0, 2} for name in CASES},
        **gates,
        "baseline": {0, 1, 2},
    }


def test_the_page_on_gates_explains_every_status():
    section = PAGE.partition("## Exit statuses\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\d+) \| (.*?) \| (.*?) \|$", section, re.MULTILINE)
    assert [int(status) for status, *_ in rows] == [0, 1, 2, 3, 130, 141]
    for status, _, commands in rows:
        named = {name for name in CASES if name and f"`{name}" in commands}
        ending = {name for name in CASES if int(status) in {case[0] for case in CASES[name]}}
        if named:
            assert named == ending


def started(folder, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "degrade", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Whoever runs the tests in the background may ignore interrupts, and that is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **options,
    )


def test_the_shell_sees_the_status(folder):
    for status, arguments in (
        (2, ("check", "none.jsonl", "--baseline", "human.profile")),
        (1, ("report", "bad.json", "--fail-on", "severe")),
        (3, ("report", "small.json", "--fail-on", "moderate")),
    ):
        process = started(folder, *arguments)
        _, err = process.communicate(timeout=120)
        assert (process.returncode, b"Traceback" in err) == (status, False)


def test_an_interrupt_ends_with_130_and_no_traceback(folder):
    # Standard input that never ends keeps it reading.
    process = started(folder, "profile", "-", "-o", "never.profile", stdin=subprocess.PIPE)
    process.stdin.write(LONE_WORDS.encode())
    process.stdin.flush()
    while process.poll() is None and waiting_in(process.stdin):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert err.decode().strip().endswith("degrade: interrupted; nothing is half-written")
    assert not (folder / "never.profile").exists()


def waiting_in(pipe):
    """Return how many bytes of a pipe were not read yet."""
    found = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, found)
    return found[0]


def test_when_the_reader_of_the_output_has_gone_that_is_no_success(folder):
    for arguments, statuses in (
        (("metrics",), {141}),
        (("--help",), {141}),
        # A gate may have been decided before.
        (("report", "bad.json", "--fail-on", "severe"), {1, 141}),
    ):
        process = started(folder, *arguments)
        process.stdout.close()
        process.stdout = None
        _, err = process.communicate(timeout=120)
        assert process.returncode in statuses
        assert err == b""


def test_a_defect_is_told_from_a_gate_that_failed(folder):
    # A metric's module that ends the process in a way nobody foresaw.
    (folder / "defect.py").write_text(
        "from degrade.cli import main\n"
        "main.importlib.import_module = lambda name: 1 / 0\n"
        "main.main(['metrics'])\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "defect.py"], cwd=folder, env=os.environ, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"ZeroDivisionError" in done.stderr
    assert b"a defect of degrade itself; please report it" in done.stderr


def test_json_of_a_gated_run_says_at_which_level_it_fails(degrade, folder, monkeypatch):
    monkeypatch.chdir(folder)
    arguments = ("human.profile", "bad.profile", *GATE, "severe", "-o", "gated.json")
    assert degrade("compare", *arguments)[0] == 1
    assert json.loads((folder / "gated.json").read_text())["settings"]["fail_on"] == "severe"
