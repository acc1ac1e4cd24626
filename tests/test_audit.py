"""Audits: planted bad sources are named first and no others, and planted copies are listed."""

import json
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import degrade
from degrade.auditing.contrasts import FALSE_DISCOVERY, Gathered, judged
from degrade.auditing.measures import NAMES
from degrade.auditing.variety import DRAWN, Variety, counted
from degrade.errors import ProfileError, UsageError
from degrade.text.document import GROUPS

SAMPLES = Path(__file__).resolve().parents[1] / "sample_corpora"
COPIED, MACHINE = "s17", "s31"


def sentences(name):
    found = []
    for line in (SAMPLES / name / "part-000.jsonl").read_text("utf-8").splitlines():
        text = json.loads(line)["text"]
        found += [s for s in re.split(r"(?<=[.!?”])\s+", text) if len(s.split()) > 3]
    return found


def drawn(rng, pool, count, each=4):
    return [" ".join(pool[j] for j in rng.integers(0, len(pool), each)) for _ in range(count)]


def write(folder, texts):
    """Write a file a source."""
    folder.mkdir()
    for source, of in texts.items():
        rows = [{"id": f"{source}-{i}", "site": source, "text": text} for i, text in enumerate(of)]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{source}.jsonl").write_text(lines, encoding="utf-8")


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Return a folder of 50 sources, two of them bad, and the ids of planted copies."""
    rng = np.random.default_rng(0)
    books, generated = sentences("gen0"), sentences("gen5")
    texts = {
        f"s{i:02}": drawn(rng, generated if f"s{i:02}" == MACHINE else books, 2_000)
        for i in range(50)
    }
    of, copies = texts[COPIED], set()
    for i in rng.choice(np.arange(1_000, 2_000), 500, replace=False).tolist():
        # White space, case and punctuation make no other text.
        of[i] = of[int(rng.integers(0, 1_000))].upper().replace(". ", " .\n")
        copies.add(f"{COPIED}-{i}")
    folder = tmp_path_factory.mktemp("audit") / "planted"
    write(folder, texts)
    return folder, copies


@pytest.fixture(scope="module")
def found(planted):
    return degrade.audit(planted[0], source_field="site", worst=5_000, workers=1)


def test_the_two_bad_sources_are_named_first_and_no_other(found):
    assert [source.name for source in found.standing_out] == [COPIED, MACHINE]
    assert [source.name for source in found.sources[:2]] == [COPIED, MACHINE]
    copied, machine = found.standing_out
    assert [each.measure for each in copied.stands_out] == ["copies"]
    assert [each.measure for each in machine.stands_out] == ["variety"]
    assert found.documents == sum(source.documents for source in found.sources) == 100_000


def test_planted_copies_are_listed(found, planted):
    _, copies = planted
    listed = {each.id for each in found.worst if "copies" in each.reasons}
    assert len(listed & copies) / len(copies) > 0.95
    assert len(listed & copies) / len(listed) > 0.95


def test_what_is_listed_was_planted_and_what_was_planted_is_listed(found, planted):
    made = {f"{MACHINE}-{i}" for i in range(2_000)}
    listed = {each.id for each in found.worst}
    assert not found.cut
    assert len(listed & (planted[1] | made)) / len(listed) > 0.95
    assert len(listed & (planted[1] | made)) / len(planted[1] | made) > 0.95
    for_source = {each.id: each for each in found.worst if "source" in each.reasons}
    assert set(for_source) == made
    assert {each.stands_out for each in for_source.values()} == {("variety",)}
    assert found.reasons["source"] == 2_000


def test_a_copy_is_listed_with_the_document_that_it_repeats(found, planted):
    folder, _ = planted
    lines = {path.name: path.read_text("utf-8").splitlines() for path in folder.iterdir()}

    def at(file, record):
        return json.loads(lines[Path(file).name][record - 1])

    copies = [each for each in found.worst if "copies" in each.reasons]
    for each in copies:
        mine, first = at(each.file, each.record), at(each.first_file, each.first_record)
        assert (mine["id"], mine["site"]) == (each.id, each.source)
        words = [re.findall(r"\w+", of["text"].casefold()) for of in (mine, first)]
        assert words[0] == words[1]


def test_workers_change_nothing(found, planted):
    assert degrade.audit(planted[0], source_field="site", worst=5_000, workers=2) == found


def test_the_order_of_files_changes_no_source(found, planted, tmp_path):
    folder, _ = planted
    for i, path in enumerate(sorted(folder.iterdir(), reverse=True)):
        (tmp_path / f"{i:02}.jsonl").write_bytes(path.read_bytes())
    other = degrade.audit(tmp_path, source_field="site", worst=0)
    assert other.sources == found.sources
    assert other.worst == ()
    # Of documents alike, which one is the first says how many others are like an earlier one.
    assert abs(other.reasons["near_duplicates"] - found.reasons["near_duplicates"]) < 10
    alike = {"near_duplicates"}
    assert {k: v for k, v in other.reasons.items() if k not in alike} == {
        k: v for k, v in found.reasons.items() if k not in alike
    }


def test_fewer_are_the_worst_of_more(found, planted):
    fewer = degrade.audit(planted[0], source_field="site", worst=7).worst
    assert fewer == found.worst[:7]
    badness = [
        1 if "not_running_text" in each.reasons else each.said_before
        for each in found.worst
        if "source" not in each.reasons
    ]
    assert len(badness) > 500
    assert all(one >= two for one, two in pairwise(badness))
    # So the first are copies, though others have more reasons.
    assert all(each.source == COPIED for each in found.worst[:400])


def test_a_clean_corpus_names_no_source_and_p_values_are_p_values(tmp_path):
    # Under 5% of clean corpora should name any: false discoveries among none are all there are.
    books, p = sentences("gen0"), []
    for seed in range(5):
        rng = np.random.default_rng(100 + seed)
        texts = {f"s{i:02}": drawn(rng, books, 1_000) for i in range(20)}
        write(tmp_path / str(seed), texts)
        audit = degrade.audit(tmp_path / str(seed), source_field="site")
        assert audit.standing_out == ()
        assert audit.bad == len(audit.worst) < audit.documents / 500
        p += [each.p for s in audit.sources for each in s.judged if each.measure == "variety"]
    assert len(p) == 100
    # Binomial of 100 and .05: above 11 with a chance of .004.
    assert sum(each <= 0.05 for each in p) <= 11


def test_without_a_field_each_file_is_a_source_and_small_ones_are_too_little(tmp_path):
    rng, books = np.random.default_rng(3), sentences("gen0")
    write(tmp_path / "some", {"large": drawn(rng, books, 1_000), "small": ["one text"] * 10})
    large, small = degrade.audit(tmp_path / "some").sources
    assert [Path(source.name).name for source in (large, small)] == ["large.jsonl", "small.jsonl"]
    assert "copies" in small.too_little
    assert not small.judged
    assert small.copies == 10
    assert large.copies == 0


def test_a_baseline_tells_what_a_whole_corpus_has(tmp_path):
    rng, books = np.random.default_rng(4), sentences("gen0")
    loops = [f"{text} and so on and so on and so on" for text in drawn(rng, books, 600)]
    write(tmp_path / "loops", {"a": loops[:300], "b": loops[300:]})
    write(tmp_path / "human", {"h": drawn(rng, books, 600)})
    assert not degrade.audit(tmp_path / "loops").standing_out
    base = tmp_path / "human.profile"
    degrade.profile(tmp_path / "human", metrics=["types_1"]).save(base)
    audit = degrade.audit(tmp_path / "loops", baseline=base)
    assert audit.baseline == 600
    for source in audit.sources:
        (told,) = source.stands_out
        assert (told.measure, told.against) == ("terminal_loops", "baseline")
        assert (told.count, told.of) == (300, 300)


def test_a_baseline_without_documents_is_refused(tmp_path):
    write(tmp_path / "human", {"h": ["one text", "another text"]})
    base = tmp_path / "human.profile"
    degrade.profile(tmp_path / "human", metrics=["types_1"], sampled_documents=0).save(base)
    with pytest.raises(ProfileError, match="--no-text"):
        degrade.audit(tmp_path / "human", baseline=base)


def test_records_are_counted_where_some_were_skipped(tmp_path):
    path = tmp_path / "some.jsonl"
    rows = [json.dumps({"id": f"d{i}", "text": "the same words here"}) for i in range(6)]
    rows[1:3] = ["{", json.dumps({"id": "empty", "text": ""})]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    audit = degrade.audit(path, on_error="skip")
    assert [(each.id, each.record, each.first_record) for each in audit.worst] == [
        ("d3", 4, 1),
        ("d4", 5, 1),
        ("d5", 6, 1),
    ]
    assert sum(audit.skipped.values()) == 2


def test_a_field_that_names_no_source_is_refused(tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_text('{"site": "", "text": "one"}\n{"site": null, "text": "two"}\n', "utf-8")
    with pytest.raises(UsageError, match="no document has a source in field 'site'"):
        degrade.audit(path, source_field="site")


@pytest.mark.parametrize(("capacity", "within"), [(1 << 20, 1e-9), (6_000, 0.1)])
def test_different_words_at_equal_size_are_those_of_the_formula(capacity, within):
    rng = np.random.default_rng(6)
    variety = Variety(capacity)
    numbers = rng.integers(0, 2**63, 4_000).astype(np.uint64)
    words = np.zeros((2, GROUPS), dtype=np.int64)
    held = np.zeros((2, GROUPS, 4_000), dtype=np.int64)
    for _ in range(300):
        source, group = int(rng.integers(0, 2)), int(rng.integers(0, GROUPS))
        text = (4_000 * rng.random(400) ** 3).astype(np.int64)
        bounds = np.array([0, len(text)])
        with np.errstate(over="ignore"):
            found = counted(numbers[text], bounds, np.array([source * GROUPS + group]))
        variety.add(found)
        words[source, group] += len(text)
        np.add.at(held[source, group], text, 1)
    types = variety.types(words)
    assert (variety.halvings > 0) == (capacity == 6_000)
    for source in range(2):
        for left in (None, 0, 5, 63):
            inside = [g for g in range(GROUPS) if g != left]
            counts = held[source, inside].sum(axis=0)
            expected = (1 - (1 - DRAWN / counts.sum()) ** counts).sum()
            column = 0 if left is None else 1 + left
            assert types[source, column] == pytest.approx(expected, rel=within)


def shares_of(rates, documents=200):
    """Return what is gathered of sources whose documents have copies at ``rates``."""
    rng = np.random.default_rng(8)
    under = np.full((len(rates), GROUPS), documents)
    over = np.stack([rng.binomial(documents, rate, GROUPS) for rate in rates])
    none = np.zeros_like(over), under
    names = [name for name in NAMES if name not in ("copies", "variety")]
    shares = dict.fromkeys(names, none)
    types = np.full((len(rates), 1 + GROUPS), np.nan)
    return Gathered({"copies": (over, under), **shares}, types, under, {})


@pytest.mark.parametrize(("rate", "named"), [(0.016, False), (0.03, True), (0.0, False)])
def test_what_is_beyond_chance_and_small_is_not_named(rate, named):
    *others, source = judged(shares_of([0.01] * 9 + [rate]))
    (copies,) = [each for each in source if each.measure == "copies"]
    assert copies.stands_out is named
    assert (copies.p_adjusted <= FALSE_DISCOVERY) is (rate > 0.01)
    assert not any(each.stands_out for of in others for each in of)
    assert all(each.p_adjusted >= each.p for of in others for each in of)


@pytest.mark.parametrize(("lost", "named"), [(0.25, False), (0.6, True)])
def test_sources_that_differ_by_nature_are_told_only_where_one_is_unlike_all(lost, named):
    rng = np.random.default_rng(9)
    found = shares_of([0.0] * 26)
    types = 5_000 * np.exp(0.1 * rng.standard_normal((26, 1))) * np.ones(1 + GROUPS)
    types[7] = 5_000 * (1 - lost)
    # Errors by groups are tiny beside what sources differ by.
    found.types[:] = types * np.exp(0.001 * rng.standard_normal(types.shape))
    told = [i for i, of in enumerate(judged(found)) if any(each.stands_out for each in of)]
    assert told == ([7] if named else [])


def test_copies_of_one_cluster_are_no_trait_of_a_source():
    found = shares_of([0.0] * 10)
    over, under = found.shares["copies"]
    over[0, 7], under[0, 7] = 500, 700
    (copies,) = [each for each in judged(found)[0] if each.measure == "copies"]
    assert copies.value > 0.03
    assert not copies.stands_out
