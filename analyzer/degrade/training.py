"""Watching a model while it is trained: text drawn at each evaluation, compared with a baseline.

For the Trainer of transformers, and through it for whatever the trainer logs to: Weights & Biases,
MLflow, TensorBoard::

    trainer = Trainer(model, arguments, ...)
    trainer.add_callback(DegradeCallback(trainer, "human.profile", tokenizer, prompts))
"""

from __future__ import annotations

import importlib
import itertools
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from degrade.api import compare, profile
from degrade.corpora import PROFILE_SUFFIX, Opened, load_profile
from degrade.errors import DegradeWarning, MissingExtraError, TooLittleTextError, UsageError
from degrade.findings import SEVERITY, Comparison
from degrade.options import Options
from degrade.profiles import Profile
from degrade.readers import open_corpus
from degrade.text.document import Document

try:
    _torch: Any = importlib.import_module("torch")
    _Callback: Any = importlib.import_module("transformers").TrainerCallback
except ImportError as error:
    raise MissingExtraError(
        f"watching a model takes torch and transformers ({error}): pip install 'degrade[training]'"
    ) from None


_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z_.-]")
"""What some tracker takes in no name."""
_COUNTING = frozenset(Options.__dataclass_fields__)
"""What says how a baseline is read and counted, of all that is given to compare by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """How text is drawn from a model.

    Attributes
    ----------
    samples : how many texts; a verdict takes some 80 that are independent, and 20,000 words
    tokens : the most new tokens of each
    batch : how many are drawn at once
    temperature, top_p : of sampling; 1 and 1 draw from the model as it is
    seed : of drawing, the same at each evaluation
    """

    samples: int = 400
    tokens: int = 128
    batch: int = 16
    temperature: float = 1.0
    top_p: float = 1.0
    seed: int = 0


def draw(
    model: Any, tokenizer: Any, prompts: Sequence[str] = (), how: Drawing | None = None
) -> list[Document]:
    """Return texts drawn from ``model``: what follows the ``prompts``, each in its turn.

    Without prompts, texts start from the token that begins a text. Texts of one prompt are a
    cluster. The model's mode and the state of random numbers are left as they were.
    """
    how = how or Drawing()
    drawn: list[Document] = []
    turns = itertools.cycle(prompts or [_beginning(tokenizer)])
    with _at_rest(model, how.seed):
        while len(drawn) < how.samples:
            batch = list(itertools.islice(turns, min(how.batch, how.samples - len(drawn))))
            for prompt, text in zip(batch, _continued(model, tokenizer, batch, how), strict=True):
                cluster = prompt if prompts else ""
                drawn.append(Document(text, f"sample {len(drawn)}", cluster))
    return drawn


def _beginning(tokenizer: Any) -> str:
    start = tokenizer.bos_token or tokenizer.eos_token
    if start is None:
        raise UsageError("the tokenizer has no token that begins a text: give prompts")
    return str(start)


@contextmanager
def _at_rest(model: Any, seed: int) -> Iterator[None]:
    training = model.training
    with _torch.random.fork_rng(), _torch.no_grad():
        _torch.manual_seed(seed)
        model.eval()
        try:
            yield
        finally:
            model.train(training)


def _continued(model: Any, tokenizer: Any, prompts: list[str], how: Drawing) -> list[str]:
    """Return what ``model`` goes on with after each of ``prompts``."""
    padding = tokenizer.pad_token_id
    if padding is None:
        padding = tokenizer.eos_token_id if tokenizer.eos_token_id is not None else 0
    coded = [tokenizer(prompt)["input_ids"] for prompt in prompts]
    longest = max(map(len, coded))
    # New tokens follow the last one, so what is short is filled up on the left.
    rows = [[padding] * (longest - len(row)) + list(row) for row in coded]
    seen = [[0] * (longest - len(row)) + [1] * len(row) for row in coded]
    found = model.generate(
        input_ids=_torch.tensor(rows, device=model.device),
        attention_mask=_torch.tensor(seen, device=model.device),
        do_sample=True,
        max_new_tokens=how.tokens,
        temperature=how.temperature,
        top_p=how.top_p,
        top_k=0,
        pad_token_id=padding,
    )
    return [
        str(tokenizer.decode(row[longest:], skip_special_tokens=True)) for row in found.tolist()
    ]


class DegradeCallback(_Callback):  # type: ignore[misc]
    """Draws text at each evaluation, compares it with a baseline, and has the trainer log it.

    Logged are, under ``degrade/``, the change of every measure of the verdict (``types_1`` and so
    on), the ``level`` from 0 (none) to 3 (severe) where there is one, ``undecided``, 1 where the
    text was too little to tell, and how many texts were ``empty``, which are left out.

    Parameters
    ----------
    trainer : whose model is watched, and whose log is written to
    baseline : human text, as a corpus or, better, a saved profile
    tokenizer : of the model
    prompts : what texts go on from; such as your users or your baseline start with
    how : how text is drawn
    stop_at : the level, ``minor``, ``moderate`` or ``severe``, at which training ends
    folder : where the run file of each evaluation is kept, as ``step-100.json``
    options : those of ``degrade.compare``

    Text is drawn by the main process, of a model that it holds whole; one that is sharded over
    processes (FSDP, ZeRO-3) cannot be watched.
    """

    def __init__(
        self,
        trainer: Any,
        baseline: object,
        tokenizer: Any,
        prompts: Sequence[str] = (),
        *,
        how: Drawing | None = None,
        stop_at: str | None = None,
        folder: str | Path | None = None,
        **options: Any,
    ) -> None:
        if stop_at is not None and SEVERITY.get(stop_at, 0) < 1:
            raise UsageError(f"stop_at is minor, moderate or severe, not {stop_at!r}")
        self.trainer = trainer
        self.tokenizer = tokenizer
        self.prompts = prompts
        self.how = how or Drawing()
        self.stop_at = stop_at
        self.folder = None if folder is None else Path(folder)
        self.options = {"self_check": 0, **options}
        self.baseline = Opened("baseline", None, _counted(baseline, options))

    def on_evaluate(self, args: Any, state: Any, control: Any, **given: Any) -> Any:
        """Draw, compare, log; end training where too much is lost."""
        del args
        if not state.is_world_process_zero:
            return control
        model = self.trainer.accelerator.unwrap_model(given["model"])
        drawn = draw(model, self.tokenizer, self.prompts, self.how)
        texts = [document for document in drawn if document.text.strip()]
        empty = {"degrade/empty": float(len(drawn) - len(texts))}
        try:
            found = self._compared(texts, state.global_step)
        except TooLittleTextError as error:
            warnings.warn(str(error), DegradeWarning, stacklevel=2)
            self.trainer.log({"degrade/undecided": 1.0, **empty})
            return control
        self.trainer.log({**logged(found), **empty})
        if self.stop_at and SEVERITY.get(found.verdict.level, 0) >= SEVERITY[self.stop_at]:
            warnings.warn(
                f"training ends at step {state.global_step:,}: {found.verdict.headline}",
                DegradeWarning,
                stacklevel=2,
            )
            control.should_training_stop = True
        return control

    def _compared(self, texts: list[Document], step: int) -> Comparison:
        if not texts:
            raise TooLittleTextError(f"step {step:,}: all texts drawn are empty")
        with ExitStack() as stack:
            corpus = stack.enter_context(open_corpus(texts, name=f"step {step}"))
            run = compare(self.baseline, Opened(corpus.name, corpus, None), **self.options)
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            run.save(self.folder / f"step-{step}.json")
        return run.comparisons[0]


def _counted(baseline: object, options: dict[str, Any]) -> Profile:
    if isinstance(baseline, str | Path) and str(baseline).endswith(PROFILE_SUFFIX):
        return load_profile(baseline)
    counting = {name: each for name, each in options.items() if name in _COUNTING}
    return profile(baseline, **counting)


def logged(found: Comparison) -> dict[str, float]:
    """Return the numbers of a comparison that go to a log, by name."""
    numbers = {
        f"degrade/{_NOT_IN_NAMES.sub('_', finding.metric)}": finding.change.value
        for finding in found.findings
        if finding.primary and finding.change is not None
    }
    if found.verdict.level in SEVERITY:
        numbers["degrade/level"] = float(SEVERITY[found.verdict.level])
    return {**numbers, "degrade/undecided": float(found.verdict.level == "inconclusive")}


__all__ = ["DegradeCallback", "Drawing", "draw", "logged"]
