"""How an entry of the census is keyed: n-gram, position, group, from high bits to low.

The high 54 bits are those of the n-gram's mixed hash, then 4 bits say under which bound the
occurrence ends (in symbols from the start of its document), then 6 bits the group. A sorted array
of keys has the entries of an n-gram side by side, and a threshold on the hash cuts it cleanly.
"""

import numpy as np
from numpy.typing import NDArray

POSITION_BOUNDS: tuple[int, ...] = (
    16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096,
)  # fmt: skip
POSITIONS = len(POSITION_BOUNDS) + 1
GROUP_BITS = 6
POSITION_BITS = 4
HASH_SHIFT = np.uint64(GROUP_BITS + POSITION_BITS)
GROUP_MASK = np.uint64((1 << GROUP_BITS) - 1)
POSITION_MASK = np.uint64((1 << POSITION_BITS) - 1)
LAYOUT_VERSION = "54-4-6.3"
"""Changes whenever the same symbols would give other keys."""


def position_codes() -> NDArray[np.uint64]:
    """Return the position code of an occurrence that ends at symbol ``i`` (0-based), i < 4096.

    Later occurrences have the code ``POSITIONS - 1``.
    """
    ends = np.arange(1, POSITION_BOUNDS[-1] + 1)
    return np.searchsorted(POSITION_BOUNDS, ends, side="left").astype(np.uint64)
