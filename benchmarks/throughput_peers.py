"""What others take for the same measures, each called as its documentation says."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import powerlaw
from lexicalrichness import LexicalRichness
from nltk import ngrams
from nltk.tokenize import NLTKWordTokenizer
from throughput_text import texts_of

MEGABYTES = 2.0
WINDOW = 100


def peers_table(path: Path, ours: tuple[float, float]) -> None:
    """Print what each peer takes, and all of them against each of ``ours``, in MB/s."""
    texts = list(texts_of(path, MEGABYTES))
    size = sum(len(text.encode("utf-8")) for text in texts) / 1e6
    words: list[list[str]] = []
    counts: Counter[tuple[str, ...]] = Counter()

    def tokenize() -> None:
        words.extend(NLTKWordTokenizer().tokenize(text.lower()) for text in texts)

    def count(n: int) -> None:
        held: Counter[tuple[str, ...]] = Counter()
        for each in words:
            held.update(ngrams(each, n))
        if n == 1:
            counts.update(held)

    def mattr() -> None:
        for text in texts:
            lex = LexicalRichness(text)
            if lex.words >= WINDOW:
                lex.mattr(window_size=WINDOW)

    def repeated() -> None:
        # As in the published code of Welleck et al. 2020, on windows of the tokens.
        for each in words:
            for first in range(0, len(each) - WINDOW + 1, WINDOW):
                held = list(ngrams(each[first : first + WINDOW], 4))
                assert 0 <= 1 - len(set(held)) / len(held) < 1

    def power_law() -> None:
        powerlaw.Fit(list(counts.values()), discrete=True, verbose=False)

    rows: dict[str, Callable[[], object]] = {
        "nltk: tokenize": tokenize,
        **{f"nltk: {n}-grams in a Counter": partial(count, n) for n in (1, 2, 3, 4)},
        f"lexicalrichness: MATTR({WINDOW})": mattr,
        "nltk: repeated 4-grams in windows": repeated,
        "powerlaw: exponent and xmin": power_law,
    }
    print(f"\npeers, {size:.1f} MB of text, one core")
    print(f"{'':<44}{'':>9}{'degrade is faster by':>24}")
    print(f"{'':<44}{'MB/s':>9}{'one, exact':>12}{'two':>12}")

    def row(name: str, taken: float) -> None:
        faster = "".join(f"{speed * taken / size:>11,.0f}x" for speed in ours)
        print(f"{name:<44}{size / taken:>9.2f}{faster}")

    total = 0.0
    for name, run in rows.items():
        started = time.process_time()
        run()
        taken = time.process_time() - started
        total += taken
        row(name, taken)
    row("all of these, one after the other", total)
