"""What a processor does in one instruction and compiled Python does in several.

Each is a function that says what is done, and how it is built for the compiler. Kernels call the
latter; where nothing is compiled, the former.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from degrade.compiled import instruction

_BIT, _BYTE, _LANE = ir.IntType(1), ir.IntType(8), ir.IntType(64)


def _lane_at(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    lanes, position = arguments
    array = context.make_array(signature.args[0])(context, builder, lanes)
    place = builder.gep(builder.bitcast(array.data, _BYTE.as_pointer()), [position])
    lane = builder.load(builder.bitcast(place, _LANE.as_pointer()), align=1)
    # A lane is little-endian, whatever the machine.
    return lane if np.little_endian else builder.bswap(lane)


@instruction("uint64", _lane_at)
def load(lanes: NDArray[np.uint64], position: int | np.int64) -> np.uint64:
    """Return the 8 bytes from ``position`` of contiguous ``lanes``, the first one lowest."""
    lane, shift = divmod(int(position), 8)
    both = int(lanes[lane]) | int(lanes[lane + 1]) << 64
    return np.uint64(both >> 8 * shift & 0xFFFFFFFFFFFFFFFF)


def _trailing_zeros(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    del context, signature
    return builder.cttz(arguments[0], ir.Constant(_BIT, 1))


@instruction("int64", _trailing_zeros)
def first_bit(bits: np.uint64) -> np.int64:
    """Return the number of the lowest bit that is set; undefined if none is."""
    return np.int64((int(bits) & -int(bits)).bit_length() - 1)
