"""The transformer that learns: it learns, it repeats itself to the byte, it writes whole text."""

import json
import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "metrics"))
from made_model import made_model, needs_torch, quiet

import degrade
from degrade.errors import DegradeError, UsageError
from degrade.learners.transformer import transformer
from degrade.text.document import Document

SAMPLES = Path(__file__).resolve().parents[2] / "sample_corpora"
TINY = {"layers": 1, "width": 32, "vocabulary": 300, "context": 16, "epochs": 1, "device": "cpu"}
CHAIN = {
    "learner": "transformer", "settings": TINY, "generations": 2, "metrics": ["types_1"],
    "workers": 1,
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """So small a model only loses by threads, and much where cores are busy."""
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def passages():
    lines = (SAMPLES / "gen0" / "part-000.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines[:160]]
    return [Document(record["text"][:150], record["id"]) for record in records]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return made_model(tmp_path_factory.mktemp("models") / "tiny")


def sayings(first, count=300):
    """Return documents in which each word of ``first`` is followed by its own second word."""
    rng = random.Random(0)
    drawn = [rng.choices(first, k=6) for _ in range(count)]
    return [Document(" ".join(f"{word} {word[0]}an" for word in words)) for words in drawn]


def follows(texts, first):
    """Return how often a word of ``first`` is followed by its own second word."""
    pairs = [pair for t in texts for pair in zip(t.split(), t.split()[1:], strict=False)]
    own = [b == f"{a[0]}an" for a, b in pairs if a in first]
    assert len(own) > 100
    return sum(own) / len(own)


def contents(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@needs_torch
@quiet
def test_generations_are_the_same_bytes_again_and_after_a_kill(passages, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    (found,) = degrade.simulate(passages, one, **CHAIN)
    degrade.simulate(passages, other, **CHAIN)
    generations = [f"replace/gen{i}.jsonl" for i in (1, 2)]
    for name in generations:
        assert (one / name).read_bytes() == (other / name).read_bytes()
    assert (one / generations[0]).read_bytes() != (one / generations[1]).read_bytes()
    assert [corpus.documents for corpus in found.run.record.corpora] == [80] * 4
    manifest = json.loads((one / "replace" / "gen2.manifest.json").read_bytes())
    assert manifest["learner"] == {
        "name": "transformer", **TINY, "batch": 8, "learning_rate": 0.002, "version": 1,
    }  # fmt: skip
    whole = contents(one)
    (one / "replace" / "gen2.manifest.json").unlink()
    (one / "replace" / "gen2.jsonl").write_bytes(b"")
    degrade.simulate(passages, one, **CHAIN)
    assert contents(one) == whole


@needs_torch
@quiet
def test_what_follows_what_is_learned():
    first = ["ba", "do", "ki", "tu", "me"]
    learner = transformer(**TINY | {"width": 64, "epochs": 8, "learning_rate": 0.005})
    documents = sayings(first)
    texts = learner.sample(learner.train(documents, 0), documents, 0, 1.0, 1.0)
    # A word of the other nine by chance would be right one time in ten.
    assert follows(texts, first) > 0.6


@needs_torch
@quiet
def test_a_model_in_a_folder_is_trained_further(folder):
    first = ["ba", "ti", "ke"]
    documents = sayings(first)
    texts = {}
    for rate in (1e-9, 0.03):
        learner = transformer(str(folder), "cpu", context=16, batch=4, epochs=6, learning_rate=rate)
        texts[rate] = learner.sample(learner.train(documents, 0), documents, 0, 1.0, 1.0)
    assert follows(texts[0.03], first) > 0.9
    assert follows(texts[1e-9], first) < 0.1
    assert learner.settings["model"] == "tiny"
    assert all(text.split() and "<s>" not in text for text in texts[0.03])


@needs_torch
@quiet
def test_another_model_in_the_same_folder_is_another_learner(tmp_path):
    place = made_model(tmp_path)
    before = transformer(str(place), "cpu").settings
    config = json.loads((place / "config.json").read_text("utf-8"))
    (place / "config.json").write_text(json.dumps(config | {"attn_pdrop": 0.5}), "utf-8")
    after = transformer(str(place), "cpu").settings
    assert {name for name in before if before[name] != after[name]} == {"model_id"}


@needs_torch
@quiet
@pytest.mark.parametrize("length", [1, 7, 15, 16, 17, 100])
def test_texts_are_as_long_as_asked_beyond_the_context_too(passages, length):
    from degrade.learners import network

    learner = transformer(**TINY)
    model = learner.train(passages, 0)
    lengths = [length, 3, length]
    rows = network.drawn(model.network, model.pieces, lengths, 16, 16, 1.0, 1.0)
    assert [len(row) for row in rows] == lengths
    assert model.pieces.start not in {piece for row in rows for piece in row}


@needs_torch
@quiet
def test_colder_is_less_varied_and_top_p_leaves_out_what_is_rare(passages):
    learner = transformer(**TINY | {"epochs": 3})
    model = learner.train(passages, 0)
    types = {
        how: len({word for text in learner.sample(model, passages, 0, *how) for word in text})
        for how in ((1.0, 1.0), (0.5, 1.0), (1.0, 0.5))
    }
    assert types[1.0, 1.0] > 1.2 * max(types[0.5, 1.0], types[1.0, 0.5])


@needs_torch
@quiet
def test_half_a_character_is_left_out_and_no_text_is_blank():
    # Pieces are single bytes: many a letter is begun and not ended, or the other way round.
    documents = [Document(text * 20) for text in ("é 漢", " é", "漢 é")] * 20
    learner = transformer(**TINY | {"vocabulary": 257, "epochs": 3, "learning_rate": 0.01})
    model = learner.train(documents, 0)
    texts = learner.sample(model, [Document("a")] * 50 + documents, 0, 1.0, 1.0)
    assert all(text.strip() for text in texts)
    assert "\ufffd" not in "".join(texts)
    assert any("é" in text and "漢" in text for text in texts)
    whole = [piece for text in texts for piece in model.pieces.coded([text])[0]]
    assert len(whole) < 50 + sum(map(len, model.pieces.coded([d.text for d in documents])))


@needs_torch
def test_a_model_that_writes_white_space_alone_is_told():
    spaces = [Document(" \n" * 40)] * 40
    learner = transformer(**TINY | {"vocabulary": 257, "epochs": 5, "learning_rate": 0.01})
    with pytest.raises(DegradeError, match="nothing but white space where"):
        learner.sample(learner.train(spaces, 0), [Document("a")] * 50, 0, 0.2, 1.0)


@needs_torch
@quiet
def test_text_that_looks_like_a_sign_is_text(tmp_path):
    import tokenizers
    import transformers

    from degrade.learners import pieces

    bytewise = tokenizers.pre_tokenizers.ByteLevel
    coder = tokenizers.Tokenizer(tokenizers.models.BPE())
    coder.pre_tokenizer, coder.decoder = bytewise(), tokenizers.decoders.ByteLevel()
    signs = tokenizers.trainers.BpeTrainer(
        special_tokens=["<|end|>"], initial_alphabet=bytewise.alphabet(), show_progress=False
    )
    coder.train_from_iterator(["some words of text"], signs)
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=coder, eos_token="<|end|>"
    ).save_pretrained(tmp_path)
    found = pieces.loaded(tmp_path, 400)
    (row,) = found.coded(["some <|end|> words"])
    assert found.start not in row
    assert found.text(row).strip() == "some <|end|> words"
    assert {found.start, 399} <= set(found.unspoken)


@needs_torch
@quiet
def test_random_numbers_of_others_are_left_alone(passages):
    import torch

    before = torch.get_rng_state()
    learner = transformer(**TINY)
    learner.sample(learner.train(passages, 0), passages, 0, 1.0, 1.0)
    assert torch.equal(torch.get_rng_state(), before)
    assert not torch.are_deterministic_algorithms_enabled()


@needs_torch
def test_too_little_text_is_told_with_how_much_it_takes():
    learner = transformer(**TINY)
    with pytest.raises(UsageError, match=r"tokens are too few .* 8 rows of 16 takes 128"):
        learner.train([Document("only a few words")], 0)


@needs_torch
@quiet
def test_a_context_that_the_model_has_not_is_refused(folder):
    learner = transformer(str(folder), "cpu", context=64)
    with pytest.raises(UsageError, match="context 64: tiny sees 32 at most"):
        learner.train(sayings(["ba"]), 0)


@needs_torch
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"layers": 0}, "layers 0: a whole number, 1 or more"),
        ({"layers": 1.5}, "layers 1.5: a whole number"),
        ({"epochs": "many"}, "epochs many: a whole number"),
        ({"width": 100}, "width 100: a multiple of 32"),
        ({"vocabulary": 100}, "257 or more"),
        ({"learning_rate": 2}, "learning_rate 2: a number between 0 and 1"),
        ({"model": "nowhere"}, "nowhere: no language model"),
        ({"device": "abacus"}, "device 'abacus' is not here"),
    ],
)
def test_impossible_settings_are_refused(given, message):
    with pytest.raises(UsageError, match=message):
        transformer(**given)


@needs_torch
def test_the_shape_of_a_model_that_is_there_cannot_be_set(folder):
    with pytest.raises(UsageError, match=r"layers: the model in .* has its own"):
        transformer(str(folder), layers=4)
