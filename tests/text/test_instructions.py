"""Instructions do what the functions say that stand for them."""

import numpy as np
import pytest

from degrade.compiled import kernel
from degrade.text.instructions import first_bit, load
from degrade.text.lanes import padded

pytestmark = pytest.mark.kernel


@kernel
def lanes_at(lanes, positions):
    found = np.empty(len(positions), dtype=np.uint64)
    for i in range(len(positions)):
        found[i] = load(lanes, positions[i])
    return found


@kernel
def first_bits(numbers):
    found = np.empty(len(numbers), dtype=np.int64)
    for i in range(len(numbers)):
        found[i] = first_bit(numbers[i])
    return found


@pytest.mark.parametrize("dtype", [np.int64, np.uint64])
def test_eight_bytes_from_anywhere_are_a_lane_with_the_first_one_lowest(dtype):
    octets, lanes = padded(np.random.default_rng(1).integers(0, 256, 100).astype(np.uint8))
    positions = np.arange(93, dtype=dtype)
    expected = [int.from_bytes(octets[at : at + 8].tobytes(), "little") for at in range(93)]
    assert lanes_at(lanes, positions).tolist() == expected


def test_the_first_bit_is_found():
    for number in range(64):
        numbers = [2**number | above for above in (0, 2**63, 2**64 - 2**number)]
        assert first_bits(np.array(numbers, dtype=np.uint64)).tolist() == [number] * 3
