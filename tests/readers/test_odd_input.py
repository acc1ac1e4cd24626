"""Input that is odd rather than bad: cells over two lines, streams, documents of other types."""

from __future__ import annotations

import itertools

import pytest
from written import put

import degrade
from degrade.errors import InputError, UsageError
from degrade.readers import Fields, open_corpus
from degrade.text.document import Document


def documents(spec, *fields, **options):
    with open_corpus(spec, *fields, **options) as corpus:
        return list(corpus.documents())


def test_lines_within_a_cell_end_alike_whatever_program_wrote_the_file(tmp_path):
    unix = b'id,text\na,"one\ntwo"\nb,"three\n\nfour"\n'
    there = put(tmp_path / "unix.csv", unix)
    other = put(tmp_path / "other.csv", unix.replace(b"\n", b"\r\n"))
    assert documents(other) == documents(there)
    assert documents(other)[0].text == "one\ntwo"


def test_after_a_damaged_header_no_row_is_taken_for_one(tmp_path):
    path = put(tmp_path / "a.csv", b'id,"te"xt\na,one\nb,two\n')
    with open_corpus(path, on_error="skip") as corpus:
        with pytest.raises(InputError, match="no document"):
            list(corpus.documents())
        assert corpus.counted.skipped == {"malformed-csv": 1}


def test_of_a_stream_no_more_is_asked_for_than_is_taken():
    def stream():
        yield from (f"text {i}" for i in range(3))
        raise AssertionError("asked for a fourth")

    assert len(documents(stream(), limit=3)) == 3
    assert documents(itertools.repeat("x"), limit=2) == [Document("x")] * 2


@pytest.mark.parametrize("wrong", [Document("x", id=5), Document("x", cluster=None)])
def test_a_document_with_a_number_for_an_id_is_refused_and_counted(wrong):
    with pytest.raises(InputError, match="of a Document is"):
        documents([Document("a"), wrong])
    with open_corpus([Document("a"), wrong], on_error="skip") as corpus:
        assert [d.text for d in corpus.documents()] == ["a"]
        assert corpus.counted.skipped == {"not-a-string": 1}


def test_metadata_become_strings_and_half_a_surrogate_pair_in_a_name_is_refused():
    found = documents([Document("a", metadata={"source": 5})], Fields(source="source"))
    assert found[0].metadata == {"source": "5"}
    with pytest.raises(InputError, match="half of a surrogate pair"):
        documents([Document("a", metadata={"\ud800": "x"})])


def test_an_id_of_bytes_is_the_same_whatever_else_is_asked_for():
    records = [{"id": b"seven", "text": "x", "author": "Ann"}]
    assert documents(records)[0].id == documents(records, Fields(cluster="author"))[0].id == "seven"


def test_on_error_is_one_of_two():
    with pytest.raises(UsageError, match="on_error is fail or skip, not 'raise'"):
        degrade.profile(["a text"], on_error="raise")


def test_a_text_field_of_no_corpus_is_refused(tmp_path):
    path = put(tmp_path / "a.jsonl", b'{"text": "x"}\n')
    with pytest.raises(UsageError, match="no such corpus here"):
        degrade.compare(str(path), str(path), text_fields={"b.jsonl": "body"})
