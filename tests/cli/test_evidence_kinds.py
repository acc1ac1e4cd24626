"""``degrade evidence --kind``: what a run file itself holds, with its corpora gone."""

import csv
import io
import json
from pathlib import Path

import pytest

from degrade import api

SAMPLES = Path(__file__).resolve().parents[2] / "sample_corpora"
PART = "part-000.jsonl"
KINDS = ("lost", "gained", "inherited", "bursting", "words", "planted", "loops", "duplicates")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return the run file of two generations whose corpora are gone."""
    folder = tmp_path_factory.mktemp("kinds")
    corpora = []
    for name in ("gen0-heldout", "gen4", "gen5"):
        texts = [
            json.loads(line)["text"] for line in (SAMPLES / name / PART).read_bytes().splitlines()
        ]
        if name == "gen5":
            texts[:400:20] = [bursting(text.split(" ")) for text in texts[:400:20]]
        corpora.append(folder / f"{name}.jsonl")
        lines = (json.dumps({"id": f"{name}-{i}", "text": t}) for i, t in enumerate(texts))
        corpora[-1].write_text("\n".join(lines), encoding="utf-8")
    chosen = ("default", "planted_phrases")
    made = api.compare(*corpora, metrics=chosen, self_check=0, workers=1)
    made.save(folder / "run.json")
    for path in corpora:
        path.unlink()
    return folder / "run.json"


def bursting(words):
    """Return ``words`` with a phrase after every ninth, six times."""
    return " ".join(" ".join([*words[i : i + 9], "quite so then"]) for i in range(0, 54, 9))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_a_run_is_shown_without_its_corpora(degrade, run, kind):
    code, out, err = degrade("evidence", run, "--kind", kind, "--limit", "3")
    held = json.loads(run.read_text())["comparisons"][1]["evidence"]
    if kind in ("loops", "duplicates") and not any(each["total"] for each in held[kind]):
        assert (code, out) == (2, "")
        assert f"no {kind} in this run" in err
    else:
        assert (code, err) == (0, "")
        assert f"({kind}): gen5 against gen0-heldout" in out


def test_bursting_ngrams_are_counted_on_both_sides_and_marked(degrade, run):
    _, out, _ = degrade("evidence", run, "--kind", "bursting")
    assert "  0 → 120       quite so then  in 0 → 20 documents, " in out
    assert out.count("[quite so then]") > 1


def test_inherited_ngrams_come_with_their_course(degrade, run):
    code, out, _ = degrade("evidence", run, "--kind", "inherited", "--limit", "1")
    assert code == 0
    assert "0 → 92        the the  since gen4: 78 → 92\n" in out
    assert "[the the]" in out


def test_the_first_candidate_has_none_and_that_is_said(degrade, run):
    code, out, err = degrade("evidence", run, "--kind", "inherited", "--candidate", "gen4")
    assert (code, out) == (2, "")
    assert "gen4: no inherited n-grams in this run: they take a candidate that others stand" in err


def test_a_search_and_a_file_hold_for_kinds_too(degrade, run, tmp_path):
    path = tmp_path / "found.csv"
    found = degrade("evidence", run, "--kind", "bursting", "--search", "SO THEN", "-o", path)
    assert found[:2] == (0, "")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert rows
    assert all("so then" in row["text"].casefold() for row in rows)
    assert rows[0]["marked"].count("…") >= 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "say what to show: --metric NAME or --kind KIND"),
        (("--kind", "lost", "--metric", "types_1"), "say what to show"),
        (("--kind", "burst"), "'burst' is not one of 'lost', 'gained', 'inherited', 'bursting'"),
        (("--kind", "lost", "--corpus", "gen5=x"), "reads no --corpus"),
    ],
)
def test_what_does_not_go_together_is_refused(degrade, run, arguments, words):
    code, out, err = degrade("evidence", run, *arguments)
    assert (code, out) == (2, "")
    assert words in err
