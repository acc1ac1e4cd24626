"""Cross-entropy under a causal language model, on a tiny one that the test makes."""

import sys

import numpy as np
import pytest
from made_model import WORDS, made_model, needs_torch, quiet

import degrade
from degrade.errors import MissingExtraError, UsageError
from degrade.registry import layer
from degrade.testing.declarations import check_declaration
from degrade.text.document import Batch, Document
from degrade_metrics import neural

TEXTS = ["ba da ki tan be", "ke", "", "ba " * 70, "zzz ba di"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return made_model(tmp_path_factory.mktemp("models") / "tiny")


def measured(metric, texts):
    batch = Batch([Document(text, str(i)) for i, text in enumerate(texts)])
    return metric.measure(batch.segments(layer("word")), 0)


@needs_torch
@quiet
def test_bits_are_those_of_the_model_token_by_token(folder):
    import torch
    import transformers

    model = transformers.GPT2LMHeadModel.from_pretrained(folder).eval()
    total, tokens = measured(neural.cross_entropy_under(folder), TEXTS)
    assert tokens.tolist() == [5, 1, 0, 70, 3]
    for i, text in enumerate(TEXTS):
        ids = [WORDS.index(w) if w in WORDS else 1 for w in text.split()]
        lost = 0.0
        for at in range(0, len(ids), 31):
            # 32 positions, the first of them <s>.
            chunk = [0, *ids[at : at + 31]]
            for k in range(1, len(chunk)):
                with torch.inference_mode():
                    scores = model(torch.tensor([chunk[:k]])).logits[0, -1].double()
                lost -= float(torch.log_softmax(scores, 0)[chunk[k]]) / np.log(2)
        assert total[i] == pytest.approx(lost, rel=1e-4)
    # A uniform model would take log2 18 bits for each; this one does not.
    assert abs(total[0] / 5 - np.log2(18)) > 0.1


@needs_torch
@quiet
def test_it_is_compared_from_a_plugin_file(folder, tmp_path):
    file = tmp_path / "lm.py"
    file.write_text(
        "from degrade_metrics.neural import cross_entropy_under\n"
        f"METRICS = (cross_entropy_under({str(folder)!r}),)\n",
        encoding="utf-8",
    )
    rng = np.random.default_rng(1)
    corpora = [[" ".join(rng.choice(WORDS[2:k], 12)) for _ in range(100)] for k in (18, 10)]
    run = degrade.compare(
        *corpora, metrics=["neural_cross_entropy"], plugins=[file], self_check=0, workers=2
    )
    (finding,) = run.findings
    for estimate, corpus in ((finding.reference, corpora[0]), (finding.candidate, corpora[1])):
        total, tokens = measured(neural.cross_entropy_under(folder), corpus)
        assert estimate.value == pytest.approx(total.sum() / tokens.sum())


@needs_torch
@quiet
def test_a_document_costs_the_same_whatever_it_is_read_with(folder):
    metric = neural.cross_entropy_under(folder)
    check_declaration(metric)
    rng = np.random.default_rng(2)
    texts = [" ".join(rng.choice(WORDS[2:], int(rng.integers(2, 100)))) for _ in range(12)]
    total, tokens = measured(metric, texts)
    alone = [measured(metric, [text]) for text in texts]
    assert [(t[0], n[0]) for t, n in alone] == [*zip(total, tokens, strict=True)]
    backwards = measured(metric, texts[::-1])
    assert (backwards[0][::-1] == total).all()


@needs_torch
@quiet
def test_another_model_is_another_version(folder, tmp_path):
    import shutil

    other = tmp_path / "other"
    shutil.copytree(folder, other)
    same = neural.cross_entropy_under(other)
    assert same.version == neural.cross_entropy_under(folder).version
    weights = other / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    assert neural.cross_entropy_under(other).version != same.version


def test_a_folder_without_a_model_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"config\.json"):
        neural.cross_entropy_under(tmp_path)


def test_what_is_missing_is_said_with_how_to_install_it(tmp_path, monkeypatch):
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "torch", None)
    metric = neural.cross_entropy_under(tmp_path)
    with pytest.raises(MissingExtraError, match=r"pip install 'degrade\[neural\]'"):
        measured(metric, ["some text"])
