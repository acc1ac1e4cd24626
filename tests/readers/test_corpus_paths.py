"""What may be typed for a corpus: files, folders, globs, URLs, standard input, pipes."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import sys
import threading
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from written import COMPRESSIONS, json_lines, parquet, put

from degrade.errors import InputError, MissingExtraError
from degrade.readers import Fields, open_corpus
from degrade.readers.opening import name_of
from degrade.record import InputFile


def line(text):
    return json_lines([{"text": text}])


def texts(spec, **options):
    with open_corpus(spec, **options) as corpus:
        return [document.text for document in corpus.documents()]


def test_a_folder_is_all_files_in_it_sorted_at_any_depth(here):
    put(here / "gen0/b/z.jsonl", line("3"))
    put(here / "gen0/a.txt", b"1")
    put(here / "gen0/b/a.jsonl.gz", gzip.compress(line("2")))
    put(here / "gen0/c.jsonl", line("4"))
    assert texts("gen0") == ["1", "2", "3", "4"]


def test_hidden_files_and_files_about_files_are_passed_over(here):
    put(here / "gen0/part.jsonl", line("data"))
    for name in (".hidden", "_SUCCESS", ".git/config", "_meta/x.txt", "README.md", "b/LICENSE"):
        put(here / "gen0" / name, b"no data")
    assert texts("gen0") == ["data"]


def test_a_folder_of_nothing_but_a_readme_is_that_readme(here):
    put(here / "docs/README.md", b"all there is")
    assert texts("docs") == ["all there is"]


def test_a_file_named_by_itself_is_read_whatever_its_name(here):
    put(here / "_part.jsonl", line("a"))
    put(here / "README.md", b"b")
    assert texts("_part.jsonl") == ["a"]
    assert texts(Path("README.md")) == ["b"]


def test_a_glob_is_its_matches_sorted_each_once(here):
    for name in ("c.jsonl", "a.jsonl", "b.txt", "sub/d.jsonl"):
        put(here / "gen0" / name, line(name))
    assert texts("gen0/*.jsonl") == ["a.jsonl", "c.jsonl"]
    assert texts("gen0/**/*.jsonl") == ["a.jsonl", "c.jsonl", "sub/d.jsonl"]
    assert texts("gen?/sub") == ["sub/d.jsonl"]
    with pytest.raises(InputError, match=r"gen0/\*\.csv: no file matches it"):
        open_corpus("gen0/*.csv")


def test_a_file_whose_name_looks_like_a_glob_is_that_file(here):
    put(here / "a[1].jsonl", line("brackets"))
    put(here / "a1.jsonl", line("match"))
    assert texts("a[1].jsonl") == ["brackets"]


def test_files_are_described_as_they_were_typed(here):
    data = line("x")
    put(here / "gen0/part.jsonl", data)
    digest = hashlib.sha256(data).hexdigest()
    expected = (InputFile("gen0/part.jsonl", len(data), digest),)
    for spec in ("gen0", "gen0/", "./gen0", "gen0/*"):
        with open_corpus(spec) as corpus:
            assert corpus.files() == expected
            assert corpus.total_bytes == len(data)


def test_a_corpus_is_read_after_the_working_folder_has_changed(here, monkeypatch):
    put(here / "gen0/part.jsonl", line("x"))
    (here / "elsewhere").mkdir()
    with open_corpus("gen0") as corpus:
        monkeypatch.chdir("elsewhere")
        assert [document.text for document in corpus.documents()] == ["x"]


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("data/gen0", "gen0"),
        ("data/gen0/", "gen0"),
        ("gen5.jsonl.gz", "gen5"),
        ("run-v1.5.jsonl", "run-v1.5"),
        ("gen0/*.jsonl", "gen0"),
        ("gen0/**/*.txt", "gen0"),
        ("*.jsonl", "*.jsonl"),
        ("s3://bucket/gen0/part.parquet", "part"),
        ("-", "stdin"),
        (".jsonl", ".jsonl"),
    ],
)
def test_a_corpus_is_called_after_what_was_typed(spec, name):
    assert name_of(spec) == name


def test_a_reader_of_files_without_a_suffix_takes_none_away():
    class Bare:
        name = "bare"
        suffixes = ("",)

    assert name_of("data/gen0", [Bare()]) == "gen0"


def test_the_working_folder_has_the_name_it_has(here, monkeypatch):
    put(here / "gen7/a.txt", b"x")
    monkeypatch.chdir("gen7")
    with open_corpus(".") as corpus:
        assert corpus.name == "gen7"


def test_a_path_that_is_not_there_is_named_with_those_near_it(here):
    for name in ("gen0", "gen1", "other"):
        put(here / "data" / name / "a.txt", b"x")
    with pytest.raises(InputError) as got:
        open_corpus("data/gen9")
    assert str(got.value).startswith("data/gen9: no such file or folder; near it: data/gen")
    assert "other" not in str(got.value)
    with pytest.raises(InputError, match="nowhere/gen0: no such file or folder"):
        open_corpus("nowhere/gen0")


def test_an_empty_folder_is_an_error(here):
    (here / "gen0").mkdir()
    put(here / "gen0/.hidden", b"x")
    with pytest.raises(InputError, match="gen0: no file to read in it"):
        open_corpus("gen0")


def test_a_broken_link_is_reported(here):
    put(here / "gen0/a.txt", b"x")
    (here / "gen0/b.txt").symlink_to("nowhere")
    with pytest.raises(InputError, match=r"gen0/b\.txt: no such file"):
        open_corpus("gen0")


def test_a_link_to_itself_is_reported(here):
    put(here / "gen0/a.txt", b"x")
    (here / "gen0/b.txt").symlink_to("b.txt")
    with pytest.raises(InputError, match=r"gen0/b\.txt: "):
        open_corpus("gen0")


def test_folders_that_link_to_each_other_are_read_once(here):
    put(here / "gen0/a.txt", b"x")
    (here / "gen0/again").symlink_to(here / "gen0")
    put(here / "far/b.txt", b"y")
    (here / "gen0/far").symlink_to(here / "far")
    assert texts("gen0") == ["x", "y"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_named(here):
    put(here / "gen0/a.txt", b"x").chmod(0)
    with open_corpus("gen0") as corpus, pytest.raises(InputError, match=r"a\.txt: no permission"):
        list(corpus.documents())


class LockedFileSystem(MemoryFileSystem):
    """Lists its files, and lets nobody read them."""

    protocol = "locked"

    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(path.replace("locked://", "memory://"))

    def _open(self, path, *_, **__):
        raise PermissionError(13, "Permission denied", path)


def test_a_remote_file_that_may_not_be_read_is_named(memory, monkeypatch):
    fsspec.register_implementation("locked", LockedFileSystem, clobber=True)
    memory.pipe_file("/gen0/a.txt", b"x")
    message = r"locked://.*a\.txt: no permission to read it"
    with open_corpus("locked://gen0") as corpus, pytest.raises(InputError, match=message):
        list(corpus.documents())


def test_a_file_that_went_away_is_named(here):
    path = put(here / "gen0/a.jsonl", line("x"))
    with open_corpus("gen0", on_error="skip") as corpus:
        path.unlink()
        with pytest.raises(InputError, match=r"gen0/a\.jsonl: no such file"):
            list(corpus.documents())


@pytest.mark.parametrize("spec", ["memory://gen0", "memory://gen0/*", "memory://gen0/**/*.*"])
def test_urls_are_files_folders_and_globs_too(memory, spec):
    memory.pipe_file("/gen0/a.txt", b"1")
    memory.pipe_file("/gen0/b/c.jsonl.zst", COMPRESSIONS[".zst"](line("2")))
    memory.pipe_file("/gen0/d.parquet", parquet([{"text": "3"}]))
    with open_corpus(spec) as corpus:
        assert [document.text for document in corpus.documents()] == ["1", "2", "3"]
        assert [file.path for file in corpus.files()] == [
            "memory:///gen0/a.txt",
            "memory:///gen0/b/c.jsonl.zst",
            "memory:///gen0/d.parquet",
        ]
        assert corpus.total_bytes == sum(file.bytes for file in corpus.files())


def test_a_remote_file_is_cut_into_shards(memory):
    data = json_lines([{"text": str(i)} for i in range(100)])
    memory.pipe_file("/gen0.jsonl", data + b"oops\n")
    with open_corpus("memory://gen0.jsonl", on_error="skip") as corpus:
        shards = corpus.shards(100)
        assert len(shards) > 10
        assert [d.text for s in shards for d in corpus.read(s)] == [str(i) for i in range(100)]
        assert corpus.examples[0].startswith("memory:///gen0.jsonl, line 101: not JSON")


def test_a_url_that_is_not_there_is_named(memory):
    with pytest.raises(InputError, match="memory://nothing: no such file"):
        open_corpus("memory://nothing")
    with pytest.raises(InputError, match=r"nothing/\*: no file matches"):
        open_corpus("memory://nothing/*")


def test_a_kind_of_url_that_is_not_known_or_not_installed_is_named():
    with pytest.raises(InputError, match="wurst://x"):
        open_corpus("wurst://x")
    with pytest.raises(MissingExtraError, match="smb"):
        open_corpus("smb://server/x")


class Stdin:
    def __init__(self, data):
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_standard_input_is_read_and_can_be_read_again(monkeypatch, compression):
    data = COMPRESSIONS[compression](line("one") + line("two") + b"oops\n")
    monkeypatch.setattr(sys, "stdin", Stdin(data))
    with open_corpus("-", on_error="skip") as corpus:
        for _ in range(2):
            assert [document.text for document in corpus.documents()] == ["one", "two"]
        assert corpus.name == "stdin"
        assert corpus.examples[0].startswith("standard input, line 3: ")
        assert dict(corpus.skipped) == {"malformed-json": 1}
        assert corpus.files()[0].sha256 == hashlib.sha256(data).hexdigest()
        (path,) = corpus.paths
        assert Path(path).exists()
    assert not Path(path).exists()


def test_the_format_of_standard_input_may_be_given(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Stdin(b"body,n\nhello,1\n"))
    assert texts("-", fields=Fields("body"), format="csv") == ["hello"]
    monkeypatch.setattr(sys, "stdin", Stdin(b"one\ntwo\n"))
    assert texts("-", split="line") == ["one", "two"]


def test_empty_standard_input_is_an_error(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Stdin(b""))
    with pytest.raises(InputError, match="stdin: no document in standard input"):
        texts("-")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_kept_so_that_it_can_be_read_again(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(line("through a pipe"),))
    writer.start()
    with open_corpus(pipe) as corpus:
        writer.join()
        for _ in range(2):
            assert [document.text for document in corpus.documents()] == ["through a pipe"]
