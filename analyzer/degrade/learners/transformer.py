"""Transformers: a small GPT trained from nothing, or a causal language model trained further.

torch and transformers are loaded when one is made, not before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from degrade.errors import DegradeError, UsageError
from degrade.findings import Setting
from degrade.learners import network as networks
from degrade.learners import pieces as tokenizing
from degrade.learners.pieces import Pieces
from degrade.text.document import Document
from degrade.text.model_folders import fingerprint, model_folder

_VERSION = 1
_FEWEST = {"layers": 1, "width": networks.HEAD, "vocabulary": tokenizing.BYTES + 1, "context": 8,
           "epochs": 1, "batch": 1}  # fmt: skip
_SHAPE = {"layers": 2, "width": 128, "vocabulary": 4096}
FROM_NOTHING = {"context": 128, "epochs": 4, "batch": 8, "learning_rate": 0.002}
FURTHER = {"context": 256, "epochs": 3, "batch": 8, "learning_rate": 0.00005}
_ATTEMPTS = 100
"""Times that a text is drawn again which is white space only."""


@dataclass(frozen=True, slots=True)
class Model:
    """A network, and how text goes into it."""

    network: Any
    pieces: Pieces


class Transformer:
    """Foretells the next piece of text from those before it, as large language models do.

    With a ``folder``, each generation is that model trained further; else each is a GPT-2 with
    weights drawn anew, and with pieces learned from what it is trained on.
    """

    def __init__(self, folder: Path | None, device: str, numbers: Mapping[str, Any]) -> None:
        self._folder = folder
        self._device = device
        self._numbers = dict(numbers)
        named = {} if folder is None else {"model": folder.name, "model_id": fingerprint(folder)}
        self.settings: Mapping[str, Setting] = {
            **named, **numbers, "device": device, "version": _VERSION,
        }  # fmt: skip

    def train(self, documents: Sequence[Document], seed: int) -> Model:
        """Train a model on ``documents``. Raises UsageError where there is too little text."""
        texts = [document.text for document in documents]
        numbers = self._numbers
        with networks.repeatable(seed):
            if self._folder is None:
                pieces = tokenizing.learned(texts, numbers["vocabulary"])
                shape = {name: numbers[name] for name in ("layers", "width", "context")}
                network = networks.made(pieces, **shape)
            else:
                network = self._loaded()
                pieces = tokenizing.loaded(
                    self._folder, int(network.get_input_embeddings().num_embeddings)
                )
            stream = [i for row in pieces.coded(texts) for i in (pieces.start, *row)]
            self._refuse_too_little(len(stream))
            network.to(self._device)
            how = {name: numbers[name] for name in ("context", "batch", "epochs")}
            networks.train(network, stream, rate=numbers["learning_rate"], **how)
        return Model(network, pieces)

    def _loaded(self) -> Any:
        assert self._folder is not None
        network = networks.loaded(self._folder)
        context, most = self._numbers["context"], networks.longest(network)
        if most is not None and context > most:
            raise UsageError(f"context {context:,}: {self._folder.name} sees {most:,} at most")
        return network

    def _refuse_too_little(self, found: int) -> None:
        batch, context = self._numbers["batch"], self._numbers["context"]
        if found < batch * context:
            raise UsageError(
                f"{found:,} tokens are too few to learn from: a batch of {batch} rows of {context} "
                f"takes {batch * context:,}; give more text, or a smaller batch or context"
            )

    def sample(
        self,
        model: Model,
        documents: Sequence[Document],
        seed: int,
        temperature: float,
        top_p: float,
    ) -> list[str]:
        """Return a text for each of ``documents``, of as many tokens."""
        lengths = [len(row) for row in model.pieces.coded([each.text for each in documents])]
        texts = [""] * len(lengths)
        context, batch = self._numbers["context"], self._numbers["batch"]
        missing = [i for i, length in enumerate(lengths) if length]
        with networks.repeatable(seed):
            for _ in range(_ATTEMPTS):
                rows = networks.drawn(
                    model.network, model.pieces, [lengths[i] for i in missing], context, batch,
                    temperature, top_p,
                )  # fmt: skip
                for i, row in zip(missing, rows, strict=True):
                    texts[i] = model.pieces.text(row)
                # No reader takes a document without text.
                missing = [i for i in missing if not texts[i].strip()]
                if not missing:
                    return texts
        raise DegradeError(
            f"the model writes nothing but white space where {len(missing):,} texts should be: "
            "train it on more text, or for more epochs"
        )


def transformer(
    model: str | None = None,
    device: str = "auto",
    layers: int | None = None,
    width: int | None = None,
    vocabulary: int | None = None,
    context: int | None = None,
    epochs: int | None = None,
    batch: int | None = None,
    learning_rate: float | None = None,
) -> Transformer:
    """Return the learner: a GPT-2 of that shape, or the ``model`` in a folder trained further."""
    given = {"layers": layers, "width": width, "vocabulary": vocabulary, "context": context,
             "epochs": epochs, "batch": batch, "learning_rate": learning_rate}  # fmt: skip
    told = {name: value for name, value in given.items() if value is not None}
    for name, value in told.items():
        _check(name, value)
    folder = None if model is None else model_folder(model)
    if folder is not None:
        for name in _SHAPE:
            if name in told:
                raise UsageError(f"{name}: the model in {model} has its own")
    defaults = {**_SHAPE, **FROM_NOTHING} if folder is None else FURTHER
    return Transformer(folder, networks.device_called(device), {**defaults, **told})


def _check(name: str, value: object) -> None:
    if name == "learning_rate":
        if not isinstance(value, int | float) or not 0 < value < 1:
            raise UsageError(f"learning_rate {value}: a number between 0 and 1")
        return
    if not isinstance(value, int) or value < _FEWEST[name]:
        raise UsageError(f"{name} {value}: a whole number, {_FEWEST[name]} or more")
    if name == "width" and value % networks.HEAD:
        raise UsageError(f"width {value}: a multiple of {networks.HEAD}")
