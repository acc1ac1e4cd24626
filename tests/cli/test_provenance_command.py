"""``degrade provenance`` from the shell: what it says, what it writes, how it exits."""

import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from degrade.findings import Caution
from degrade.report import provenance, terminal
from degrade.report.terminal_provenance import account_lines
from degrade.traces import Excess, Looked, MachineShare, Phrase, Provenance, Word

SAMPLES = Path(__file__).resolve().parents[2] / "sample_corpora"
HOSTILE = "\x1b]0;owned\x07\x1b[31m[bold]red[/]\u202eevil\r\n=1+1"
SHARE = 1 / 3


@pytest.fixture(scope="module")
def mixture(tmp_path_factory):
    """Return a folder with a third of generated passages among books, and both references."""
    folder = tmp_path_factory.mktemp("mixture")
    books, generated = (
        (SAMPLES / name / "part-000.jsonl").read_text("utf-8").splitlines(keepends=True)
        for name in ("gen0", "gen5")
    )
    for name, lines in (
        ("human", books[::2]),
        ("machine", [line for i, line in enumerate(generated) if i % 8]),
        ("mixed", books[3::4] + generated[::8]),
    ):
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def within(mixture, monkeypatch):
    monkeypatch.chdir(mixture)
    return mixture


def test_a_share_is_recovered_and_written(degrade, within, tmp_path):
    human, machine = ("--human", "human.jsonl"), ("--machine", "machine.jsonl")
    out = tmp_path / "found.json"
    status, said, _ = degrade(
        "provenance", "mixed.jsonl", *human, *machine, "--teacher", "machine.jsonl", "-o", out
    )
    assert status == 0
    found = json.loads(out.read_text("ascii"))
    assert found["tool"]["name"] == "degrade"
    assert found["share"]["low"] <= SHARE <= found["share"]["high"]
    assert not found["share"]["warnings"]
    assert [each["part"] for each in found["corpora"]] == ["text", "human", "machine", "teacher"]
    assert [each["documents"] for each in found["corpora"]] == [450, 600, 1_050, 1_050]
    shown = " ".join(said.split())
    assert f"About {100 * found['share']['share']:.1f}% of the documents of mixed.jsonl" in shown
    phrases = [each["text"] for each in found["inherited"]]
    assert phrases
    assert all(phrase in shown for phrase in phrases[:5])


def test_the_first_words_in_excess_are_shown_with_their_documents(degrade, within, tmp_path):
    out = tmp_path / "found.json"
    human, machine = ("--human", "human.jsonl"), ("--machine", "machine.jsonl")
    _, said, _ = degrade("provenance", "machine.jsonl", *human, *machine, "-o", out)
    excess = json.loads(out.read_text("ascii"))["excess"]
    first = excess["words"][0]
    (line,) = [line for line in said.split("\n") if line.endswith(f"%  {first['text']}")]
    assert line.split()[:2] == [f"{100 * first[side]:.1f}%" for side in ("before", "now")]
    assert f"{100 * excess['touched']:.1f}% of its documents or more" in " ".join(said.split())
    assert f"and {len(excess['words']) - 15} more" in said


def test_parts_of_a_reference_are_taken_together(degrade, within, tmp_path):
    lines = (within / "human.jsonl").read_text("utf-8").splitlines(keepends=True)
    parts = []
    for i in range(2):
        path = tmp_path / f"{i}.jsonl"
        path.write_text("".join(lines[i::2]), encoding="utf-8")
        parts += ["--human", path]
    results = []
    for name, human in (("whole", ["--human", "human.jsonl"]), ("parts", parts)):
        out = tmp_path / f"{name}.json"
        degrade("provenance", "mixed.jsonl", *human, "--machine", "machine.jsonl", "-q", "-o", out)
        results.append(json.loads(out.read_text("ascii")))
    assert results[0]["share"] == results[1]["share"]
    assert results[0]["excess"] == results[1]["excess"]
    assert results[0]["inherited"] is None


def test_references_that_are_alike_are_not_given_a_share(degrade, samples):
    status, said, _ = degrade("provenance", "gen0", "--human", "gen0-heldout", "--machine", "gen1")
    assert status == 0
    assert "Not identified" in said
    assert "The share is not to be relied on" in said
    assert "told apart only" in " ".join(said.split())


@pytest.mark.parametrize("part", ["human", "machine"])
def test_a_reference_that_holds_the_text_is_warned_of(degrade, within, tmp_path, part):
    references = {"human": ["human.jsonl"], "machine": ["machine.jsonl"]}
    references[part].append("mixed.jsonl")
    given = [word for name, paths in references.items() for path in paths
             for word in (f"--{name}", path)]  # fmt: skip
    out = tmp_path / "found.json"
    status, said, _ = degrade("provenance", "mixed.jsonl", *given, "-o", out)
    assert status == 0
    assert "Not identified" in said
    warnings = {
        each["code"]: each for each in json.loads(out.read_text("ascii"))["share"]["warnings"]
    }
    assert warnings["corpora-overlap"]["data"] == {
        "one": "text",
        "other": part,
        "common": 450,
        "text_share": 1.0,
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["mixed.jsonl", "--human", "human.jsonl"], "--machine"),
        (["mixed.jsonl", "--human", "gone.jsonl", "--machine", "machine.jsonl"], "gone.jsonl"),
        (["mixed.jsonl", "--human", "few.jsonl", "--machine", "machine.jsonl"], "human 2"),
        (["bad.jsonl", "--human", "human.jsonl", "--machine", "machine.jsonl"], "bad.jsonl, line"),
        (["bare.profile", "--human", "human.jsonl", "--machine", "machine.jsonl"], "--no-text"),
        (
            ["mixed.jsonl", "--human", "human.jsonl", "--human", "letters.profile", "--machine",
             "machine.jsonl"],
            "human.jsonl and letters.profile",
        ),
        (
            ["mixed.jsonl", "--human", "human.jsonl", "--machine", "letters.profile"],
            "different layers",
        ),
    ],
)  # fmt: skip
def test_bad_input_is_named_and_nothing_is_written(degrade, within, tmp_path, arguments, message):
    lines = (within / "human.jsonl").read_text("utf-8").splitlines(keepends=True)
    (within / "few.jsonl").write_text("".join(lines[:2]), encoding="utf-8")
    (within / "bad.jsonl").write_text(lines[0] + '{"text": 3}\n', encoding="utf-8")
    primary = ("--metrics", "types_1", "-q")
    degrade("profile", "few.jsonl", *primary, "--no-text", "-o", "bare.profile")
    degrade("profile", "few.jsonl", *primary, "--layer", "character", "-o", "letters.profile")
    out = tmp_path / "found.json"
    status, said, errors = degrade("provenance", *arguments, "-o", out)
    assert (status, said) == (2, "")
    assert message in errors
    assert "Traceback" not in errors
    assert not out.exists()


def test_what_is_written_is_json(degrade, within):
    status, _, errors = degrade(
        "provenance", "gone", "--human", "h", "--machine", "m", "-o", "found.txt"
    )
    assert status == 2
    assert "found.txt: what is found is written as .json" in errors


def hostile():
    share = MachineShare(
        0.2, 0.1, 0.3, 0.2, 0.05, 0.9, 0.05, (9, 9, 9), 5, (Caution("x", HOSTILE, {}),)
    )
    return Provenance(
        tuple(
            Looked(HOSTILE, part, 9, 8, 90, {HOSTILE: 1})
            for part in ("text", "human", "machine", "teacher")
        ),
        HOSTILE,
        share,
        Excess((Word(HOSTILE, 0.1, 0.4),), 0.1, 0.05, 0.2),
        (Phrase(HOSTILE, 0.0, 0.2, 0.1),),
    )


@pytest.mark.parametrize(
    ("means", "words"),
    [
        (-0.146, "gives no share here"),
        (1.397, "gives no share here"),
        (-0.01, "instead of likelihood: 0%."),
        (1.01, "instead of likelihood: 100.0%."),
        (0.2, "instead of likelihood: 20.0%."),
    ],
)
def test_a_share_outside_of_what_is_possible_is_no_share(means, words):
    found = hostile()
    account = provenance.account_of(replace(found, share=replace(found.share, by_means=means)))
    assert words in account.basis
    assert f"{100 * means:.1f}%" not in account.basis or 0 <= means <= 1


@pytest.mark.parametrize("width", [60, 100, 200])
def test_text_of_others_does_nothing_in_a_terminal(width):
    account = provenance.account_of(hostile())
    text = terminal.render_lines(lambda columns: account_lines(account, columns), width)
    assert not [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs")]
    assert "owned" not in text
    assert max(map(len, text.split("\n"))) <= width
    assert json.loads(provenance.dump(hostile()))["excess"]["words"][0]["text"] == HOSTILE
