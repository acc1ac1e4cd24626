"""Cross-entropy under any causal language model that lies in a folder on this machine.

Not among the metrics that are always there, since it takes a model. A plugin file names one::

    from degrade_metrics.neural import cross_entropy_under

    METRICS = (cross_entropy_under("models/gpt2"),)

and ``degrade compare A B --plugin file.py --metrics neural_cross_entropy`` computes it during the
pass over the text. Nothing is downloaded, and no code or pickle in the folder is run.
"""

from __future__ import annotations

import importlib
import os
import threading
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from degrade.errors import MissingExtraError
from degrade.metric import WHOLE, DocumentMetric
from degrade.text.layer import Segments
from degrade.text.model_folders import fingerprint, model_folder

CONTEXT = 1024
"""Tokens that a model sees at once, unless it says that it sees fewer."""
_BATCH = 8
_loaded: dict[str, tuple[Any, Any, int]] = {}
_loading = threading.Lock()


def cross_entropy_under(
    folder: str | Path, *, name: str = "neural_cross_entropy", layer: str = "word"
) -> DocumentMetric:
    """Return the cross-entropy of documents under the model in ``folder``, in bits per token.

    The folder is one that ``save_pretrained`` makes: configuration, tokenizer and safetensors.
    Models of the same ``name`` and of different folders do not meet in profiles. Raises UsageError
    where there is no such folder.
    """
    place = model_folder(folder)
    return DocumentMetric(
        name=name,
        title=f"Cross-entropy under {place.name}",
        family="predictability",
        unit="bits per token",
        scale="log",
        worse="either",
        threshold_unit="relative",
        layer=layer,
        windows=(WHOLE,),
        measure=partial(bits, folder=str(place)),
        low=0.0,
        high=20.0,
        version=fingerprint(place),
        default=False,
        requires="a model in a folder, and pip install 'degrade[neural]'",
        source="Shumailov et al. 2024, fig. 1",
        description="How many bits a given language model takes for a token of a document. Less: "
        "the text says what the model expects, as its own text does.",
        formula="H = -1/T sum_i log2 p(w_i | w_1 ... w_(i-1)), in chunks of the model's context",
        pitfalls="A model that has seen the reference foretells it too well, and its own text best "
        "of all. Tokens are the model's, so models with different tokenizers do not compare.",
        undefined="no document has two tokens",
    )


def bits(
    segments: Segments, window: int, folder: str
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the bits and the tokens foretold of each document, under the model in ``folder``.

    Documents go through the model one by one, so that what a document costs does not depend on what
    it was read with. The first token of a chunk is foretold from the beginning-of-text token; where
    the tokenizer has none, it is not counted.
    """
    del window
    documents = len(segments.texts) - 1
    total = np.zeros(documents)
    tokens = np.zeros(documents, dtype=np.int64)
    for i in range(documents):
        text = segments.data[segments.texts[i] : segments.texts[i + 1]].tobytes().decode("utf-8")
        total[i], tokens[i] = _of_text(text, folder)
    return total, tokens


def _of_text(text: str, folder: str) -> tuple[float, int]:
    model, tokenizer, context = language_model(folder)
    torch = importlib.import_module("torch")
    ids = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
    start = [] if tokenizer.bos_token_id is None else [tokenizer.bos_token_id]
    size = context - len(start)
    chunks = [start + ids[at : at + size] for at in range(0, len(ids), size)]
    chunks = [chunk for chunk in chunks if len(chunk) > 1]
    total, tokens = 0.0, 0
    # All but the last are as long as each other; padding would change what they cost.
    for alike in (chunks[:-1], chunks[-1:]):
        for at in range(0, len(alike), _BATCH):
            batch = torch.tensor(alike[at : at + _BATCH], device=model.device)
            with torch.inference_mode():
                scores = model(batch).logits[:, :-1].float()
            lost = torch.nn.functional.cross_entropy(
                scores.flatten(0, 1), batch[:, 1:].flatten(), reduction="none"
            )
            total += float(lost.double().sum()) / float(np.log(2.0))
            tokens += lost.numel()
    return total, tokens


def language_model(folder: str) -> tuple[Any, Any, int]:
    """Return the model, its tokenizer and its context, loaded once. Raises MissingExtraError."""
    with _loading:
        if folder not in _loaded:
            # Read when transformers is imported: the hub is never asked.
            os.environ["HF_HUB_OFFLINE"] = "1"
            try:
                torch = importlib.import_module("torch")
                transformers = importlib.import_module("transformers")
            except ImportError as error:
                raise MissingExtraError(
                    "a language model needs transformers and torch: pip install 'degrade[neural]'"
                ) from error
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
            model = transformers.AutoModelForCausalLM.from_pretrained(
                folder, local_files_only=True, use_safetensors=True
            )
            model.eval().to("cuda" if torch.cuda.is_available() else "cpu")
            said = getattr(model.config, "max_position_embeddings", None) or CONTEXT
            _loaded[folder] = model, tokenizer, min(CONTEXT, int(said))
        return _loaded[folder]
