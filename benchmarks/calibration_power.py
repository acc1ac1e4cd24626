"""How small a loss is found: planted ones, by kind and by how much text there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from calibration_splits import Case, Texts, compared, each_split, parted, profiled

from degrade.text.document import Document

SHARES = (0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.20, 0.30, 0.50, 0.75, 1.0)
POWER = 0.8
COMMON = 1_000
"""Words so frequent that they are not lost, and that take the places of those that are."""
PHRASE = 6


@dataclass(frozen=True)
class Common:
    """The most frequent words of the source, and the chance of each to be drawn."""

    words: tuple[str, ...]
    chances: tuple[float, ...]

    @classmethod
    def of(cls, texts: Texts) -> Common:
        """Count the words of ``texts``."""
        counts = Counter(word for d in texts.documents for word in d.text.split())
        top = counts.most_common(COMMON)
        total = sum(n for _, n in top)
        return cls(tuple(w for w, _ in top), tuple(n / total for _, n in top))


Damage = Callable[[list[Document], float, Common, np.random.Generator], list[Document]]


def flattened(
    documents: list[Document], share: float, common: Common, rng: np.random.Generator
) -> list[Document]:
    """Return the documents, all but the most frequent words of some replaced by such."""
    known = set(common.words)
    out = []
    for document in documents:
        if rng.random() < share:
            words = document.text.split()
            drawn = rng.choice(len(common.words), len(words), p=common.chances)
            words = [
                word if word in known else common.words[k]
                for word, k in zip(words, drawn, strict=True)
            ]
            document = Document(" ".join(words), document.id, document.cluster)
        out.append(document)
    return out


def copied(
    documents: list[Document], share: float, common: Common, rng: np.random.Generator
) -> list[Document]:
    """Return the documents, some replaced by copies of others, under their own ids."""
    del common
    others = rng.integers(0, len(documents), len(documents))
    return [
        Document(documents[k].text, document.id, document.cluster)
        if rng.random() < share
        else document
        for document, k in zip(documents, others, strict=True)
    ]


def looped(
    documents: list[Document], share: float, common: Common, rng: np.random.Generator
) -> list[Document]:
    """Return the documents, the second half of some a phrase of six words again and again."""
    del common
    out = []
    for document in documents:
        if rng.random() < share:
            words = document.text.split()
            half = len(words) // 2
            phrase = words[max(0, half - PHRASE) : half] or words
            loop = phrase * (len(words) // len(phrase) + 1)
            words = words[:half] + loop[: len(words) - half]
            document = Document(" ".join(words), document.id, document.cluster)
        out.append(document)
    return out


KINDS: dict[str, Damage] = {
    "rare words replaced": flattened,
    "documents copied": copied,
    "loops": looped,
}


def detected(texts: Texts, split: int, case: Case, kind: str, share: float, common: Common) -> bool:
    """Return whether a loss planted in a share of the documents is called one."""
    reference, candidate = parted(texts, case, split)
    rng = np.random.default_rng((case.seed, split, 1))
    damaged = KINDS[kind](candidate, share, common, rng)
    level = compared(profiled(reference), profiled(damaged)).verdict.level
    return level in ("minor", "moderate", "severe")


def power_table(texts: Texts, sizes: Sequence[int], splits: int, seed: int, workers: int) -> None:
    """Print the smallest planted share that is called a loss in 80% of splits."""
    common = Common.of(texts)
    shares = ", ".join(f"{share:.0%}" for share in SHARES)
    print(f"\nsmallest share of the candidate's documents, of {shares},")
    print(f"whose damage is called minor or worse in {POWER:.0%} of {splits} splits")
    print(f"{'clusters a side':<18}" + "".join(f"{kind:>22}" for kind in KINDS))
    for units in sizes:
        cells = []
        for kind in KINDS:
            low, high = 0, len(SHARES)
            rates: dict[int, float] = {}
            while low < high:
                middle = (low + high) // 2
                work = partial(
                    detected,
                    case=Case(1, units, splits, seed),
                    kind=kind,
                    share=SHARES[middle],
                    common=common,
                )
                rates[middle] = float(np.mean(each_split(texts, work, splits, workers)))
                low, high = (low, middle) if rates[middle] >= POWER else (middle + 1, high)
            found = f"{SHARES[low]:.0%} ({rates[low]:.0%})" if low in rates else "none"
            cells.append(found if low < len(SHARES) else "none")
        print(f"{units:<18,}" + "".join(f"{cell:>22}" for cell in cells), flush=True)
