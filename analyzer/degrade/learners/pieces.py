"""Text to pieces of words and back: what a transformer reads and writes."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from degrade.errors import UsageError

BYTES = 256
"""The pieces of which all others are made."""
_CUT = "\ufffd"
"""What stands for bytes that are no character."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A tokenizer.

    Attributes
    ----------
    size : how many pieces there are, those that no text holds included
    start : the piece that begins a text
    unspoken : pieces that are no text, which are never drawn
    """

    size: int
    start: int
    unspoken: Sequence[int]
    _coder: Any = field(repr=False)

    def coded(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the pieces of each text."""
        found = self._coder.encode_batch(list(texts), add_special_tokens=False)
        return [list(each.ids) for each in found]

    def text(self, pieces: Sequence[int]) -> str:
        """Return the text of ``pieces``; bytes that make no whole character are left out."""
        return str(self._coder.decode(list(pieces))).replace(_CUT, "")


def learned(texts: Sequence[str], vocabulary: int) -> Pieces:
    """Return byte-level pieces learned from ``texts``: pairs of bytes merged, the commonest first.

    What begins a text is beyond the ``vocabulary``, so that no text can hold it.
    """
    tokenizers = importlib.import_module("tokenizers")
    bytewise = tokenizers.pre_tokenizers.ByteLevel
    coder = tokenizers.Tokenizer(tokenizers.models.BPE())
    coder.pre_tokenizer = bytewise(add_prefix_space=False)
    coder.decoder = tokenizers.decoders.ByteLevel()
    coder.train_from_iterator(
        texts,
        tokenizers.trainers.BpeTrainer(
            vocab_size=vocabulary, initial_alphabet=bytewise.alphabet(), show_progress=False
        ),
    )
    start = coder.get_vocab_size()
    return Pieces(start + 1, start, (start,), coder)


def loaded(folder: Path, rows: int) -> Pieces:
    """Return the pieces of the model in ``folder``, which knows ``rows`` of them."""
    transformers = importlib.import_module("transformers")
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    coder = getattr(tokenizer, "backend_tokenizer", None)
    if coder is None:
        raise UsageError(f"{folder}: its tokenizer is not one of the tokenizers library")
    start = tokenizer.bos_token_id
    start = tokenizer.eos_token_id if start is None else start
    if start is None:
        raise UsageError(f"{folder}: its tokenizer has no token that begins a text")
    # Text that reads "<|endoftext|>" is text.
    coder.encode_special_tokens = True
    coder.no_padding()
    coder.no_truncation()
    known = set(coder.get_vocab().values()) - set(tokenizer.all_special_ids)
    return Pieces(rows, start, sorted(set(range(rows)) - known), coder)
