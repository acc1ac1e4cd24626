"""Flags of documents: a row a record, in files that line up with those of the corpus."""

import gzip
import json

import pytest

import degrade
from degrade.errors import InputError, UsageError

WORDS = [
    "one",
    "morning",
    "the",
    "old",
    "keeper",
    "of",
    "the",
    "light",
    "went",
    "down",
    "to",
    "the",
    "grey",
    "sea",
    "alone",
]


def text(i, words=60):
    """Return a text of its own."""
    return " ".join(f"{WORDS[(i * 7 + k * k) % len(WORDS)]}{(i + k) % 97}" for k in range(words))


def rows(count, start=0):
    return [{"id": f"d{i}", "text": text(i)} for i in range(start, start + count)]


def jsonl(records):
    return "".join(
        (each if isinstance(each, str) else json.dumps(each)) + "\n" for each in records
    ).encode()


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def read(path):
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    return [json.loads(line) for line in data.splitlines()]


def value(row, name):
    spans = row["attributes"].get(f"degrade__{name}")
    if spans is None:
        return 0
    ((start, end, found),) = spans
    assert start == 0
    assert end > 0
    return found


@pytest.fixture
def corpus(tmp_path):
    """Return a folder of files in two formats, one compressed, with records that are none."""
    documents = tmp_path / "set" / "documents"
    first = rows(700)
    first[5] = {"id": "empty", "text": " "}
    first[6] = "{not json"
    first[699] = {"id": "last", "text": None}
    write(documents / "a" / "one.jsonl.gz", jsonl(first))
    second = rows(40, start=1_000)
    second[3] = {"id": "copy", "text": text(10).upper()}
    almost = text(20).split()
    almost[-1] = "otherwise"
    second[4] = {"id": "almost", "text": " ".join(almost)}
    second[5] = {"id": "loop", "text": text(1_005) + " and so on" * 4}
    write(documents / "b.jsonl", jsonl(second))
    write(documents / "empty.jsonl", b"")
    return documents


def test_every_record_has_its_row_under_the_path_of_its_file(corpus, tmp_path):
    folder = tmp_path / "set" / "attributes" / "degrade"
    audit = degrade.audit(corpus, on_error="skip", write_flags=folder)
    written = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.*"))
    assert written == ["a/one.jsonl.gz", "b.jsonl", "empty.jsonl"]
    one, two = read(folder / "a" / "one.jsonl.gz"), read(folder / "b.jsonl")
    assert read(folder / "empty.jsonl") == []
    # The mixer of Dolma refuses a file in which one id is not that of its document.
    ids = [f"d{i}" for i in range(700)]
    ids[5], ids[6], ids[699] = "empty", None, "last"
    assert [row["id"] for row in one] == ids
    assert [row["id"] for row in two][:7] == [
        *("d1000", "d1001", "d1002", "copy", "almost", "loop", "d1006")
    ]
    assert len(two) == 40
    skipped = {i: row["skipped"] for i, row in enumerate(one) if "skipped" in row}
    assert skipped == {5: "empty-document", 6: "malformed-json", 699: "not-a-string"}
    assert one[5]["attributes"] == {"degrade__skipped": [[0, 0, 1.0]]}
    assert sum(len(each) for each in (one, two)) == audit.documents + 3


def test_flags_say_what_the_list_of_the_worst_says(corpus, tmp_path):
    audit = degrade.audit(corpus, on_error="skip", write_flags=tmp_path / "flags")
    flags = {
        (path.name, i + 1): row
        for path in (tmp_path / "flags").rglob("*.jsonl*")
        for i, row in enumerate(read(path))
    }
    listed = {(each.file.rpartition("/")[2], each.record): each for each in audit.worst}
    assert {key for key, row in flags.items() if "reasons" in row} == set(listed)
    assert {each.id for each in listed.values()} == {"copy", "almost", "loop"}
    for key, each in listed.items():
        row = flags[key]
        assert tuple(row["reasons"]) == each.reasons
        assert value(row, "reasons") == len(each.reasons)
        assert value(row, "listed") == 1
        assert value(row, "words") == each.words
        assert value(row, "repetition_4") == pytest.approx(each.repeated, abs=1e-6)
        assert row.get("first_file") == each.first_file
        assert row.get("first_record") == each.first_record
    copy, almost = flags["b.jsonl", 4], flags["b.jsonl", 5]
    assert copy["first_file"].endswith("one.jsonl.gz")
    assert copy["first_record"] == 11
    assert value(copy, "copies") == 1
    assert almost["first_record"] == 21
    assert value(almost, "near_duplicates") >= 0.8
    assert value(almost, "copies") == 0


def test_gophers_fractions_are_those_of_the_metrics(tmp_path):
    said = "the same line\n" * 3 + text(1) + "\nthe same line"
    write(tmp_path / "c.jsonl", jsonl([{"id": "x", "text": said}]))
    degrade.audit(tmp_path / "c.jsonl", write_flags=tmp_path / "flags")
    (row,) = read(tmp_path / "flags" / "c.jsonl")
    # Three of five lines repeat an earlier one, each of 13 characters.
    assert value(row, "duplicate_lines") == pytest.approx(3 / 5)
    assert value(row, "duplicate_line_characters") == pytest.approx(39 / len(said), abs=1e-6)
    assert row["attributes"]["degrade__words"][0][1] == len(said)
    assert "gopher_flagged_lines" in row["reasons"]


def test_workers_change_no_byte(corpus, tmp_path):
    for workers in (1, 2, 3):
        degrade.audit(corpus, on_error="skip", workers=workers, write_flags=tmp_path / str(workers))
    for name in ("a/one.jsonl.gz", "b.jsonl", "empty.jsonl"):
        one, two, three = ((tmp_path / w / name).read_bytes() for w in "123")
        assert one == two == three


def test_parquet_has_a_row_a_row(tmp_path):
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    records = rows(300)
    records[7]["text"] = ""
    records[9]["text"] = text(3)
    (tmp_path / "in").mkdir()
    parquet.write_table(
        pyarrow.Table.from_pylist(records), tmp_path / "in" / "p.parquet", row_group_size=64
    )
    write(tmp_path / "in" / "t.csv", b"id,text\nx,one two three\ny,four five six\n")
    degrade.audit(tmp_path / "in", on_error="skip", write_flags=tmp_path / "flags")
    found = parquet.read_table(tmp_path / "flags" / "p.parquet").to_pylist()
    assert [row["id"] for row in found] == [f"d{i}" for i in range(300)]
    assert [row["record"] for row in found] == [*range(1, 301)]
    assert found[7]["skipped"] == "empty-document"
    assert found[7]["words"] is None
    assert [row["listed"] for row in found[7:10]] == [None, False, True]
    assert found[9]["reasons"] == ["copies"]
    assert (found[9]["copies"], found[9]["first_record"]) == (1.0, 4)
    assert [row["id"] for row in read(tmp_path / "flags" / "t.csv.jsonl")] == ["x", "y"]


def test_documents_in_memory_have_flags_too(tmp_path):
    degrade.audit([text(1), text(2), text(1)], write_flags=tmp_path)
    (path,) = tmp_path.iterdir()
    assert path.name == "documents.jsonl"
    assert [row.get("reasons") for row in read(path)] == [None, None, ["copies"]]


def test_what_fails_leaves_whole_files_only(corpus, tmp_path):
    write(corpus / "c.jsonl", jsonl([*rows(3), "{"]))
    (corpus / "a" / "one.jsonl.gz").unlink()
    with pytest.raises(InputError, match=r"c\.jsonl, line 4"):
        degrade.audit(corpus, write_flags=tmp_path / "flags")
    assert {path.name for path in (tmp_path / "flags").rglob("*")} <= {"b.jsonl", "empty.jsonl"}


@pytest.mark.parametrize("inside", ["documents", "documents/flags", "documents/a/flags"])
def test_flags_are_not_put_into_the_corpus(corpus, inside):
    before = {path: path.read_bytes() for path in corpus.rglob("*.*")}
    with pytest.raises(UsageError, match="name a folder beside it"):
        degrade.audit(corpus, on_error="skip", write_flags=corpus.parent / inside)
    assert {path: path.read_bytes() for path in corpus.rglob("*.*")} == before


def test_a_file_of_the_corpus_is_not_overwritten(corpus):
    with pytest.raises(UsageError, match="take the place of a file of the corpus"):
        degrade.audit(corpus / "b.jsonl", write_flags=corpus)
    assert read(corpus / "b.jsonl")[3]["id"] == "copy"


def test_a_file_is_no_folder_for_flags(corpus, tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        degrade.audit(corpus, write_flags=tmp_path / "taken")
