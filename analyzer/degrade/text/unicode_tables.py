"""The Unicode tables, as the kernels take them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from degrade.text.break_classes import CLASS_BITS, WordBreak
from degrade.text.sentence_rules import sentence_automaton
from degrade.text.word_rules import word_automaton

# What bytes are to word boundaries. A mark's bits, three to the left, are those of the neighbours
# that it joins. Beyond ASCII they are of letters, or of a mark that joins both kinds: which of the
# two is known where they are looked up.
LETTER, DIGIT, UNDERSCORE = 0x01, 0x02, 0x04
_KINDS = {
    WordBreak.ALETTER: LETTER,
    WordBreak.NUMERIC: DIGIT,
    WordBreak.EXTENDNUMLET: UNDERSCORE,
    WordBreak.SINGLE_QUOTE: (LETTER | DIGIT) << 3,
    WordBreak.MIDNUMLET: (LETTER | DIGIT) << 3,
    WordBreak.MIDLETTER: LETTER << 3,
    WordBreak.MIDNUM: DIGIT << 3,
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the segmenter needs to know of one kind of segment.

    Attributes
    ----------
    classes : uint8 array, second stage: the class of ``break_classes`` and its bits
    steps : uint8 array, see ``automaton``
    kinds : uint8 array, (256,), what each byte is to words; of sentences, empty
    """

    classes: NDArray[np.uint8]
    steps: NDArray[np.uint8]
    kinds: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Tables:
    """Two-stage tables: the entry of a code point is ``stage[index[code >> 7] << 7 | code & 127]``.

    Attributes
    ----------
    index : uint16 array, the first stage
    folding : int32 array, second stage: the distance to the simple case folding
    """

    index: NDArray[np.uint16]
    folding: NDArray[np.int32]
    words: Rules
    sentences: Rules


@cache
def _stored() -> dict[str, NDArray[np.generic]]:
    path = files("degrade.text") / "unicode.npz"
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


@cache
def unicode_version() -> str:
    """Return the version of Unicode that the tables hold."""
    return _stored()["version"].tobytes().decode("ascii")


def _kinds_of_bytes(words: NDArray[np.uint8]) -> NDArray[np.uint8]:
    kinds = [_KINDS.get(WordBreak(value & CLASS_BITS), 0) for value in words[:128].tolist()]
    beyond = LETTER | _KINDS[WordBreak.MIDNUMLET]
    return np.array([*kinds, *[beyond] * 128], dtype=np.uint8)


@cache
def tables() -> Tables:
    """Return the tables, read once."""
    stored = _stored()
    words = stored["words"].astype(np.uint8)
    # Four bytes of damaged UTF-8 can decode to 21 bits of any value.
    index = np.zeros(1 << 14, dtype=np.uint16)
    index[: len(stored["index"])] = stored["index"]
    sentences = stored["sentences"].astype(np.uint8)
    return Tables(
        index=index,
        folding=stored["folding"].astype(np.int32),
        words=Rules(words, word_automaton(), _kinds_of_bytes(words)),
        sentences=Rules(sentences, sentence_automaton(), np.empty(0, dtype=np.uint8)),
    )
