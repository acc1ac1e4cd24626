"""Eight bytes at a time give what one at a time gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from degrade.text.lanes import count, equal, lower_ascii, only, padded, room

pytestmark = [
    pytest.mark.kernel,
    # Without compiling, numpy's scalars warn where sums are meant to wrap.
    pytest.mark.filterwarnings("ignore:overflow encountered in scalar:RuntimeWarning"),
]

EIGHT = st.binary(min_size=8, max_size=8)


def lane(octets):
    return np.uint64(int.from_bytes(octets, "little"))


def octets(lane):
    return int(lane).to_bytes(8, "little")


@settings(deadline=None)
@given(
    st.binary(max_size=300) | st.builds(bytes.__mul__, st.binary(min_size=1), st.integers(0, 700)),
    st.data(),
)
@example(b"\n" * 9000, None)
def test_bytes_are_counted(data, drawn):
    start, stop, bits, wanted = 0, len(data), 0xFF, 0x0A
    if drawn is not None:
        start = drawn.draw(st.integers(0, len(data)))
        stop = drawn.draw(st.integers(start, len(data)))
        bits = drawn.draw(st.sampled_from([0xFF, 0xE0, 0xC0]))
        wanted = drawn.draw(st.sampled_from([*data[:3], 0, 0x0A])) & bits
    _, lanes = padded(np.frombuffer(data, dtype=np.uint8))
    found = count(lanes, start, stop, lane(bytes([bits]) * 8), lane(bytes([wanted]) * 8))
    assert found == sum(octet & bits == wanted for octet in data[start:stop])


@settings(deadline=None)
@given(EIGHT, EIGHT, st.integers(1, 8))
@example(b"\0\1\0\1\0\1\0\1", b"\0" * 8, 3)
@example(b"\x80\x7f" * 4, b"\x7f\x80" * 4, 8)
def test_a_lane_is_eight_bytes(one, other, size):
    same = bytes(0x80 * (a == b) for a, b in zip(one, other, strict=True))
    assert octets(equal(lane(one), lane(other))) == same
    assert octets(only(lane(one), size)) == one[:size].ljust(8, b"\0")
    assert octets(lower_ascii(lane(one))) == one.lower()


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 4096])
def test_zeros_stand_after_the_end(size):
    held, lanes = room(size)
    assert not held[size:].any()
    assert len(held) >= size + 64
    assert held.nbytes == lanes.nbytes
    data = np.arange(size, dtype=np.uint64).astype(np.uint8)
    held, lanes = padded(data)
    assert lanes.tobytes() == held.tobytes() == data.tobytes().ljust(held.nbytes, b"\0")
