"""Words that carry little meaning and much style: function words, and hedges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.frequent_words import WORDS
from degrade.text.hashing import U64
from degrade.text.layers import hash_text

_MORE: Mapping[str, str] = MappingProxyType(
    {
        "English": "about above after again against all also although am among an another any "
        "around because been before being below between both can cannot could did do does down "
        "during each either else ever every few for further had has have having her here hers "
        "herself him himself how however i if in into it its itself just least less many may me "
        "might mine more most much must my myself neither never no nor now of off once one only "
        "other others our ours ourselves out over own per rather same shall she should since so "
        "some something such than that the their theirs them themselves then there these they "
        "those though through thus till to too toward under unless until up upon us very was we "
        "were what when where whether which while who whom whose why will with within without "
        "would yet you your yours yourself",
        # By character, as the layer ``word`` cuts Han, and kana too.
        "Chinese": "的 了 是 在 不 有 我 他 她 它 这 那 们 也 就 和 与 而 之 其 但 很 都 你 个 "
        "上 要 会 到 说 去 着 没 把 被 對 為 以 所 於 這 個 說 們 會 來",
        "Japanese": "の は を に が と で も た て し な い る れ か ら",
    }
)
_HEDGES: Mapping[str, str] = MappingProxyType(
    {
        "English": "about almost apparently appear appears approximately arguably around assume "
        "could doubtful essentially fairly frequently generally guess indicate indicates largely "
        "likely mainly may maybe might mostly often partly perhaps plausible plausibly possible "
        "possibly presumably probable probably quite rather relatively roughly seem seems "
        "seemingly should sometimes somewhat suggest suggests suppose supposedly tend tends "
        "typically uncertain unclear unlikely usually would",
        "German": "anscheinend eher eigentlich etwa könnte könnten meist möglich möglicherweise "
        "offenbar scheinbar scheint tendenziell vermutlich vielleicht wahrscheinlich ziemlich",
        "French": "apparemment généralement parfois peut-être plutôt possible probable "
        "probablement pourrait semble semblent souvent",
        "Spanish": "aparentemente aproximadamente generalmente parece parecen podría posible "
        "posiblemente probable probablemente quizá quizás suele",
    }
)
_SLOTS = 1 << 14
"""Some sixteen times as many as there are words: few others then meet one in their slot."""
_ONE = U64(1)


def _split(lists: Mapping[str, str]) -> list[str]:
    return [word for words in lists.values() for word in words.split()]


FUNCTION_WORDS: tuple[str, ...] = tuple(
    dict.fromkeys(normalize("NFC", w) for w in (*_split(WORDS), *_split(_MORE)))
)
"""Function words of many languages, each once."""
HEDGES: frozenset[str] = frozenset(normalize("NFC", w) for w in _split(_HEDGES))
"""Words that weaken what is said, after Hyland 2005 (English), and the like of three languages."""
HEDGE = len(FUNCTION_WORDS)
"""The column that all hedges are counted in; function words have those before it."""


@dataclass(frozen=True, slots=True)
class StyleTable:
    """An open hash table from symbols to columns.

    Attributes
    ----------
    symbols : uint64 array, (slots,)
    columns : int16 array, (slots,), the column of a function word, -1 for none
    hedges : bool array, (slots,), whether it is a hedge
    """

    symbols: NDArray[np.uint64]
    columns: NDArray[np.int16]
    hedges: NDArray[np.bool_]


@cache
def style_table() -> StyleTable:
    """Return the table of all words; a slot with neither a column nor a hedge is empty."""
    columns = {word: column for column, word in enumerate(FUNCTION_WORDS)}
    symbols = np.zeros(_SLOTS, dtype=np.uint64)
    numbers = np.full(_SLOTS, -1, dtype=np.int16)
    hedges = np.zeros(_SLOTS, dtype=np.bool_)
    for word in (*FUNCTION_WORDS, *sorted(HEDGES - {*FUNCTION_WORDS})):
        symbol = hash_text(word)
        slot = symbol % _SLOTS
        while numbers[slot] >= 0 or hedges[slot]:
            slot = (slot + 1) % _SLOTS
        symbols[slot], numbers[slot], hedges[slot] = symbol, columns.get(word, -1), word in HEDGES
    return StyleTable(symbols, numbers, hedges)


@kernel
def style_words(
    symbols: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    groups: NDArray[np.uint8],
    known: NDArray[np.uint64],
    columns: NDArray[np.int16],
    hedges: NDArray[np.bool_],
    counts: NDArray[np.int64],
) -> None:
    """Add the words of each document to ``counts``, (groups, words known and hedges)."""
    wrap = U64(len(known) - 1)
    last = counts.shape[1] - 1
    for document in range(len(bounds) - 1):
        group = groups[document]
        hedging = 0
        for i in range(bounds[document], bounds[document + 1]):
            symbol = symbols[i]
            slot = symbol & wrap
            while known[slot] != symbol and (columns[slot] >= 0 or hedges[slot]):
                slot = (slot + _ONE) & wrap
            # Every other word is one of these: to add 0 or 1 costs less than to guess which.
            found = known[slot] == symbol
            counts[group, max(columns[slot], 0)] += found & (columns[slot] >= 0)
            hedging += found & hedges[slot]
        counts[group, last] += hedging
