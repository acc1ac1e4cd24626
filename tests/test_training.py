"""A model that is watched while it is trained: what is drawn, what is logged, what it leaves."""

import importlib.util
import json
import random
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "metrics"))
from made_model import WORDS, made_model, needs_torch, quiet

import degrade
from degrade.errors import DegradeWarning, UsageError

pytestmark = [
    needs_torch,
    quiet,
    pytest.mark.filterwarnings("ignore:'pin_memory' argument:UserWarning"),
    pytest.mark.skipif(
        not importlib.util.find_spec("accelerate"), reason="pip install 'degrade[training]'"
    ),
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    import transformers

    place = made_model(tmp_path_factory.mktemp("model"))
    return (
        lambda: transformers.GPT2LMHeadModel.from_pretrained(place),
        transformers.AutoTokenizer.from_pretrained(place),
    )


def human(documents=400, length=24, seed=0):
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS[2:], k=length)) for _ in range(documents)]


def trained(tiny, place, steps=4, **watching):
    """Return a trainer that has trained the tiny model, watched if there is a baseline."""
    import transformers

    from degrade.training import DegradeCallback

    model, tokenizer = tiny
    rows = [
        {"input_ids": (ids := tokenizer(text)["input_ids"]), "labels": ids}
        for text in human(32, seed=1)
    ]
    arguments = transformers.TrainingArguments(
        str(place), max_steps=steps, per_device_train_batch_size=4, eval_strategy="steps",
        eval_steps=2, logging_steps=1, report_to=[], save_strategy="no", seed=3, use_cpu=True,
        disable_tqdm=True,
    )  # fmt: skip
    trainer = transformers.Trainer(model(), arguments, train_dataset=rows, eval_dataset=rows[:8])
    if watching:
        trainer.add_callback(DegradeCallback(trainer, tokenizer=tokenizer, **watching))
    trainer.train()
    return trainer


@pytest.fixture(scope="module")
def how():
    from degrade.training import Drawing

    return Drawing(samples=160, tokens=24, batch=40)


def test_each_evaluation_logs_what_was_lost_and_keeps_its_run(tiny, how, tmp_path):
    trainer = trained(tiny, tmp_path, baseline=human(), how=how, folder=tmp_path / "runs")
    logs = [log for log in trainer.state.log_history if "degrade/undecided" in log]
    assert [log["step"] for log in logs] == [2, 4]
    assert {"degrade/types_1", "degrade/simpson", "degrade/jsd_1"} <= set(logs[0])
    for step, log in zip((2, 4), logs, strict=True):
        run = json.loads((tmp_path / "runs" / f"step-{step}.json").read_text())
        (comparison,) = run["comparisons"]
        assert (comparison["reference"], comparison["candidate"]) == ("baseline", f"step {step}")
        assert run["corpora"][1]["documents"] + log["degrade/empty"] == 160


def test_watching_changes_nothing_of_what_is_learned(tiny, how, tmp_path):
    losses = [
        [log["loss"] for log in trained(tiny, tmp_path, **given).state.log_history if "loss" in log]
        for given in ({}, {"baseline": human(), "how": how})
    ]
    assert losses[0] == losses[1]
    assert len(losses[0]) == 4


def test_the_same_seed_draws_the_same_and_the_mode_is_left(tiny, how):
    from degrade.training import draw

    model, tokenizer = tiny[0](), tiny[1]
    model.train()
    texts = [[d.text for d in draw(model, tokenizer, how=how)] for _ in range(2)]
    assert texts[0] == texts[1]
    assert model.training
    assert len({*texts[0]}) > 100
    prompted = draw(model, tokenizer, ["ba be", "di"], how)
    assert [d.cluster for d in prompted[:3]] == ["ba be", "di", "ba be"]


def test_training_ends_where_too_much_is_lost(tiny, how, tmp_path, monkeypatch):
    import degrade.training as module

    # The sign of one word is all that this model ever says.
    same = [degrade.Document("ba " * 24, f"{i}") for i in range(400)]
    monkeypatch.setattr(module, "draw", lambda *_: same)
    with pytest.warns(DegradeWarning, match="training ends at step 2"):
        trainer = trained(tiny, tmp_path, steps=6, baseline=human(2_000), how=how, stop_at="minor")
    assert trainer.state.global_step == 2
    log = next(log for log in trainer.state.log_history if "degrade/level" in log)
    assert log["degrade/level"] >= 1


def test_too_little_text_is_told_and_training_goes_on(tiny, tmp_path):
    from degrade.training import Drawing

    with pytest.warns(DegradeWarning):
        trainer = trained(tiny, tmp_path, baseline=human(), how=Drawing(samples=1, tokens=8))
    assert trainer.state.global_step == 4
    assert [log["degrade/undecided"] for log in trainer.state.log_history
            if "degrade/undecided" in log] == [1.0, 1.0]  # fmt: skip


def test_the_example_of_the_page_runs_as_it_stands(tmp_path, monkeypatch):
    page = Path(__file__).resolve().parents[1] / "docs" / "training.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "human.txt").write_text("\n".join(human(600)), encoding="utf-8")
    names = {}
    exec(compile(code, str(page), "exec"), names)
    assert any("degrade/types_1" in log for log in names["trainer"].state.log_history)
    assert list((tmp_path / "runs").glob("step-*.json"))


def test_a_level_that_is_none_is_refused(tiny):
    from degrade.training import DegradeCallback

    with pytest.raises(UsageError, match="stop_at is minor, moderate or severe, not 'never'"):
        DegradeCallback(None, human(), tiny[1], stop_at="never")
