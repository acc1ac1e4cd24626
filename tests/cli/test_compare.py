"""``degrade compare`` from the shell: what it says, what it writes, how it exits."""

import json
from pathlib import Path

import jsonschema
import pytest

from degrade.version import __version__

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "run-file.schema.json"
PLUGIN = Path(__file__).resolve().parents[1] / "data" / "yule_k.py"


def test_gen0_as_reference_is_found_to_be_training_data_and_lost_types_are_named(degrade, samples):
    status, out, _ = degrade("compare", "gen0", "gen5")
    assert status == 0
    assert "Severe loss" in out
    assert "fewer different words" in out
    assert "seen gen0" in " ".join(out.split())


def test_a_run_file_fits_its_schema_and_is_the_same_twice(degrade, samples, tmp_path):
    for name in ("a.json", "b.json"):
        status, _, _ = degrade(
            "compare", "gen0-heldout", "gen1", "gen2", "-q", "--reproducible", "-o", tmp_path / name
        )
        assert status == 0
    run = json.loads((tmp_path / "a.json").read_text())
    jsonschema.validate(run, json.loads(SCHEMA.read_text()))
    assert run["tool"] == {"name": "degrade", "version": __version__}
    assert [c["candidate"] for c in run["comparisons"]] == ["gen1", "gen2"]
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_saved_profiles_give_the_findings_of_their_corpora(degrade, samples, tmp_path):
    for name in ("gen0-heldout", "gen3"):
        assert degrade("profile", name, "-q", "-o", tmp_path / f"{name}.profile")[0] == 0
    saved = [tmp_path / "gen0-heldout.profile", tmp_path / "gen3.profile"]
    degrade("compare", "gen0-heldout", "gen3", "-q", "-o", tmp_path / "corpora.json")
    degrade("compare", *saved, "-q", "-o", tmp_path / "profiles.json")
    degrade("compare", saved[0], "gen3", "-q", "-o", tmp_path / "mixed.json")
    runs = [
        json.loads((tmp_path / f"{name}.json").read_text())["comparisons"][0]
        for name in ("corpora", "profiles", "mixed")
    ]
    assert runs[0]["findings"] == runs[1]["findings"] == runs[2]["findings"]
    assert runs[0]["verdict"] == runs[1]["verdict"]


def test_merging_profiles_of_parts_gives_the_bytes_of_the_whole(degrade, samples, tmp_path):
    lines = Path("gen4/part-000.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    for i in range(3):
        (tmp_path / f"{i}.jsonl").write_text("".join(lines[i::3]), encoding="utf-8")
        degrade("profile", tmp_path / f"{i}.jsonl", "-q", "-o", tmp_path / f"{i}.profile")
    parts = [tmp_path / f"{i}.profile" for i in (2, 0, 1)]
    assert degrade("merge", *parts, "-q", "-o", tmp_path / "merged.profile")[0] == 0
    degrade("profile", "gen4", "-q", "-o", tmp_path / "whole.profile")
    merged, whole = (tmp_path / f"{name}.profile" for name in ("merged", "whole"))
    assert merged.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(
    ("candidate", "limit", "more", "status"),
    [
        ("gen5", "severe", [], 1),
        ("gen5", "minor", [], 1),
        ("gen1", "severe", [], 0),
        ("gen1", "moderate", [], 1),
        ("gen0", "moderate", [], 0),
        ("gen0", "moderate", ["--limit", "150"], 3),
        ("gen0", "moderate", ["--limit", "150", "--allow-inconclusive"], 0),
    ],
)
def test_the_gate_exits_as_documented(degrade, samples, candidate, limit, more, status):
    found, _, _ = degrade(
        "compare",
        "gen0-heldout",
        candidate,
        "--metrics",
        "primary",
        "--fail-on",
        limit,
        "-q",
        *more,
    )
    assert found == status


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["compare", "gen0"], "Missing argument"),
        (["compare", "gen0", "gen55"], "gen55: no such file or folder"),
        (["compare", "gen0", "gen5", "--metrics", "tipes_1"], "did you mean 'types_1'?"),
        (["compare", "gen0", "gen5", "-o", "run.docx"], "known: .csv, .htm, .html, .json"),
        (["compare", "gen0", "gen5", "--layer", "wrod"], "did you mean 'word'?"),
        (["compare", "gen0", "gen5", "--threshold", "types_1=1,2"], "three rising numbers"),
        (["compare", "gen0", "gen5", "--plugin", "none.py"], "none.py"),
        (["comparr", "gen0", "gen5"], "did you mean compare?"),
        (["metrics", "simpsn"], "did you mean 'simpson'?"),
        (["profile", "gen0", "-o", "gen0.json"], "ends in .profile"),
    ],
)
def test_errors_of_use_exit_2_and_say_what_to_do(degrade, samples, arguments, says):
    status, out, err = degrade(*arguments)
    assert status == 2
    assert says in err
    assert "Traceback" not in out + err


def test_a_plugin_file_brings_its_metric_into_the_report(degrade, samples, tmp_path):
    target = tmp_path / "run.json"
    status, _, _ = degrade(
        "compare", "gen0-heldout", "gen5", "-q", "--plugin", PLUGIN, "-o", target
    )
    assert status == 0
    findings = json.loads(target.read_text())["comparisons"][0]["findings"]
    (yule,) = [finding for finding in findings if finding["metric"] == "own_yule_k"]
    simpson = next(finding for finding in findings if finding["metric"] == "simpson")
    # K is 10,000 times Simpson's index, which counts pairs within groups too.
    assert yule["candidate"]["value"] == pytest.approx(
        1e4 * simpson["candidate"]["value"], rel=0.02
    )


def test_thresholds_can_be_set(degrade, samples, tmp_path):
    target = tmp_path / "run.json"
    asked = ["--metrics", "types_1", "--threshold", "types_1=0.5,0.6,0.7", "-q", "-o", target]
    degrade("compare", "gen0-heldout", "gen5", *asked)
    (finding,) = json.loads(target.read_text())["comparisons"][0]["findings"]
    assert finding["thresholds"] == [0.5, 0.6, 0.7]
    assert finding["level"] == "none"


def test_a_table_cut_by_hash_is_not_called_exact(samples):
    import degrade

    profile = degrade.profile("gen1", metrics=["types_1"])
    assert profile.exact
    for need, summary in profile.levels[0].items():
        if need.summary.__name__ == "Census":
            summary._runs = [summary.table.below(1 << 53)]
    assert not profile.exact
