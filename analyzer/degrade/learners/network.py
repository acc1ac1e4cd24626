"""A causal language model: made or loaded, trained on rows of pieces, and drawn from."""

from __future__ import annotations

import importlib
import math
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from degrade.errors import MissingExtraError, UsageError
from degrade.learners.pieces import Pieces

HEAD = 32
"""Numbers of the width that each head of attention looks at."""
_WARMING, _COOLEST = 0.05, 0.1
_ABREAST = 16
"""Texts drawn at once, in batches of training, which take more memory."""


def torch_and_transformers() -> tuple[Any, Any]:
    """Return both modules. Raises MissingExtraError where they are not installed."""
    # Read when transformers is imported: the hub is never asked.
    os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        return importlib.import_module("torch"), importlib.import_module("transformers")
    except ImportError as error:
        raise MissingExtraError(
            f"the learner 'transformer' needs torch and transformers ({error}): "
            "pip install 'degrade[neural]'"
        ) from error


def device_called(name: str) -> str:
    """Return the device of ``name``; of ``auto`` a GPU where there is one. Raises UsageError."""
    torch, _ = torch_and_transformers()
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(1, device=name)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).partition("\n")[0]
        raise UsageError(f"device {name!r} is not here: {reason}") from None
    return name


def made(pieces: Pieces, layers: int, width: int, context: int) -> Any:
    """Return a GPT-2 of that shape, with weights drawn anew."""
    _, transformers = torch_and_transformers()
    config = transformers.GPT2Config(
        vocab_size=pieces.size,
        n_positions=context,
        n_embd=width,
        n_layer=layers,
        n_head=width // HEAD,
        # Of a text read a few times only, nothing is learned by heart that dropout would prevent.
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=pieces.start,
        eos_token_id=pieces.start,
    )
    return transformers.GPT2LMHeadModel(config)


def loaded(folder: Path) -> Any:
    """Return the causal language model in ``folder``; nothing is downloaded, no pickle is run."""
    _, transformers = torch_and_transformers()
    bars = transformers.utils.logging
    shown = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        network = transformers.AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, use_safetensors=True
        )
    finally:
        if shown:
            bars.enable_progress_bar()
    # How its makers like it to be drawn from is not how it is drawn from here.
    network.generation_config = transformers.GenerationConfig()
    return network.float()


def longest(network: Any) -> int | None:
    """Return how many pieces ``network`` sees at once, where it says so."""
    said = getattr(network.config, "max_position_embeddings", None)
    return int(said) if said else None


@contextmanager
def repeatable(seed: int) -> Iterator[None]:
    """Have the same be drawn and computed each time; leave the state of random numbers alone."""
    torch, _ = torch_and_transformers()
    # Read when the first product of matrices is computed on a GPU.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    strict = torch.are_deterministic_algorithms_enabled()
    lenient = torch.is_deterministic_algorithms_warn_only_enabled()
    devices = list(range(torch.cuda.device_count()))
    with torch.random.fork_rng(devices), warnings.catch_warnings():
        # What has no repeatable way on a device says so at each step.
        warnings.filterwarnings("ignore", message=".*deterministic")
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.manual_seed(seed)
        try:
            yield
        finally:
            torch.use_deterministic_algorithms(strict, warn_only=lenient)


def train(
    network: Any, stream: Sequence[int], context: int, batch: int, epochs: int, rate: float
) -> None:
    """Train ``network`` on ``stream``, cut into rows of ``context`` pieces.

    Each epoch cuts at other places and takes the rows in another order. The learning rate rises for
    a twentieth of the steps and falls to a tenth along a cosine.
    """
    torch, _ = torch_and_transformers()
    pieces = torch.tensor(stream)
    rows = (len(stream) - context) // context + 1
    steps = epochs * math.ceil(rows / batch)
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=rate, betas=(0.9, 0.95), weight_decay=0.1
    )
    warming = max(1, round(_WARMING * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: _share_of_rate(step, steps, warming)
    )
    network.train()
    for _ in range(epochs):
        spare = len(stream) - rows * context
        first = int(torch.randint(spare + 1, ()))
        cut = pieces[first : first + rows * context].view(rows, context)
        for chosen in torch.randperm(rows).split(batch):
            _learn(network, cut[chosen].to(network.device), optimizer)
            schedule.step()
    network.eval()


def _share_of_rate(step: int, steps: int, warming: int) -> float:
    if step < warming:
        return (step + 1) / warming
    done = (step - warming) / max(1, steps - warming)
    return _COOLEST + (1 - _COOLEST) * (1 + math.cos(math.pi * done)) / 2


def _learn(network: Any, rows: Any, optimizer: Any) -> None:
    torch, _ = torch_and_transformers()
    scores = network(input_ids=rows, use_cache=False).logits[:, :-1]
    loss = torch.nn.functional.cross_entropy(scores.flatten(0, 1), rows[:, 1:].flatten())
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()


def drawn(
    network: Any,
    pieces: Pieces,
    lengths: Sequence[int],
    context: int,
    batch: int,
    temperature: float,
    top_p: float,
) -> list[list[int]]:
    """Return a sequence of pieces of each of ``lengths``; those alike in length are drawn at once.

    What is longer than the context goes on from its last half.
    """
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    out: list[list[int]] = [[] for _ in lengths]
    how = {"temperature": float(temperature), "top_p": float(top_p)}
    for at in range(0, len(order), _ABREAST * batch):
        going = order[at : at + _ABREAST * batch]
        seen = [[pieces.start] for _ in going]
        while going:
            most = min(context - len(seen[0]), lengths[going[0]] - len(out[going[0]]))
            for i, row in zip(going, _continued(network, pieces, seen, most, how), strict=True):
                out[i] += row
            going = [i for i in going if len(out[i]) < lengths[i]]
            seen = [out[i][-(context // 2) :] for i in going]
    return [row[:length] for row, length in zip(out, lengths, strict=True)]


def _continued(
    network: Any, pieces: Pieces, seen: list[list[int]], most: int, how: dict[str, float]
) -> list[list[int]]:
    """Return ``most`` pieces that follow each of ``seen``, which are as long as each other."""
    torch, _ = torch_and_transformers()
    rows = torch.tensor(seen, device=network.device)
    found: list[list[int]] = network.generate(
        input_ids=rows,
        attention_mask=torch.ones_like(rows),
        do_sample=True,
        max_new_tokens=most,
        top_k=0,
        suppress_tokens=list(pieces.unspoken),
        pad_token_id=pieces.start,
        use_cache=True,
        **how,
    )[:, rows.shape[1] :].tolist()
    return found
