"""A damaged archive gives all whole records before the damage, and one problem for the rest."""

from __future__ import annotations

import gzip
import random
import tarfile
from io import BytesIO

import pytest
from written import ARCHIVES, COMPRESSIONS, arrow_stream, json_lines, parquet, put

from degrade.errors import InputError
from degrade.readers import open_corpus
from degrade.readers.compression import SUFFIXES, DamagedArchiveError, decompressed

# Random words, so that an archive is not much smaller than its content.
CHANCE = random.Random(1)
RECORDS = [{"text": CHANCE.randbytes(20).hex()} for _ in range(3000)]
TEXTS = [record["text"] for record in RECORDS]
DATA = json_lines(RECORDS)


def recovered(data, suffix):
    """Return what can be decompressed of ``data``, and the kind of its damage."""
    pieces = []
    try:
        pieces.extend(decompressed(BytesIO(data), SUFFIXES[suffix]))
    except DamagedArchiveError as error:
        return b"".join(pieces), error.kind
    return b"".join(pieces), None


@pytest.mark.parametrize("suffix", ARCHIVES)
def test_a_truncated_archive_gives_the_records_before_its_end(tmp_path, suffix):
    packed = COMPRESSIONS[suffix](DATA)
    # xz and bzip2 give out whole blocks, so damage is put in a second member.
    path = put(tmp_path / f"part.jsonl{suffix}", packed + packed[: len(packed) * 2 // 3])
    with open_corpus(path, on_error="skip") as corpus:
        texts = [document.text for document in corpus.documents()]
        assert texts == (TEXTS + TEXTS)[: len(texts)]
        assert len(TEXTS) <= len(texts) < 2 * len(TEXTS)
        assert dict(corpus.skipped) == {"truncated-archive": 1}
        assert f"after line {len(texts):,}: " in corpus.examples[0]
    with open_corpus(path) as corpus, pytest.raises(InputError, match=r"part.*ends too early"):
        list(corpus.documents())


@pytest.mark.parametrize("suffix", ARCHIVES)
def test_a_corrupt_archive_gives_the_records_before_the_damage(tmp_path, suffix):
    packed = COMPRESSIONS[suffix](DATA)
    damaged = bytearray(packed + packed)
    at = len(packed) + len(packed) // 2
    damaged[at : at + 50] = bytes(byte ^ 0xFF for byte in damaged[at : at + 50])
    path = put(tmp_path / f"part.jsonl{suffix}", bytes(damaged))
    with open_corpus(path, on_error="skip") as corpus:
        texts = [document.text for document in corpus.documents()]
        assert texts[: len(TEXTS)] == TEXTS
        assert corpus.skipped["corrupt-archive"] == 1
        assert any("damaged" in example for example in corpus.examples)


def test_nothing_that_gzip_could_still_give_is_lost_to_a_bad_chunk():
    packed = gzip.compress(DATA)
    corrupt = 0
    for at in range(1000, len(packed), len(packed) // 20):
        damaged = packed[:at] + CHANCE.randbytes(len(packed) - at)
        got, kind = recovered(damaged, ".gz")
        before, _ = recovered(packed[:at], ".gz")
        assert kind is not None
        assert got.startswith(before)
        assert DATA.startswith(before)
        corrupt += kind == "corrupt-archive"
    assert corrupt > 10


@pytest.mark.parametrize("suffix", ARCHIVES)
def test_a_file_that_is_no_archive_but_named_so_is_corrupt(tmp_path, suffix):
    path = put(tmp_path / f"part.jsonl{suffix}", DATA)
    with open_corpus(path) as corpus, pytest.raises(InputError, match="archive its name says"):
        list(corpus.documents())


@pytest.mark.parametrize("suffix", ARCHIVES)
def test_what_follows_an_archive_is_named(tmp_path, suffix):
    path = put(tmp_path / f"part.jsonl{suffix}", COMPRESSIONS[suffix](DATA) + b"more and more")
    with open_corpus(path, on_error="skip") as corpus:
        assert [document.text for document in corpus.documents()] == TEXTS
        assert dict(corpus.skipped) == {"corrupt-archive": 1}
        assert "follow its end" in corpus.examples[0]


@pytest.mark.parametrize("suffix", ARCHIVES)
def test_content_of_many_pieces_is_whole(suffix):
    data = b"".join(CHANCE.randbytes(100_000) + bytes(3_000_000) for _ in range(4))
    assert recovered(COMPRESSIONS[suffix](data), suffix) == (data, None)


@pytest.mark.parametrize("make", [arrow_stream, parquet])
def test_a_truncated_archive_of_columns_counts_once(tmp_path, make):
    suffix = ".arrow.gz" if make is arrow_stream else ".parquet.gz"
    packed = gzip.compress(make(RECORDS, 100))
    path = put(tmp_path / "in" / f"part{suffix}", packed[: len(packed) // 2])
    put(tmp_path / "in" / "z.jsonl", b'{"text": "good"}')
    with open_corpus(tmp_path / "in", on_error="skip") as corpus:
        *texts, last = [document.text for document in corpus.documents()]
        assert last == "good"
        assert texts == TEXTS[: len(texts)]
        assert dict(corpus.skipped) == {"truncated-archive": 1}
        assert str(path) in corpus.examples[0]
        assert bool(texts) == (make is arrow_stream)


def test_a_truncated_text_is_no_document(tmp_path):
    packed = gzip.compress(DATA)
    path = put(tmp_path / "part.txt.gz", packed[: len(packed) // 2])
    with open_corpus(path) as corpus, pytest.raises(InputError, match="ends too early"):
        list(corpus.documents())


@pytest.mark.parametrize(
    ("name", "options"), [("a.csv.gz", {}), ("a.txt.gz", {"split": "paragraph"})]
)
def test_what_an_archive_ends_in_is_neither_a_document_nor_a_problem_of_its_own(
    tmp_path, name, options
):
    # Records over two lines each, so that the last whole line may leave one open.
    if name == "a.csv.gz":
        data = b"text\n" + b"".join(f'"{t}\n{t[::-1]}"\n'.encode() for t in TEXTS)
    else:
        data = b"".join(f"{t}\n{t[::-1]}\n\n".encode() for t in TEXTS)
    packed = gzip.compress(data)
    expected = [f"{text}\n{text[::-1]}" for text in TEXTS]
    for cut in range(len(packed) // 2, len(packed) // 2 + 200, 10):
        path = put(tmp_path / name, packed[:cut])
        with open_corpus(path, on_error="skip", **options) as corpus:
            texts = [document.text for document in corpus.documents()]
            assert texts == expected[: len(texts)]
            assert len(texts) > 1000
            assert dict(corpus.skipped) == {"truncated-archive": 1}


def test_a_tar_archive_is_to_be_unpacked_first(tmp_path):
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo("a.jsonl")
        info.size = len(DATA)
        archive.addfile(info, BytesIO(DATA))
    path = put(tmp_path / "corpus.tar.gz", out.getvalue())
    with open_corpus(path) as corpus, pytest.raises(InputError, match="tar archive; unpack it"):
        list(corpus.documents())
