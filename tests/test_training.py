"""A model that is watched while it is trained: what is drawn, what is logged, what it leaves."""

import dataclasses
import importlib.util
import json
import random
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "metrics"))
sys.path.insert(0, str(Path(__file__).parent / "report"))
from example_records import finding, severe
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


PAGE = Path(__file__).resolve().parents[1] / "docs" / "training.md"
EXAMPLES = 2


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


def trained(tiny, place, steps=4, report_to=(), **watching):
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
        eval_steps=2, logging_steps=1, report_to=[*report_to], save_strategy="no", seed=3,
        use_cpu=True, disable_tqdm=True,
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


def logged_by_step(trainer, name):
    return [(log["step"], log[name]) for log in trainer.state.log_history if name in log]


def test_names_are_those_that_trackers_take():
    from degrade.training import logged

    strange = dataclasses.replace(
        finding("types_1", (1, 1), (0.5, 0.4, 0.6)), metric="my metric: (x) é/y"
    )
    found = dataclasses.replace(severe(), findings=(strange,))
    assert logged(found)["degrade/my_metric___x____y"] == 0.5


@pytest.mark.skipif(not importlib.util.find_spec("mlflow"), reason="pip install mlflow-skinny")
def test_mlflow_gives_back_what_was_found(tiny, how, tmp_path, monkeypatch, capsys):
    # Its store in files takes no database, which mlflow-skinny does not bring.
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "tracked").as_uri())
    import mlflow

    trainer = trained(tiny, tmp_path, report_to=["mlflow"], baseline=human(), how=how)
    client = mlflow.MlflowClient()
    (run,) = client.search_runs(["0"])
    kept = {name for name in run.data.metrics if name.startswith("degrade/")}
    assert kept == {n for log in trainer.state.log_history for n in log if n.startswith("degrade/")}
    assert {"degrade/types_1", "degrade/rare_loss_2", "degrade/undecided"} <= kept
    for name in kept:
        found = [
            (each.step, each.value) for each in client.get_metric_history(run.info.run_id, name)
        ]
        assert found == logged_by_step(trainer, name)
        assert [step for step, _ in found] == [2, 4]
    capsys.readouterr()
    exec(example(1), {})
    told = logged_by_step(trainer, "degrade/rare_loss_2")
    assert capsys.readouterr().out.splitlines() == [f"{step} {value}" for step, value in told]


@pytest.mark.skipif(not importlib.util.find_spec("wandb"), reason="pip install wandb")
def test_weights_and_biases_keeps_what_was_found(tiny, how, tmp_path, monkeypatch):
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_DIR", str(tmp_path))
    monkeypatch.setenv("WANDB_SILENT", "true")
    import wandb

    trainer = trained(tiny, tmp_path, report_to=["wandb"], baseline=human(), how=how)
    try:
        kept = dict(wandb.run.summary)
    finally:
        wandb.finish()
    names = {name for log in trainer.state.log_history for name in log if "degrade/" in name}
    assert {name for name in kept if "degrade/" in name} == {f"train/{name}" for name in names}
    for name in names:
        assert kept[f"train/{name}"] == logged_by_step(trainer, name)[-1][1]
    assert list((tmp_path / "wandb").glob("offline-run-*/*.wandb"))


def example(number):
    """Return an example of the page, ready to run."""
    text = PAGE.read_text(encoding="utf-8")
    codes = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(codes) == EXAMPLES
    return compile(codes[number], str(PAGE), "exec")


def test_the_example_of_the_page_runs_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "human.txt").write_text("\n".join(human(600)), encoding="utf-8")
    names = {}
    exec(example(0), names)
    assert any("degrade/types_1" in log for log in names["trainer"].state.log_history)
    assert list((tmp_path / "runs").glob("step-*.json"))


def test_a_baseline_is_read_as_compare_reads(tiny, tmp_path):
    from degrade.training import DegradeCallback

    lines = [{"body": text, "author": f"a{i % 90}"} for i, text in enumerate(human(180))]
    (tmp_path / "h.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    reading = {"text_field": "body", "cluster_field": "author", "limit": 170}
    watching = DegradeCallback(None, tmp_path / "h.jsonl", tiny[1], metrics="types_1", **reading)
    counted = watching.baseline.profile
    assert (counted.documents, counted.clusters.total) == (170, 90)


def test_a_level_that_is_none_is_refused(tiny):
    from degrade.training import DegradeCallback

    with pytest.raises(UsageError, match="stop_at is minor, moderate or severe, not 'never'"):
        DegradeCallback(None, human(), tiny[1], stop_at="never")
