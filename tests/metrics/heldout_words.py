"""Words of real text, for plain computations: the first 800 passages of ``gen0-heldout``."""

import json
from pathlib import Path

import numba
import pytest

from degrade.registry import layer
from degrade.text.document import Batch, Document

if numba.config.DISABLE_JIT:
    pytest.skip("so much text takes compiled kernels", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[2]


def passages(name, count):
    lines = (ROOT / f"sample_corpora/{name}/part-000.jsonl").read_text("utf-8").splitlines()
    return [Document(json.loads(line)["text"], f"{name} {i}") for i, line in enumerate(lines)][
        :count
    ]


DOCUMENTS = passages("gen0-heldout", 800)
BATCH = Batch(DOCUMENTS)
SEGMENTS = BATCH.segments(layer("word"))
WORDS = [
    SEGMENTS.symbols[a:b].tolist()
    for a, b in zip(SEGMENTS.bounds, SEGMENTS.bounds[1:], strict=False)
]


def ngrams(words, n):
    return list(zip(*(words[k:] for k in range(n)), strict=False))
