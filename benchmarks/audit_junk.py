"""Which junk an audit lists among passages that people wrote, in sources that do not stand out.

    python benchmarks/audit_junk.py
    python benchmarks/audit_junk.py --each 10 --seed 1

Passages are those of the human sample corpora, in six sources. Of each kind of junk there are as
many in all sources together as is asked for.
"""

from __future__ import annotations

import argparse
import json
import string
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

import degrade

SAMPLES = Path(__file__).resolve().parents[1] / "sample_corpora"
SOURCES = 6
MENU = "Home | About us | Contact | Privacy"


def passages() -> list[str]:
    """Return the human text of the sample corpora."""
    lines = [
        line
        for name in ("gen0", "gen0-heldout")
        for line in (SAMPLES / name / "part-000.jsonl").read_text("utf-8").splitlines()
    ]
    return [json.loads(line)["text"] for line in lines]


def kinds(rng: np.random.Generator, text: Callable[[], str]) -> dict[str, Callable[[], str]]:
    """Return makers of junk by kind; ``text`` is a passage at random."""

    def letters(words: int) -> str:
        every = [*string.ascii_lowercase]
        return " ".join("".join(rng.choice(every, rng.integers(3, 10))) for _ in range(words))

    def symbols(words: int) -> str:
        every = [*"#*|/\\<>=-_~$%&{}[]"]
        return " ".join("".join(rng.choice(every, rng.integers(2, 12))) for _ in range(words))

    def rows() -> str:
        several = int(rng.integers(20, 40))
        return "\n".join(f"Product {i} is in stock and ships in {i} days" for i in range(several))

    return {
        "a menu, eight times after text": lambda: "\n".join([text(), *[MENU] * 8]),
        "spam of 80 words": lambda: "buy cheap watches online " * 20,
        "spam of 20 words": lambda: "buy cheap watches online " * 5,
        "text pasted twice": lambda: "\n".join([text()] * 2),
        "a loop at the end": lambda: text() + " and then he said" * 6,
        "a loop of 100 words amid text": lambda: text() + " and then he said" * 25 + text(),
        "rows of a template": rows,
        "symbols": lambda: symbols(60),
        "symbols after text": lambda: f"{text()} {symbols(130)}",
        "digits": lambda: " ".join(map(str, rng.integers(0, 100_000, 150))),
        "letters at random": lambda: letters(120),
        "letters at random after text": lambda: f"{text()} {letters(130)}",
    }


def main() -> None:
    """Audit passages with junk among them, and print what is listed of each kind."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--each", type=int, default=20, help="documents of each kind")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    rng = np.random.default_rng(given.seed)
    texts = passages()
    every = [("passages", text) for text in texts]
    made = kinds(rng, lambda: texts[int(rng.integers(len(texts)))])
    for kind, make in made.items():
        every += [(kind, make()) for _ in range(given.each)]
    order = rng.permutation(len(every)).tolist()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "junk.jsonl"
        rows = [
            {"id": f"{every[i][0]}#{i}", "site": f"source-{k % SOURCES}", "text": every[i][1]}
            for k, i in enumerate(order)
        ]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        found = degrade.audit(path, source_field="site", worst=len(rows))
    print("named:", ", ".join(source.name for source in found.standing_out) or "none")
    # What repeats a passage that was drawn twice is listed for that alone.
    copied = {"copies", "near_duplicates"}
    listed = Counter(each.id.partition("#")[0] for each in found.worst if {*each.reasons} - copied)
    for kind, count in Counter(kind for kind, _ in every).items():
        print(f"{kind:32}{listed[kind]:6,} of {count:,}")


if __name__ == "__main__":
    main()
