"""A tiny language model, made on the spot."""

import importlib.util

import pytest

here = all(importlib.util.find_spec(name) for name in ("torch", "transformers", "tokenizers"))
needs_torch = pytest.mark.skipif(not here, reason="pip install 'degrade[neural]'")
# Deprecations inside torch and transformers are not ours to mend.
quiet = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
WORDS = ["<s>", "<unk>", *(a + b for a in "bdkt" for b in ("a", "e", "i", "an"))]


def made_model(place):
    """Save a GPT-2 of 8 dimensions and a tokenizer of 18 words in ``place``, and return it."""
    import tokenizers
    import torch
    import transformers

    # So small a model only loses by threads, and much where cores are busy.
    torch.set_num_threads(1)
    vocabulary = {word: i for i, word in enumerate(WORDS)}
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="<unk>"))
    words.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=words, bos_token="<s>", unk_token="<unk>"
    ).save_pretrained(place)
    torch.manual_seed(0)
    config = transformers.GPT2Config(
        vocab_size=len(WORDS), n_positions=32, n_embd=8, n_layer=2, n_head=2, bos_token_id=0,
        eos_token_id=0,
    )  # fmt: skip
    model = transformers.GPT2LMHeadModel(config)
    # Weights as they are drawn say next to nothing; these tell words apart.
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn(weight.shape) * 0.5)
    model.save_pretrained(place)
    return place
