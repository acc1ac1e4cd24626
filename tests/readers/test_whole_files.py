"""What many small files hold, read in one go, is what each holds."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from written import put

from degrade.readers import contents
from degrade.readers.contents import Contents
from degrade.readers.sniff import all_text, not_text

pytestmark = [
    pytest.mark.kernel,
    # Without compiling, numpy's scalars warn where sums are meant to wrap.
    pytest.mark.filterwarnings("ignore:overflow encountered in scalar:RuntimeWarning"),
]

HELD = [b"one\n", b"", b"\xef\xbb\xbfthree", b"x" * 100_000, bytes(range(256)) * 5]


@pytest.fixture(params=[True, False], ids=["in one call", "one by one"])
def _read_so(request, monkeypatch):
    if request.param and not contents._IN_ONE_CALL:
        pytest.skip("nothing is compiled here, or this is not POSIX")
    monkeypatch.setattr(contents, "_IN_ONE_CALL", request.param)


def written(folder, held=HELD):
    """Write files that hold so; return their paths and sizes."""
    paths = [folder / f"{number} é" for number in range(len(held))]
    for path, content in zip(paths, held, strict=True):
        put(path, content)
    return [*map(str, paths)], [*map(len, held)]


@pytest.mark.usefixtures("_read_so")
def test_files_are_read_whole(tmp_path):
    found = Contents.read(*written(tmp_path))
    assert [*found] == HELD
    assert found[1:4] == HELD[1:4]
    assert found[-1] == HELD[-1]
    assert [*found.part(1, 4)] == HELD[1:4]
    assert found.beginning(0, 16) == b"one\n"
    assert found.beginning(3, 16) == b"x" * 16


@pytest.mark.usefixtures("_read_so")
@pytest.mark.parametrize("change", ["gone", "more", "less", "a folder"])
def test_reading_stops_before_a_file_that_is_not_as_it_was(tmp_path, change):
    paths, sizes = written(tmp_path)
    third = Path(paths[2])
    if change == "more":
        third.write_bytes(HELD[2] + b"!")
    elif change == "less":
        third.write_bytes(HELD[2][:-1])
    else:
        third.unlink()
        if change == "a folder":
            third.mkdir()
    assert [*Contents.read(paths, sizes)] == HELD[:2]


@pytest.mark.usefixtures("_read_so")
@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes only on Linux")
def test_names_may_be_any_bytes(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9 \n")
    path.write_bytes(b"held")
    assert [*Contents.read([str(path)], [4])] == [b"held"]


def open_files():
    return len([*Path("/proc/self/fd").iterdir()])


@pytest.mark.usefixtures("_read_so")
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no list of open files")
def test_no_file_is_left_open(tmp_path):
    paths, sizes = written(tmp_path)
    Path(paths[3]).write_bytes(b"less")
    before = open_files()
    for _ in range(20):
        Contents.read(paths, sizes)
    assert open_files() == before


LONG = st.builds(
    lambda piece, times, end: piece * times + end,
    st.binary(min_size=1, max_size=9),
    st.integers(0, 700),
    st.binary(max_size=9),
)
TEXTS = st.lists(
    st.sampled_from([b"a", b"\n", b"\r\n", b"\t", b" ", b"\x7f", b"\0", b"\x1b", b"\xc3\xa9"]),
    max_size=60,
).map(b"".join)
BEGINNINGS = st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"%PDF-", b"P", b"u" * 257])
HOLDING = st.lists(
    st.builds(lambda begin, rest: begin + rest, BEGINNINGS, st.binary() | LONG | TEXTS), max_size=5
)


@settings(deadline=None)
@given(HOLDING)
@example([b"x" * 257 + b"ustar", b"a"])
@example([b"x" * 70_000 + b"\0" * 70_000])
@example([(b"x" * 19 + b"\n") * 205, (b"x" * 18 + b"\t\n") * 205])
@example([b"\0" * 5000 + b"x" * 300])
def test_contents_are_text_if_each_is(held):
    some = Contents.of([b"\0", *held, b"\0"]).part(1, len(held) + 1)
    assert all_text(some) == all(not_text(content) is None for content in held)


@settings(deadline=None)
@given(HOLDING)
@example([b"\n" * 5000 + b"x", b"\r\n\r\n"])
def test_lines_of_files_stand_one_after_the_other(held):
    # Of a part of more, which shares its bytes.
    joined = Contents.of([b"before", *held, b"after"]).part(1, len(held) + 1).joined()
    ended = [content.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n") + b"\n" for content in held]
    assert joined.octets[: joined.size].tobytes() == b"".join(ended)
    assert not joined.octets[joined.size :].any()
    assert joined.lines.tolist() == [content.count(b"\n") for content in ended]
    assert joined.lanes.view(np.uint8) is not joined.octets
    assert joined.lanes.tobytes() == joined.octets.tobytes()
