"""Every format, however it is compressed, gives the documents that were written."""

from __future__ import annotations

import builtins

import pytest
from written import COMPRESSIONS, FORMATS, json_lines, put

from degrade.errors import MissingExtraError, UsageError
from degrade.readers import Fields, open_corpus
from degrade.text.document import Document

RECORDS = [
    {"id": "a", "text": "First, “quoted”\nand on two lines.", "author": "Ann", "book": "One"},
    {"id": "b", "text": "𝒳 is beyond the basic plane; é is not.", "author": "Bob", "book": "Two"},
    {"id": "c", "text": 'Commas, "quotes",\ttabs.', "author": "Ann", "book": "One"},
]
FIELDS = Fields(cluster="author", source="book")
DOCUMENTS = [Document(r["text"], r["id"], r["author"], {"source": r["book"]}) for r in RECORDS]


def documents(spec, *fields, **options):
    with open_corpus(spec, *fields, **options) as corpus:
        return list(corpus.documents())


def texts(spec, **options):
    return [document.text for document in documents(spec, **options)]


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_and_compression_gives_what_was_written(tmp_path, suffix, compression):
    data = COMPRESSIONS[compression](FORMATS[suffix](RECORDS))
    path = put(tmp_path / f"part{suffix}{compression}", data)
    assert documents(path, FIELDS) == DOCUMENTS


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize(
    "suffix", [suffix for suffix in FORMATS if suffix[1:] not in ("csv", "tsv")]
)
def test_a_file_without_a_suffix_is_known_by_its_content(tmp_path, suffix, compression):
    path = put(tmp_path / "part", COMPRESSIONS[compression](FORMATS[suffix](RECORDS)))
    assert documents(path, FIELDS) == DOCUMENTS


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_plain_text_is_a_document_a_file(tmp_path, compression):
    path = put(tmp_path / f"a.txt{compression}", COMPRESSIONS[compression]("é\n\nß\n".encode()))
    assert texts(path) == ["é\n\nß\n"]


def test_plain_text_of_any_name_is_read_as_text(tmp_path):
    path = put(tmp_path / "chapter.one", b"Call me Ishmael.")
    assert texts(path) == ["Call me Ishmael."]


def test_split_makes_documents_of_lines_or_paragraphs(tmp_path):
    path = put(tmp_path / "a.txt", b"\n\none\ntwo\n \t\n\nthree\n")
    assert texts(path, split="line") == ["one", "two", "three"]
    assert texts(path, split="paragraph") == ["one\ntwo", "three"]


@pytest.mark.parametrize("split", [None, "line", "paragraph"])
def test_neither_crlf_nor_a_mark_at_the_start_changes_plain_text(tmp_path, split):
    plain = b"one\ntwo\n\nthree\n"
    unix = put(tmp_path / "unix.txt", plain)
    other = put(tmp_path / "other.txt", b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"))
    assert documents(other, split=split) == documents(unix, split=split)


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".tsv"])
def test_neither_crlf_nor_a_mark_at_the_start_changes_records(tmp_path, suffix):
    records = [{"id": "a", "text": "one"}, {"id": "b", "text": "two"}]
    unix = FORMATS[suffix](records).replace(b"\r\n", b"\n")
    path = put(tmp_path / f"part{suffix}", b"\xef\xbb\xbf" + unix.replace(b"\n", b"\r\n"))
    assert documents(path) == [Document("one", "a"), Document("two", "b")]


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_all_members_of_an_archive_are_read(tmp_path, suffix):
    lines = [json_lines([record]) for record in RECORDS]
    data = b"".join(COMPRESSIONS[suffix](line) for line in lines)
    assert documents(put(tmp_path / f"part.jsonl{suffix}", data), FIELDS) == DOCUMENTS


def test_frames_of_zstd_that_are_to_be_skipped_are_skipped(tmp_path):
    skippable = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"meta"
    data = skippable + COMPRESSIONS[".zst"](json_lines(RECORDS)) + skippable
    assert documents(put(tmp_path / "part.jsonl.zst", data), FIELDS) == DOCUMENTS


def test_zeros_after_a_gzip_archive_are_padding(tmp_path):
    data = COMPRESSIONS[".gz"](json_lines(RECORDS)) + b"\0" * 1000
    assert documents(put(tmp_path / "part.jsonl.gz", data), FIELDS) == DOCUMENTS


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".arrow"])
def test_dots_lead_into_a_field(tmp_path, suffix):
    record = {"message": {"content": "inside", "role": "user"}, "turns": [{"t": "0"}, {"t": "1"}]}
    path = put(tmp_path / f"part{suffix}", FORMATS[suffix]([record]))
    assert texts(path, fields=Fields("message.content")) == ["inside"]
    assert texts(path, fields=Fields("turns.-1.t")) == ["1"]


def test_a_field_whose_name_has_a_dot_comes_before_one_inside(tmp_path):
    record = {"a.b": "outside", "a": {"b": "inside"}}
    path = put(tmp_path / "part.jsonl", json_lines([record]))
    assert texts(path, fields=Fields("a.b")) == ["outside"]


def test_ids_may_be_whole_numbers_and_default_to_a_hash(tmp_path):
    records = [{"id": 7, "text": "x"}, {"id": None, "text": "x"}, {"text": "x"}]
    path = put(tmp_path / "part.jsonl", json_lines(records))
    assert [d.id for d in documents(path)] == ["7", Document("x").id, Document("x").id]


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_id_in_a_field_of_another_name_is_read_when_asked_for(tmp_path, suffix):
    path = put(tmp_path / f"part{suffix}", FORMATS[suffix](RECORDS))
    assert [d.id for d in documents(path, Fields(id="author"))] == ["Ann", "Bob", "Ann"]


def test_json_with_nan_is_read_since_python_writes_it(tmp_path):
    path = put(tmp_path / "part.jsonl", b'{"text": "x", "score": NaN, "most": Infinity}\n')
    assert texts(path) == ["x"]


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
def test_a_cell_may_be_long(tmp_path, suffix):
    text = "a long line\n" * 50_000
    path = put(tmp_path / f"part{suffix}", FORMATS[suffix]([{"text": text}]))
    assert texts(path) == [text]


@pytest.mark.parametrize("column", ["dictionary", "large", "view", "binary"])
@pytest.mark.parametrize("suffix", [".parquet", ".arrow"])
def test_strings_of_every_arrow_type_are_read(tmp_path, suffix, column):
    import pyarrow
    from pyarrow import parquet

    types = {
        "dictionary": pyarrow.dictionary(pyarrow.int32(), pyarrow.string()),
        "large": pyarrow.large_string(),
        "view": pyarrow.string_view(),
        "binary": pyarrow.binary(),
    }
    values = pyarrow.array(["é", "x", "é"]).cast(pyarrow.string())
    values = values.dictionary_encode() if column == "dictionary" else values.cast(types[column])
    table = pyarrow.table({"text": values})
    path = tmp_path / f"part{suffix}"
    if suffix == ".parquet":
        parquet.write_table(table, path)
    else:
        with pyarrow.ipc.new_stream(path, table.schema) as writer:
            writer.write_table(table)
    assert texts(path) == ["é", "x", "é"]


@pytest.mark.parametrize("delimiter", [";", "|"])
@pytest.mark.parametrize("before", ["", "\n\n"])
def test_a_csv_without_commas_in_its_header_is_read_by_what_it_has(tmp_path, delimiter, before):
    rows = [["id", "text"], ["a", 'one, "two"'], ["b", "three\nfour"]]
    cells = (delimiter.join('"' + c.replace('"', '""') + '"' for c in row) for row in rows)
    path = put(tmp_path / "part.csv", ("\ufeff" + before + "\n".join(cells)).encode())
    assert [(d.id, d.text) for d in documents(path)] == [
        ("a", 'one, "two"'), ("b", "three\nfour"),
    ]  # fmt: skip


def test_a_csv_with_a_comma_in_its_header_is_parted_by_commas(tmp_path):
    path = put(tmp_path / "part.csv", b"a;b|c,text\nx,one;two|three\n")
    assert texts(path) == ["one;two|three"]
    assert texts(put(tmp_path / "one.csv", b"text\none;two|three\n")) == ["one;two|three"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_ids_are_taken_where_their_field_is_empty(tmp_path, suffix):
    # Long enough that rows are read side by side, where a format has that.
    records = [{"id": f"{i % 3}", "text": f"text {i} " + "word " * 200} for i in range(60)]
    path = put(tmp_path / f"part{suffix}", FORMATS[suffix](records))
    plain = [Document(record["text"]) for record in records]
    assert documents(path, Fields(id="")) == plain
    assert {document.id for document in documents(path)} == {"0", "1", "2"}


def test_no_ids_are_taken_of_mappings_where_their_field_is_empty():
    records = [{"id": "same", "text": f"text {i}"} for i in range(3)]
    assert documents(records, Fields(id="")) == [Document(r["text"]) for r in records]


def test_a_format_may_be_named(tmp_path):
    path = put(tmp_path / "odd.dat", b"text,n\nhello,1\n")
    assert texts(path, format="csv") == ["hello"]
    with pytest.raises(UsageError, match=r"'jsnl' is not known.*did you mean jsonl"):
        texts(path, format="jsnl")


def test_split_without_plain_text_is_refused(tmp_path):
    path = put(tmp_path / "part.jsonl", json_lines(RECORDS))
    with pytest.raises(UsageError, match="no plain text to split by line"):
        open_corpus(path, split="line")


@pytest.mark.parametrize("suffix", [".parquet", ".arrow"])
def test_without_pyarrow_its_formats_say_what_to_install(tmp_path, monkeypatch, suffix):
    path = put(tmp_path / f"part{suffix}", FORMATS[suffix](RECORDS))
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] == "pyarrow":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"pip install 'degrade\[arrow\]'"):
        documents(path)
