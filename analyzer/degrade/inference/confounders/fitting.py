"""Corpora whose words the layer in use does not find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from degrade.findings import Caution
from degrade.inference.matching import Side
from degrade.text.languages import KANA_SHARE
from degrade.text.scripts import SCRIPTS

LEAST_SHARE = 0.2
"""Share of a corpus's letters in such a script from which it is told."""
LONGEST_WORDS = 12
"""Mean letters of a token from which a tokenizer leaves unspaced text in one piece.

English has 4.3 letters a word; tokenizers by spaces take all that stands between two of them.
"""
LETTERS_OF_CODE, WORDS_OF_CODE = 0.68, 0.14
"""Letters, with their marks, and words for each character, both below these in code.

Measured: .56 to .63 and .107 to .121 in Python, JavaScript and C; .78 and .182 in English prose,
.64 and .160 in Markdown with tables.
"""
_BY_PART = ("Thai", "Lao", "Khmer", "Myanmar", "Tibetan")
_BY_CHARACTER = ("Han", "Kana")
_INSTEAD: Mapping[str, str] = {
    "Thai": "--tokenizer spacy:th finds words (with pip install pythainlp)",
    "Khmer": "part the words by spaces beforehand, or take --tokenizer character",
    "Lao": "part the words by spaces beforehand, or take --tokenizer character",
    "Myanmar": "part the words by spaces beforehand, or take --tokenizer character",
    "Tibetan": "part the words by spaces beforehand, or take --tokenizer character",
    "Kana": "--tokenizer spacy:ja finds words (with pip install sudachipy sudachidict_core)",
    "Han": "--tokenizer spacy:zh_core_web_sm finds words, or another pipeline of spaCy for Chinese",
}


def layer_does_not_fit(sides: Sequence[Side]) -> Iterator[Caution]:
    """Yield the warnings that what was counted are no words, once for the worst corpus of each."""
    told: dict[str, tuple[float, Caution]] = {}
    for each in sides:
        for cause, share, caution in _causes(each):
            if cause not in told or share > told[cause][0]:
                told[cause] = share, caution
    yield from (caution for _, caution in told.values())


def _causes(side: Side) -> Iterator[tuple[str, float, Caution]]:
    profile = side.profile
    layer = dict(profile.plan.versions)[profile.plan.base].split(" ", 1)[0]
    letters = dict(zip(SCRIPTS, profile.mix.letters.sum(axis=1).tolist(), strict=True))
    total = sum(letters.values())
    parts, characters = (
        {name: letters[name] / total if total else 0.0 for name in names}
        for names in (_BY_PART, _BY_CHARACTER)
    )
    if layer == "word":
        yield from _of_words(side, parts, characters)
        if total <= LETTERS_OF_CODE * profile.characters and (
            profile.tokens <= WORDS_OF_CODE * profile.characters
        ):
            yield "code", 1 - total / profile.characters, _code(side, total / profile.characters)
    elif layer.startswith(("spacy:", "nltk:")):
        share = sum(parts.values()) + sum(characters.values())
        if share >= LEAST_SHARE and total > LONGEST_WORDS * profile.tokens:
            script = max({**parts, **characters}.items(), key=lambda item: item[1])[0]
            said = (
                f"{share:.0%} of the letters of {side.name} are in scripts that set no spaces "
                f"between words, and {layer} leaves {total / profile.tokens:.0f} letters in one "
                f"piece: what is counted are phrases, and nearly all of them are new. Instead, "
                f"{_INSTEAD[script]}."
            )
            yield "unspaced", share, _caution(side, said, layer, "unspaced", script, share)


def _of_words(
    side: Side, parts: Mapping[str, float], characters: Mapping[str, float]
) -> Iterator[tuple[str, float, Caution]]:
    share, script = sum(parts.values()), max(parts, key=lambda name: parts[name])
    if share >= LEAST_SHARE:
        said = (
            f"{share:.0%} of the letters of {side.name} are {_script(script)}, which the layer "
            "word cuts into syllables and letters, not into words: figures of single words say "
            "little, and phrases are a few letters long. "
            f"{_first_upper(_INSTEAD[script])}."
        )
        yield "parts", share, _caution(side, said, "word", "parts", script, share)
    share = sum(characters.values())
    # Kana among Han are Japanese, whose text may be mostly Han.
    script = "Kana" if characters["Kana"] > KANA_SHARE * share else "Han"
    if share >= LEAST_SHARE:
        said = (
            f"{share:.0%} of the letters of {side.name} are {_script(script)}, which the layer "
            "word counts by character: types are characters, of which text soon shows all there "
            "are, and two- and three-word phrases are about as long as words. "
            f"{_first_upper(_INSTEAD[script])}."
        )
        yield "characters", share, _caution(side, said, "word", "characters", script, share)


def _code(side: Side, share: float) -> Caution:
    said = (
        f"{side.name} looks like source code, tables or logs: only {share:.0%} of its characters "
        "are letters, and words are few. The layer word sees names and numbers there, but no "
        "operators, brackets or indentation. --tokenizer character sees all, and --tokenizer "
        "line compares line by line."
    )
    return Caution(
        "layer-does-not-fit",
        said,
        {"corpus": side.name, "layer": "word", "cause": "code", "share": round(share, 4)},
    )


def _caution(side: Side, said: str, layer: str, cause: str, script: str, share: float) -> Caution:
    numbers = {"corpus": side.name, "layer": layer, "cause": cause, "script": script}
    return Caution("layer-does-not-fit", said, {**numbers, "share": round(share, 4)})


def _script(script: str) -> str:
    return {"Kana": "Japanese", "Han": "Chinese characters"}.get(script, script)


def _first_upper(said: str) -> str:
    return said[:1].upper() + said[1:]
