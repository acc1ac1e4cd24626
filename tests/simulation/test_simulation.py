"""Recursive training: what is kept decides what is lost, and a run can be broken off."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import degrade
from degrade.errors import DegradeError
from degrade.generations import Generation
from degrade.learners.ngram import ngram
from degrade.recursion import Lineage
from degrade.text.document import Document

SAMPLES = Path(__file__).resolve().parents[2] / "sample_corpora"
QUICK = {"metrics": ["types_1"], "workers": 1, "generations": 2, "keep": (0.0, 0.5)}


@pytest.fixture(scope="module")
def passages():
    lines = (SAMPLES / "gen0" / "part-000.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines[:400]]
    return [Document(r["text"], r["id"], f"pair {i // 2}") for i, r in enumerate(records)]


@pytest.fixture(scope="module")
def simulated(passages, tmp_path_factory):
    folder = tmp_path_factory.mktemp("simulated")
    return folder, degrade.simulate(passages, folder, **QUICK)


def contents(folder):
    """Return the bytes of all files; those of reports name no folder of their own."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def texts(folder, name):
    lines = (folder / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_half_of_the_clusters_is_held_out_whole(simulated, passages):
    folder, _ = simulated
    heldout, original = texts(folder, "heldout"), texts(folder, "gen0")
    assert {r["cluster"] for r in heldout}.isdisjoint(r["cluster"] for r in original)
    assert {r["id"] for r in heldout + original} == {each.id for each in passages}
    assert len(heldout) == 200


def test_all_generations_are_compared_with_the_part_held_out(simulated):
    folder, found = simulated
    assert [each.lineage.name for each in found] == ["replace", "replace-keep-0.5"]
    for each in found:
        record = each.run.record
        assert [corpus.name for corpus in record.corpora] == ["heldout", "gen0", "gen1", "gen2"]
        assert record.corpora[0].reference_role == "heldout"
        assert degrade.Run.load(folder / each.lineage.name / "run.json") == each.run
        changes = [finding.change.value for finding in each.run.findings]
        assert all(later < earlier for earlier, later in pairwise(changes))
        assert changes[0] > -0.05
        assert changes[-1] < -0.15


def test_more_is_lost_where_nothing_is_kept(simulated):
    _, (nothing, half) = simulated
    assert nothing.run.findings[-1].change.value < half.run.findings[-1].change.value - 0.01


def test_a_manifest_says_how_a_generation_was_made(simulated):
    folder, _ = simulated
    manifests = {
        path.stem.removesuffix(".manifest"): json.loads(path.read_bytes())
        for path in (*folder.glob("*.json"), *(folder / "replace-keep-0.5").glob("*.manifest.json"))
    }
    second = manifests["gen2"]
    assert second["parents"] == [
        {"name": name, "sha256": manifests[name]["sha256"]} for name in ("gen1", "gen0")
    ]
    assert (second["regime"], second["keep"], second["seed"]) == ("replace", 0.5, 0)
    assert second["learner"]["name"] == "ngram"
    assert second["learner"]["weights"] == "0.55, 0.35, 0.1"
    assert [parent["name"] for parent in manifests["gen1"]["parents"]] == ["gen0"]


def test_the_order_of_documents_changes_nothing(simulated, passages, tmp_path):
    folder, _ = simulated
    degrade.simulate(passages[::-1], tmp_path, **QUICK)
    here = contents(tmp_path)
    made = {name: data for name, data in contents(folder).items() if "gen" in name}
    assert made == {name: here[name] for name in made}


def test_a_run_broken_off_anywhere_goes_on_to_the_same_bytes(simulated, passages):
    folder, _ = simulated
    whole = contents(folder)
    lineage = folder / "replace"
    first = (lineage / "gen1.jsonl").stat().st_mtime_ns
    # Killed between a generation and its manifest, while the report was written; a file cut off.
    (lineage / "gen2.manifest.json").unlink()
    (lineage / "run.json").unlink()
    (folder / "plan.json").unlink()
    (folder / "plan.html").write_text("torn")
    torn = folder / "replace-keep-0.5" / "gen1.jsonl"
    torn.write_bytes(torn.read_bytes()[:-100])
    degrade.simulate(passages, folder, **QUICK)
    assert contents(folder) == whole
    assert (lineage / "gen1.jsonl").stat().st_mtime_ns == first


def test_another_seed_is_the_whole_chain_done_again(simulated, passages, tmp_path):
    quick = {**QUICK, "generations": 1}
    both = degrade.simulate(passages, tmp_path / "both", seeds=2, **quick)
    degrade.simulate(passages, tmp_path / "second", seed=1, **quick)
    second = contents(tmp_path / "second")
    again = contents(tmp_path / "both" / "seed-1")
    generations = {name for name in again if "gen" in name or "heldout" in name}
    assert len(generations) == 8
    assert {name: again[name] for name in generations} == {
        name: second[name] for name in generations
    }
    assert again.keys() == {name for name in second if "plan" not in name}
    first, _ = simulated
    assert again["heldout.jsonl"] != (first / "heldout.jsonl").read_bytes()
    assert [(each.seed, each.lineage.name) for each in both] == [
        (seed, name) for seed in (0, 1) for name in ("replace", "replace-keep-0.5")
    ]
    changes = [each.run.findings[-1].change.value for each in both]
    (need,) = both.plan.needs
    found = [course.steps[-1].change.value for course in need.courses]
    assert found == pytest.approx([np.mean(changes[::2]), np.mean(changes[1::2])])
    assert [path.name for path in both.files] == ["plan.json", "plan.html", "plan.txt"]
    assert both.answers[0].startswith("To stay under a minor loss of different words for 1 gen")


def test_what_was_made_otherwise_is_made_again(passages, tmp_path):
    quick = {**QUICK, "generations": 1, "keep": (0.0,)}
    made = []
    for change in ({}, {"seed": 1}, {"temperature": 0.5}, {"settings": {"order": 2}}):
        degrade.simulate(passages, tmp_path, **{**quick, **change})
        made.append((tmp_path / "replace" / "gen1.jsonl").read_bytes())
    degrade.simulate(passages[:360], tmp_path, **quick)
    made.append((tmp_path / "replace" / "gen1.jsonl").read_bytes())
    assert len(set(made)) == 5


def types_left(lineage, generations=6):
    """Return the types of the last generation of a small corpus with a long tail."""
    rng = np.random.default_rng(0)
    share = 1 / np.arange(1, 5001)
    words = rng.choice(5000, size=(200, 100), p=share / share.sum())
    original = [
        Document(" ".join(f"w{word}" for word in row), f"{i:03d}") for i, row in enumerate(words)
    ]
    learner, past = ngram(), [Generation(Path("gen0.jsonl"), original, "")]
    for seed in range(generations):
        model = learner.train(lineage.training(past, seed), seed)
        drawn = learner.sample(model, original, seed, 1.0, 1.0)
        documents = [Document(text, f"{i:03d}") for i, text in enumerate(drawn)]
        past.append(Generation(Path(f"gen{seed + 1}.jsonl"), documents, ""))
    return len({word for document in past[-1].documents for word in document.text.split()})


def test_replacing_loses_most_and_accumulating_least():
    # The order of Gerstgrasser et al. 2024; keeping a tenth is that of Shumailov et al. 2024.
    left = [
        types_left(Lineage(regime, keep))
        for regime, keep in (
            ("replace", 0.0),
            ("replace", 0.1),
            ("accumulate-subsample", 0.0),
            ("accumulate", 0.0),
        )
    ]
    assert all(later > 1.05 * earlier for earlier, later in pairwise(left))


def test_all_that_is_kept_is_as_if_nothing_was_replaced():
    documents = [Document(f"text {i}", f"{i:03d}") for i in range(100)]
    past = [
        Generation(Path(f"gen{i}.jsonl"), [*documents] if i == 0 else [Document("x")] * 100, "")
        for i in range(3)
    ]
    assert Lineage("replace", 1.0).training(past, 0) == documents
    half = Lineage("replace", 0.5).training(past, 0)
    assert len(half) == 100
    assert sum(document in documents for document in half) == 50
    assert len(Lineage("accumulate", 0.0).training(past, 0)) == 300
    assert len(Lineage("accumulate-subsample", 0.0).training(past, 0)) == 100


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"keep": (0.0, 1.5)}, "keep 1.5: a share of the original is 0 to 1"),
        ({"keep": (float("nan"),)}, "keep nan"),
        ({"keep": (0.1,), "regimes": ("accumulate",)}, "keep is for the regime replace"),
        ({"regimes": ("acumulate",)}, "did you mean 'accumulate'"),
        ({"generations": 0}, "0 generations"),
        ({"temperature": 0.0}, "temperature 0: it is above 0"),
        ({"temperature": float("inf")}, "temperature inf: it is above 0, and finite"),
        ({"keep": (0.002,)}, "keep 0.002 of an original of 200 documents is none of them"),
        ({"seed": -1}, "seed -1: a whole number from 0"),
        ({"seed": 10**18}, "of 18 digits at most"),
        ({"top_p": 0.0}, "top-p 0"),
        ({"heldout": 1.0}, "heldout 1"),
        ({"learner": "unigramm"}, "did you mean 'unigram'"),
        ({"learner": "unigram", "settings": {"order": 2}}, "has no order; it takes no settings"),
        ({"seeds": 0}, "0 seeds"),
        ({"heldout": 0.9}, "fewer than 80 independent documents"),
    ],
)
def test_what_cannot_be_simulated_is_refused_before_anything_is_written(
    passages, tmp_path, given, message
):
    with pytest.raises(DegradeError, match=message):
        degrade.simulate(passages, tmp_path / "out", **{**QUICK, "keep": (0.0,), **given})
    assert not list(tmp_path.rglob("gen1*"))


def test_too_small_a_corpus_is_refused(passages, tmp_path):
    message = r"50 independent documents are too few .*; of 100, those of one cluster count as one"
    with pytest.raises(DegradeError, match=message):
        degrade.simulate(passages[:100], tmp_path, **QUICK)
    alone = [Document(each.text, each.id) for each in passages[:100]]
    with pytest.raises(DegradeError, match=r"100 .* too few .*: it takes 160; divide long"):
        degrade.simulate(alone, tmp_path, **QUICK)
    assert list(tmp_path.iterdir()) == []


def test_shares_that_are_nearly_the_same_are_lineages_of_their_own():
    shares = (0.1, 0.123456788, 0.123456789, 1 / 3, 1.0)
    names = [Lineage("replace", share).name for share in shares]
    assert len(set(names)) == len(shares)
    assert (names[0], names[-1]) == ("replace-keep-0.1", "replace-keep-1")


def test_models_that_saw_text_of_the_reference_are_told(passages, tmp_path):
    own = [Document(each.text, f"own {each.id}") for each in passages[:200]]
    seen = [Document(each.text, f"copy {each.id}") for each in passages[:4]]
    other = [*(Document(each.text, each.id) for each in passages[200:]), *seen]
    how = {**QUICK, "generations": 1, "keep": (0.0,)}
    found = degrade.simulate(own, tmp_path, reference=other, **how)
    (said,) = found.plan.warnings
    assert said.startswith("4 of 200 documents of gen0 are also in heldout (")
    for name in ("plan.txt", "plan.html", "plan.json"):
        text = " ".join((tmp_path / name).read_text("utf-8").split())
        assert "losses look smaller than they are" in text


def test_nothing_is_written_where_the_corpus_is_read(passages, tmp_path):
    lines = [json.dumps({"id": each.id, "text": each.text}) for each in passages]
    (tmp_path / "human").mkdir()
    (tmp_path / "human" / "a.jsonl").write_text("\n".join(lines), "utf-8")
    within, beside = tmp_path / "human" / "made", tmp_path / "made"
    for places in ({"folder": within}, {"folder": beside, "corpora": within}):
        with pytest.raises(DegradeError, match="would be read as a part of it the next time"):
            degrade.simulate(tmp_path / "human", **places, **{**QUICK, "keep": (0.0,)})
    assert [path.name for path in (tmp_path / "human").iterdir()] == ["a.jsonl"]
    assert not beside.exists()
