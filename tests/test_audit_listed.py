"""Which documents an audit lists: junk wherever it is, and what stands out for where it is from."""

import json

import numpy as np
import pytest

import degrade
from degrade.auditing.reasons import FEWEST_WORDS
from degrade.report.audit import account_of
from degrade.report.audit_files import content

FLAGS = ("gopher_flagged_lines", "gopher_flagged_top", "gopher_flagged_ngrams")


def text(rng, words, vocabulary=5_000):
    """Return a text of its own, every second word of which is one of thirty."""
    rare = 30 + (vocabulary * rng.random(words) ** 3).astype(int)
    mixed = np.where(rng.random(words) < 0.5, rng.integers(0, 30, words), rare)
    return " ".join(f"w{i}" for i in mixed)


def write(path, sources):
    rows = [
        {"id": f"{source}-{i}", "site": source, "text": said}
        for source, texts in sources.items()
        for i, said in enumerate(texts)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def said_twice(rng):
    """Return a short text that says three words twice, as people do."""
    return f"{text(rng, 10)} of the country {text(rng, 8)} of the country {text(rng, 4)}"


JUNK = {
    "lines": lambda rng: "\n".join([text(rng, 60), *["home about contact"] * 20]),
    "spam": lambda rng: "buy cheap watches online " * 30,
    "short spam": lambda rng: "buy cheap watches online " * 4,
    "twice": lambda rng: (lambda said: f"{said}\n{said}")(text(rng, 90)),
    "rows": lambda rng: "\n".join(f"item {i} is in stock and ships today" for i in range(30)),
    "loop": lambda rng: text(rng, 90) + " and so it goes" * 6,
    "symbols": lambda rng: "== | /\\ ## ~~ <> " * 10,
    "letters": lambda rng: " ".join(f"x{i:x}q" for i in rng.integers(0, 1 << 40, 110)),
}


@pytest.mark.parametrize("kind", JUNK)
def test_junk_is_listed_in_a_source_that_does_not_stand_out(kind, rng, tmp_path):
    sources = {f"s{i}": [text(rng, 100) for _ in range(400)] for i in range(3)}
    sources["s1"][200] = JUNK[kind](rng)
    audit = degrade.audit(write(tmp_path / "some.jsonl", sources), source_field="site")
    assert audit.standing_out == ()
    assert [each.id for each in audit.worst] == ["s1-200"]
    assert audit.bad == 1


def test_what_is_said_twice_in_a_short_text_is_counted_and_not_listed(rng, tmp_path):
    # In all sources alike: four in a hundred, as of short paragraphs that people wrote.
    sources = {
        f"s{i}": [said_twice(rng) if k % 25 == 0 else text(rng, 25) for k in range(500)]
        for i in range(3)
    }
    path = write(tmp_path / "some.jsonl", sources)
    audit = degrade.audit(path, source_field="site", write_flags=tmp_path / "flags")
    assert audit.standing_out == ()
    assert (audit.worst, audit.bad, audit.unlisted) == ((), 0, 60)
    assert audit.flagged["gopher_flagged_top"] == 60
    assert not any(audit.reasons.values())
    written = (tmp_path / "flags" / "some.jsonl").read_text("utf-8")
    assert account_of(audit).listing == (
        "60 documents of fewer than 50 words fail Gopher's thresholds, which are for longer ones, "
        "and are not listed for that (--write-flags tells which).",
    )
    rows = [json.loads(line) for line in written.splitlines()]
    flagged = [row for row in rows if "reasons" in row]
    assert len(flagged) == 60
    assert not any("degrade__listed" in row["attributes"] for row in rows)


def test_short_texts_are_listed_where_their_source_stands_out_for_them(rng, tmp_path):
    sources = {f"s{i}": [text(rng, 25) for _ in range(500)] for i in range(3)}
    sources["s0"][7] = said_twice(rng)
    sources["s2"][:100] = [said_twice(rng) for _ in range(100)]
    audit = degrade.audit(write(tmp_path / "some.jsonl", sources), source_field="site")
    (bad,) = audit.standing_out
    assert (bad.name, [each.measure for each in bad.stands_out]) == ("s2", ["gopher_flagged"])
    assert sorted(each.id for each in audit.worst) == sorted(f"s2-{i}" for i in range(100))
    assert (audit.bad, audit.unlisted, audit.flagged["gopher_flagged_top"]) == (100, 1, 101)
    assert audit.reasons["gopher_flagged_top"] == 100


def test_texts_are_listed_from_the_length_on_that_the_thresholds_are_for(rng, tmp_path):
    lengths = range(FEWEST_WORDS - 5, FEWEST_WORDS + 5)
    # Ten words said again: a fifth of each, above all thresholds.
    again = text(rng, 10)
    sources = {"s": [f"{text(rng, n - 21)} {again} and {again}" for n in lengths]}
    audit = degrade.audit(write(tmp_path / "some.jsonl", sources), source_field="site")
    assert audit.flagged["gopher_flagged_ngrams"] == len(lengths)
    assert {each.words for each in audit.worst} == {n for n in lengths if n >= FEWEST_WORDS}
    assert {*FLAGS} & {*audit.worst[0].reasons}


@pytest.fixture(scope="module")
def poor(tmp_path_factory):
    """Return a folder of files of sources, one file of few different words, and its audit."""
    rng = np.random.default_rng(1)
    folder = tmp_path_factory.mktemp("listed") / "some"
    folder.mkdir()
    for i in range(6):
        few = 500 if i == 4 else 5_000
        texts = [text(rng, 110, few) for _ in range(400)]
        texts[5] = JUNK["spam"](rng) + f"number {i}"
        # Two sources in every file, and the sites are no files.
        rows = [
            {"id": f"f{i}-{k}", "site": f"site{k % 2}", "text": said}
            for k, said in enumerate(texts)
        ]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"f{i}.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_all_of_a_file_that_stands_out_are_listed_for_it(poor):
    audit = degrade.audit(poor, source_field="site", shards=True)
    assert audit.standing_out == ()
    assert [file.name.rpartition("/")[2] for file in audit.shards if file.stands_out] == [
        "f4.jsonl"
    ]
    of_file = [each for each in audit.worst if "file" in each.reasons]
    assert {each.id for each in of_file} == {f"f4-{k}" for k in range(400)}
    assert {each.stands_out for each in of_file} == {("variety",)}
    assert {each.source for each in of_file} == {"site0", "site1"}
    assert (audit.bad, audit.reasons["file"], len(audit.worst)) == (6, 400, 405)
    # Once each, with all that it is listed for.
    (both,) = [each for each in audit.worst if each.id == "f4-5"]
    assert both.reasons[-1] == "file"
    assert len(both.reasons) > 1


def test_what_is_bad_by_itself_comes_first_and_the_list_is_no_longer_than_asked_for(poor):
    whole = degrade.audit(poor)
    assert not whole.cut
    assert [file.name.rpartition("/")[2] for file in whole.standing_out] == ["f4.jsonl"]
    assert {each.id for each in whole.worst[:6]} == {f"f{i}-5" for i in range(6)}
    assert len(whole.worst) == 405
    said = " ".join(account_of(whole).listing)
    assert said.startswith("Listed after these are all 400 documents of 1 source that stands out")
    assert "/f4.jsonl: variety)" in said
    assert "The list" not in said
    for most in (3, 50):
        some = degrade.audit(poor, worst=most)
        assert some.cut
        assert some.worst == whole.worst[:most]
        assert (some.bad, some.reasons) == (whole.bad, whole.reasons)
        said = f"The list holds the worst {most} of all these (--worst N for more)."
        assert account_of(some).listing[-1] == said
        assert said in content(some, ".html")
    assert not degrade.audit(poor, worst=405).cut


def test_short_texts_of_a_source_that_is_listed_whole_are_listed_for_it_alone(rng, tmp_path):
    # Flagged everywhere alike, so that no source stands out for that.
    sources = {f"s{i}": [text(rng, 110, 300 if i == 2 else 5_000) for _ in range(400)]
               for i in range(4)}  # fmt: skip
    for texts in sources.values():
        texts[::40] = [said_twice(rng) for _ in texts[::40]]
    path = write(tmp_path / "some.jsonl", sources)
    audit = degrade.audit(path, source_field="site")
    (poor,) = audit.standing_out
    assert (poor.name, [each.measure for each in poor.stands_out]) == ("s2", ["variety"])
    assert {each.reasons for each in audit.worst} == {("source",)}
    assert (audit.bad, audit.unlisted, len(audit.worst)) == (0, 40, 400)
    assert {name: count for name, count in audit.reasons.items() if count} == {"source": 400}
    none = degrade.audit(path, source_field="site", worst=0)
    assert (none.worst, none.cut) == ((), True)
    assert account_of(none).listing[-1].startswith("The list holds the worst 0 of all these")
