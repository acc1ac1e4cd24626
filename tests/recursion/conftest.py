from pathlib import Path

import numpy as np
import pytest

TOKENS = Path(__file__).resolve().parents[3] / "shared/reference/moby_dick_tokens.txt"


@pytest.fixture(scope="session")
def moby_dick():
    """Return Moby Dick as 420 documents of 500 word numbers, and the words."""
    if not TOKENS.exists():
        pytest.skip(f"{'/'.join(TOKENS.parts[-3:])} is not beside this repository")
    words, tokens = np.unique(TOKENS.read_text("utf-8").split(), return_inverse=True)
    return tokens[: 420 * 500].reshape(420, 500), words


@pytest.fixture(scope="session")
def text(moby_dick):
    """Return a function that makes documents of word numbers into documents of text."""
    _, words = moby_dick
    return lambda documents: [" ".join(words[document]) for document in documents]
