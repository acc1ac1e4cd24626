"""``degrade simulate`` from the shell: what it says, what it writes, how it exits."""

import json


def test_lineages_stand_side_by_side_and_in_files(degrade, samples, tmp_path):
    out = tmp_path / "out"
    status, said, told = degrade(
        "simulate", "gen0", "--generations", "2", "--regime", "replace,accumulate", "--keep",
        "0,0.5", "--order", "2", "--weights", "0.7,0.3", "--metrics", "types_1", "--workers", "1",
        "--limit", "400", "-o", out,
    )  # fmt: skip
    assert status == 0
    names = ["replace", "replace-keep-0.5", "accumulate"]
    rows = [line.split() for line in said.splitlines() if line.split(" ")[0] in names]
    assert [row[0] for row in rows] == names
    # The more of the original a model is trained on, the less is lost.
    lost = [float(row[-1].replace("−", "-").rstrip("%")) for row in rows]
    assert lost == sorted(lost)
    assert lost[0] < -10
    answer = (
        "To stay under a minor loss of different words for 2 generations, no share is enough: the "
        "first model, of the original alone, comes to -"
    )
    assert answer in " ".join(said.split())
    assert "Under accumulate, losses are " in said
    plan = json.loads((out / "plan.json").read_bytes())
    assert " ".join(plan["answers"][0].split()) in " ".join(said.split())
    assert (out / "plan.txt").read_text("utf-8").split() == said.split()
    assert "<svg" in (out / "plan.html").read_text("utf-8")
    assert "replace: generation 2 of 2" in told
    for name in names:
        files = {path.name for path in (out / name).iterdir()}
        assert files >= {"gen1.jsonl", "gen2.manifest.json", "run.json", "report.html"}
    manifest = json.loads((out / "replace" / "gen1.manifest.json").read_bytes())
    assert manifest["learner"] == {"name": "ngram", "order": 2, "weights": "0.7, 0.3", "version": 3}
    assert manifest["documents"] == 200


def test_a_single_lineage_shows_its_report(degrade, samples, tmp_path):
    status, said, _ = degrade(
        "simulate", "gen0", "--generations", "1", "--set", "order=1", "--metrics", "types_1",
        "--workers", "1", "--limit", "400", "-o", tmp_path,
    )  # fmt: skip
    assert status == 0
    manifest = json.loads((tmp_path / "replace" / "gen1.manifest.json").read_bytes())
    assert manifest["learner"] == {"name": "ngram", "order": 1, "weights": "1", "version": 3}
    assert "Different words (types)" in said
    assert "more than one share has to be simulated" in " ".join(said.split())
    assert (tmp_path / "replace" / "report.txt").exists()


def test_a_reference_is_compared_with_and_all_of_the_corpus_learned_from(
    degrade, samples, tmp_path
):
    status, _, _ = degrade(
        "simulate", "gen0", "--reference", "gen0-heldout", "--generations", "1", "--metrics",
        "types_1", "--workers", "1", "--limit", "200", "-o", tmp_path,
    )  # fmt: skip
    assert status == 0
    for name, corpus in (("gen0", "gen0"), ("heldout", "gen0-heldout")):
        lines = (samples / corpus / "part-000.jsonl").read_text("utf-8").splitlines()[:200]
        kept = (tmp_path / f"{name}.jsonl").read_text("utf-8").splitlines()
        assert {json.loads(line)["text"] for line in kept} == {
            json.loads(line)["text"] for line in lines
        }


def test_bad_input_is_named(degrade, samples, tmp_path):
    for arguments, message in (
        (("--keep", "0,half"), "write numbers with commas"),
        (("--keep", "2"), "keep 2: a share of the original is 0 to 1"),
        (("--learner", "unigram", "--order", "2"), "has no order"),
        (("--set", "layers=2"), "learner 'ngram' has no layers; it takes order, weights"),
        (("--set", "order"), "'order': write NAME=VALUE, as layers=4"),
        (("--set", "order=2", "--set", "order=3"), "order is set twice"),
        (("--seeds", "0"), "'--seeds': 0 is not in the range"),
        (("--reference", "gen9"), "gen9"),
        (("--reference", "gen1", "--heldout", "0.3"), "with --reference nothing is held out"),
        (("--keep", "0,1", "--corpora", tmp_path / "c"), "of one lineage"),
        (
            ("--reference", "gen0-heldout", "--limit", "79"),
            "of the reference, 79 independent documents are too few",
        ),
        (("--limit", "20"), "20 independent documents are too few"),
    ):
        status, _, told = degrade("simulate", "gen0", *arguments, "-o", tmp_path / "out")
        assert status == 2
        assert message in told
        assert not (tmp_path / "out").exists()


def test_a_profile_has_no_text_to_learn_from(degrade, samples, tmp_path):
    profile = tmp_path / "gen0.profile"
    assert degrade("profile", "gen0", "--limit", "50", "-o", profile, "--quiet")[0] == 0
    status, _, told = degrade("simulate", profile, "-o", tmp_path / "out")
    assert status == 2
    assert "has no text to learn from" in told
