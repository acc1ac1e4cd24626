"""Write the tables of the segmenter from the files of the Unicode Character Database.

Usage: python tools/make_unicode_tables.py FOLDER [OUTPUT]

FOLDER holds the database's files as published (Debian's package ``unicode-data`` installs them in
/usr/share/unicode). The bytes written depend on nothing but those files.
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from degrade.text.break_classes import COUNTS, FOLDS, WHITE, SentenceBreak, WordBreak

CODES = 0x110000
BLOCK = 128
# The year zero of zip files: a real date, or the system's number, would make the bytes differ.
EPOCH = (1980, 1, 1, 0, 0, 0)
OUTPUT = Path(__file__).parents[1] / "analyzer" / "degrade" / "text" / "unicode.npz"


def properties(path: Path) -> Iterator[tuple[slice, list[str]]]:
    """Yield each line of a database file: the code points and the fields that follow."""
    for line in path.read_text(encoding="utf-8").splitlines():
        codes, *fields = (field.strip() for field in line.partition("#")[0].split(";"))
        if codes:
            first, _, last = codes.partition("..")
            yield slice(int(first, 16), int(last or first, 16) + 1), fields


def having(path: Path, wanted: str) -> NDArray[np.bool_]:
    """Return which code points have a property whose name matches the pattern ``wanted``."""
    found = np.zeros(CODES, dtype=np.bool_)
    for codes, fields in properties(path):
        if re.fullmatch(wanted, fields[0]):
            found[codes] = True
    return found


def word_classes(folder: Path) -> NDArray[np.uint8]:
    """Return the WordBreak class of every code point."""
    classes = np.zeros(CODES, dtype=np.uint8)
    for codes, fields in properties(folder / "auxiliary" / "WordBreakProperty.txt"):
        classes[codes] = WordBreak[fields[0].upper()]
    pictographic = having(folder / "emoji" / "emoji-data.txt", "Extended_Pictographic")
    for plain, pictured in (
        (WordBreak.OTHER, WordBreak.PICTOGRAPHIC),
        (WordBreak.ALETTER, WordBreak.PICTOGRAPHIC_ALETTER),
    ):
        chosen = pictographic & (classes == plain)
        pictographic &= ~chosen
        classes[chosen] = pictured
    if pictographic.any():
        raise ValueError(f"no class for the pictograph U+{np.flatnonzero(pictographic)[0]:04X}")
    return classes


def sentence_classes(folder: Path) -> NDArray[np.uint8]:
    """Return the SentenceBreak class of every code point."""
    classes = np.zeros(CODES, dtype=np.uint8)
    for codes, fields in properties(folder / "auxiliary" / "SentenceBreakProperty.txt"):
        classes[codes] = SentenceBreak[fields[0].upper()]
    return classes


def simple_folding(folder: Path) -> NDArray[np.int32]:
    """Return, for every code point, the distance to its simple case folding."""
    distances = np.zeros(CODES, dtype=np.int32)
    for codes, (status, folded, *_) in properties(folder / "CaseFolding.txt"):
        if status in "CS":
            distances[codes] = int(folded, 16) - codes.start
    return distances


def tables(folder: Path) -> dict[str, NDArray[np.generic]]:
    """Return the arrays by name: a first stage, and three second stages that share it."""
    counts = having(folder / "extracted" / "DerivedGeneralCategory.txt", "[LN].")
    counts |= having(folder / "PropList.txt", "Ideographic")
    words = word_classes(folder)
    sentences = sentence_classes(folder)
    folding = simple_folding(folder)
    folds = folding != 0
    folds[:BLOCK] = False
    for bit, which in (
        (COUNTS, counts),
        (WHITE, having(folder / "PropList.txt", "White_Space")),
        (FOLDS, folds),
    ):
        words[which] |= bit
        sentences[which] |= bit

    stages = [values.reshape(-1, BLOCK) for values in (words, sentences, folding)]
    numbers: dict[bytes, int] = {}
    firsts = []
    index = np.zeros(CODES // BLOCK, dtype=np.uint16)
    for block in range(len(index)):
        key = b"".join(stage[block].tobytes() for stage in stages)
        if key not in numbers:
            numbers[key] = len(numbers)
            firsts.append(block)
        index[block] = numbers[key]
    header = (folder / "PropList.txt").read_text(encoding="utf-8").partition("\n")[0]
    version = re.fullmatch(r"# PropList-([\d.]+)\.txt", header)
    if version is None:
        raise ValueError(f"PropList.txt, line 1: no version in {header!r}")
    return {
        "index": index,
        "words": stages[0][firsts].ravel(),
        "sentences": stages[1][firsts].ravel(),
        "folding": stages[2][firsts].astype("<i4").ravel(),
        "version": np.frombuffer(version[1].encode("ascii"), dtype=np.uint8),
    }


def write(folder: Path, output: Path) -> None:
    """Write the tables of the database in ``folder`` to ``output``."""
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
        for name, array in tables(folder).items():
            content = BytesIO()
            np.lib.format.write_array(content, array, version=(1, 0), allow_pickle=False)
            member = zipfile.ZipInfo(f"{name}.npy", EPOCH)
            member.create_system = 3
            archive.writestr(member, content.getvalue())


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    write(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else OUTPUT)
