"""Each warning is given where its cause is planted, with its numbers, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from unicodedata import normalize

import numpy as np
import pytest

import degrade
from degrade.census.table import ALL_HASHES
from degrade.errors import ProfileError
from degrade.profiles import Profile
from degrade.storage import read_sections, write_sections
from degrade.summaries import Census, contents
from degrade.testing.corpora import ordinary_documents
from degrade.text.document import Document, stable_hash
from degrade.text.frequent_words import WORDS

EVERY = ordinary_documents(800, seed=1)
REFERENCE, CANDIDATE = EVERY[:400], EVERY[400:]
Corpus = Sequence[Document]


def compared(reference: Any, candidate: Any, **options: Any) -> degrade.Run:
    chosen = {"metrics": ["types_1"], "workers": 1, **options}
    return degrade.compare(reference, candidate, **chosen)


def copies(documents: Corpus, suffix: str) -> list[Document]:
    """Return the same texts again, under the ids with ``suffix``."""
    return [Document(d.text, d.id + suffix) for d in documents]


def clustered(documents: Corpus, size: int, name: str = "") -> list[Document]:
    return [Document(d.text, d.id, f"{name} {i // size}") for i, d in enumerate(documents)]


def written(language: str, documents: int, seed: int = 0) -> list[Document]:
    """Return documents of the frequent words of a language, and of invented ones."""
    rng = np.random.default_rng(seed)
    frequent = WORDS[language].split()
    texts = []
    for _ in range(documents):
        words = [*rng.choice(frequent, 60), *(f"w{k}" for k in rng.integers(0, 900, 60))]
        texts.append(" ".join(rng.permutation(words).tolist()))
    return [Document(text, f"{language} {seed} {i}") for i, text in enumerate(texts)]


def in_cyrillic(documents: Corpus) -> list[Document]:
    letters = str.maketrans("abdefgiklmnoprstu", "абдефгиклмнопрсту")
    return [Document(d.text.translate(letters), d.id) for d in documents]


def accented(documents: Corpus, form: Literal["NFC", "NFD"]) -> list[Document]:
    """Return documents with an accent on every a, which is a letter of its own in NFD."""
    return [Document(normalize(form, d.text.replace("a", "á")), d.id) for d in documents]


ENGLISH = written("English", 800)
LARGE = ordinary_documents(2_400, seed=1)


@dataclass(frozen=True)
class Plant:
    """Two corpora, the warning that they call for, some of its data and words."""

    code: str
    corpora: Callable[[], tuple[Corpus, Corpus]]
    data: dict[str, Any]
    words: tuple[str, ...]


PLANTS = {
    "documents of other lengths": Plant(
        "lengths-differ",
        lambda: (REFERENCE, [Document(" ".join(d.text.split()[:100]), d.id) for d in CANDIDATE]),
        {"candidate_mean": 99.9, "matched_length": 96},
        ("are 100 words long on average, those of reference", "in the first 96 words"),
    ),
    "three documents a cluster against one": Plant(
        "cluster-sizes-differ",
        lambda: (clustered(REFERENCE, 1, "a"), clustered(CANDIDATE, 3, "b")),
        {"reference_mean": 1.0, "candidate_mean": 2.99},
        ("holds 3.0 documents on average, one of reference 1.0", "can seem to have lost rare"),
    ),
    "one document a cluster against three": Plant(
        "cluster-sizes-differ",
        lambda: (clustered(REFERENCE, 3, "a"), clustered(CANDIDATE, 1, "b")),
        {"reference_mean": 2.99, "candidate_mean": 1.0},
        ("losses of candidate can seem smaller",),
    ),
    "clusters on one side only": Plant(
        "cluster-sizes-differ",
        lambda: (clustered(REFERENCE, 4, "a"), CANDIDATE),
        {"reference_mean": 4.0, "candidate_mean": None},
        ("come in clusters of 4.0", "of candidate were given none", "--cluster-field"),
    ),
    "another language": Plant(
        "languages-differ",
        lambda: (ENGLISH[:400], [*ENGLISH[400:760], *written("German", 40)]),
        {
            "language": "English", "reference_share": 1.0, "candidate_share": 0.9,
            "languages": 2, "reference_known": 1.0, "candidate_known": 1.0,
        },
        ("English 90.0% instead of 100.0%; German 10.0% instead of 0.0%", "of one language"),
    ),
    "another script, of no known language": Plant(
        "scripts-differ",
        lambda: (REFERENCE, [*CANDIDATE[:360], *in_cyrillic(CANDIDATE[360:])]),
        {"script": "Latin", "reference_share": 1.0, "scripts": 2},
        ("of the letters, Latin", "instead of 100.0%; Cyrillic", "of one script"),
    ),
    "repeats in the reference": Plant(
        "documents-repeat",
        lambda: ([*REFERENCE, *copies(REFERENCE[:12], " again")], CANDIDATE),
        {"corpus": "reference", "role": "reference", "documents": 412, "repeats": 12,
         "share": 0.0291, "exact": True},
        ("12 of 412 documents of reference only repeat", "rare n-gram loss looks larger",
         "Take the repeats out of reference"),
    ),
    "repeats in the candidate": Plant(
        "documents-repeat",
        lambda: (REFERENCE, [*CANDIDATE, *copies(CANDIDATE[:100], " again")]),
        {"corpus": "candidate", "role": "candidate", "documents": 500, "repeats": 100,
         "share": 0.2, "exact": True},
        ("100 of 500 documents of candidate", "a loss of variety, and counts as such"),
    ),
    "repeats without ids of their own": Plant(
        "documents-repeat",
        lambda: ([*REFERENCE, *REFERENCE[:40]], CANDIDATE),
        {"role": "reference", "repeats": 40, "scattered_text_share": 0.0},
        ("so losses look smaller than they are",),
    ),
    "repeats of the candidate without ids": Plant(
        "documents-repeat",
        lambda: (REFERENCE, [*CANDIDATE, *CANDIDATE[:40]]),
        {"role": "candidate", "repeats": 40, "scattered_text_share": 0.0},
        ("count as one document", "--id-field"),
    ),
    "ids that begin anew in every shard": Plant(
        "ids-repeat",
        lambda: (REFERENCE, [Document(d.text, f"{i % 100}") for i, d in enumerate(CANDIDATE)]),
        {"corpus": "candidate", "documents": 400, "ids": 100, "texts": 400, "exact": True},
        ("The 400 documents of candidate hold 400 different texts under 100 ids",
         "(--id-field '')", "--cluster-field"),
    ),
    "documents in both": Plant(
        "corpora-overlap",
        lambda: (REFERENCE, [*CANDIDATE[:360], *copies(REFERENCE[:40], " too")]),
        {"documents": 400, "common": 40, "share": 0.1, "exact": True},
        ("40 of 400 documents of candidate are also in reference", "can show no loss"),
    ),
    "a part of the reference": Plant(
        "corpora-overlap",
        lambda: (REFERENCE, copies(REFERENCE[:300], " too")),
        {"documents": 300, "common": 300, "share": 1.0, "text_share": 1.0},
        ("All 300 documents of candidate are also in reference",),
    ),
    "the same corpus": Plant(
        "corpora-overlap",
        lambda: (REFERENCE, REFERENCE),
        {"documents": 400, "common": 400, "share": 1.0},
        ("candidate and reference are the same documents",),
    ),
    "another size": Plant(
        "sizes-differ",
        lambda: (LARGE[140:], LARGE[:130]),
        {"candidate": "candidate"},
        ("times in size", "a sample of its documents of the smaller one's size"),
    ),
    "too few documents for a test": Plant(
        "too-little-text",
        lambda: (REFERENCE, CANDIDATE[:79]),
        {"corpus": "candidate", "clusters": 79, "groups": 8},
        ("79 in candidate, and it takes about 80", "without errors"),
    ),
    "too few words for a clean bill": Plant(
        "too-little-text",
        lambda: (REFERENCE, CANDIDATE[:100]),
        {"corpus": "candidate", "clusters": 100, "groups": 16},
        ("words could be matched: candidate has", "at most four fifths", "below 20,000 the"),
    ),
}  # fmt: skip


def named(reference: Corpus, candidate: Corpus, tmp_path: Path) -> tuple[Path, Path]:
    """Return profiles of both, saved under the names reference and candidate."""
    paths = tmp_path / "reference.profile", tmp_path / "candidate.profile"
    for path, corpus in zip(paths, (reference, candidate), strict=True):
        # Without sampled texts: no warning may need them, but one of how they are written.
        made = degrade.profile(corpus, metrics=["types_1"], workers=1, sampled_documents=0)
        made.save(path)
    return paths


@pytest.mark.parametrize("cause", PLANTS)
def test_a_planted_cause_gives_its_warning_and_no_other(cause, tmp_path):
    plant = PLANTS[cause]
    run = compared(*named(*plant.corpora(), tmp_path))
    assert [warning.code for warning in run.warnings] == [plant.code]
    (warning,) = run.warnings
    assert {key: warning.data[key] for key in plant.data} == plant.data
    for words in plant.words:
        assert words in warning.message


def test_without_a_cause_there_is_no_warning(tmp_path):
    assert compared(*named(REFERENCE, CANDIDATE, tmp_path)).warnings == ()
    assert compared(ENGLISH[:400], ENGLISH[400:]).warnings == ()
    assert compared(clustered(REFERENCE, 4, "a"), clustered(CANDIDATE, 4, "b")).warnings == ()


def test_letters_taken_apart_are_told_by_the_documents_that_are_kept():
    apart = accented(CANDIDATE, "NFD")
    (warning,) = compared(accented(REFERENCE, "NFC"), apart).warnings
    assert warning.code == "normalization-differs"
    assert warning.data["reference_share"] == 0.0
    assert warning.data["candidate_share"] > 0.5
    assert "Bring both to one form (NFC)" in warning.message
    assert compared(accented(REFERENCE, "NFD"), apart).warnings == ()
    assert compared(accented(REFERENCE, "NFC"), apart, sampled_documents=0).warnings == ()


def less(documents: Corpus, words: int) -> list[Document]:
    return [Document(" ".join(d.text.split()[:words]), d.id) for d in documents]


JUST_SHORT = {
    "letters": lambda: (
        accented(REFERENCE, "NFC"),
        [*accented(CANDIDATE[:397], "NFC"), *accented(CANDIDATE[397:], "NFD")],
    ),
    "lengths": lambda: (less(REFERENCE, 88), less(CANDIDATE, 81)),
    "clusters": lambda: (clustered(REFERENCE, 2, "a"), clustered(CANDIDATE, 3, "b")),
    "languages": lambda: (ENGLISH[:400], [*ENGLISH[400:793], *written("German", 7)]),
    "scripts": lambda: (REFERENCE, [*CANDIDATE[:394], *in_cyrillic(CANDIDATE[394:])]),
    "repeats": lambda: ([*REFERENCE, *copies(REFERENCE[:3], " again")], CANDIDATE),
    "repeats together": lambda: ([*REFERENCE, *REFERENCE[:15]], CANDIDATE),
    "overlap": lambda: (REFERENCE, [*CANDIDATE[:397], *copies(REFERENCE[:3], " too")]),
    "size": lambda: (LARGE[140:2_140], LARGE[:130]),
}


@pytest.mark.parametrize("cause", JUST_SHORT)
def test_less_of_a_cause_than_matters_gives_no_warning(cause):
    assert compared(*JUST_SHORT[cause]()).warnings == ()


def test_one_language_more_in_a_few_groups_is_noise():
    # 32 of 400 documents, but all of three clusters: other clusters would be of other languages.
    german = [Document(d.text, d.id, f"g {i % 3}") for i, d in enumerate(written("German", 32))]
    mixed = [*clustered(ENGLISH[400:768], 1, "b"), *german]
    found = compared(clustered(ENGLISH[:400], 1, "a"), mixed).warnings
    assert "languages-differ" not in [warning.code for warning in found]
    spread = [Document(d.text, d.id, f"s {i}") for i, d in enumerate(german)]
    found = compared(
        clustered(ENGLISH[:400], 1, "a"), [*clustered(ENGLISH[400:768], 1, "b"), *spread]
    ).warnings
    assert "languages-differ" in [warning.code for warning in found]


def test_japanese_in_more_kana_is_no_other_script():
    rng = np.random.default_rng(2)
    kana, han = [chr(c) for c in range(0x3041, 0x3090)], [chr(c) for c in range(0x4E00, 0x4F00)]

    def japanese(kana_share, name):
        texts = [
            "".join(rng.choice(kana if rng.random() < kana_share else han) for _ in range(120))
            for _ in range(100)
        ]
        return [Document(text, f"{name} {i}") for i, text in enumerate(texts)]

    found = compared(japanese(0.3, "a"), japanese(0.6, "b")).warnings
    assert {w.code for w in found} <= {"lengths-differ", "too-little-text", "layer-does-not-fit"}
    chinese = compared(japanese(0.3, "a"), japanese(0.0, "c")).warnings
    (warning,) = [w for w in chinese if w.code == "languages-differ"]
    assert {"Chinese", "Japanese"} <= {*warning.message.replace(",", "").split()}


def sampled(profile: Profile, threshold: int) -> Profile:
    """Drop the n-grams above a hash, as a census does that is full."""
    for level in profile.levels:
        for summary in level.values():
            if isinstance(summary, Census):
                summary._runs = [summary.table.below(threshold)]
    return profile


def test_counts_of_a_sample_are_told_of_each_corpus():
    profiles = [degrade.profile(c, metrics=["types_2"]) for c in (REFERENCE, CANDIDATE)]
    assert degrade.compare(*profiles, metrics=["types_2"]).warnings == ()
    cut = [sampled(profile, ALL_HASHES // 4) for profile in profiles]
    run = degrade.compare(*cut, metrics=["types_2"])
    assert [warning.code for warning in run.warnings] == ["counts-sampled"] * 2
    for warning, corpus in zip(run.warnings, run.record.corpora, strict=True):
        assert not corpus.exact
        assert warning.data == {
            "corpus": corpus.name, "layer": "word", "n": 2, "share": 0.25, "sampled": 1,
            "listed_share": 0.25,
        }  # fmt: skip
        assert "25.0%" in warning.message
        assert "their intervals hold the error of the sample" in warning.message


def test_shares_of_a_sample_of_texts_are_told_as_such(monkeypatch, tmp_path):
    monkeypatch.setattr(contents, "CAPACITY", 150)
    paths = named(REFERENCE, [*CANDIDATE[:200], *copies(CANDIDATE[:200], " again")], tmp_path)
    (warning,) = compared(*paths).warnings
    assert not warning.data["exact"]
    assert warning.data["documents"] == 300
    assert "about 50.0% of the documents of candidate only repeat" in warning.message
    shared = named(REFERENCE, [*REFERENCE[:200], *CANDIDATE[:200]], tmp_path)
    (warning,) = compared(*shared).warnings
    assert (warning.code, warning.data["exact"]) == ("corpora-overlap", False)
    assert warning.data["share"] == pytest.approx(0.5, abs=0.15)
    assert "documents of candidate, in a sample by text, are also in" in warning.message


RARE = ["types_1", "rare_loss_1", "rare_loss_2", "rare_loss_3"]


def test_a_part_of_the_reference_is_one_warning_with_both_consequences():
    run = compared(REFERENCE, copies(REFERENCE[:350], " too"), metrics=RARE)
    assert run.record.corpora[0].reference_role == "training"
    (warning,) = run.warnings
    assert warning.code == "reference-is-training-data"
    assert warning.data["cause"] == "overlap"
    assert (warning.data["documents"], warning.data["common"]) == (350, 350)
    assert "can show no loss" in warning.message
    assert "rare n-gram loss is left out of the verdict" in warning.message


def test_training_data_and_overlap_are_told_of_each_candidate_once():
    overlapping = [*CANDIDATE[:300], *copies(REFERENCE[:100], " too")]
    run = degrade.compare(
        REFERENCE, CANDIDATE, overlapping, metrics=RARE, reference_role="training", workers=1
    )
    first, second = run.warnings
    assert (first.code, first.data["cause"]) == ("reference-is-training-data", "given")
    assert first.data["candidate"] == run.comparisons[0].candidate
    assert "was given as training data" in first.message
    assert (second.code, second.data["common"]) == ("corpora-overlap", 100)
    assert second.data["candidate"] == run.comparisons[1].candidate


def test_one_text_again_and_again_is_named_as_such_and_counts_with_ids():
    text = "the same few words, and nothing else. " * 30
    first = Document(text)
    others = (Document(f"{text} {i}") for i in range(1_000))
    # Of the eight groups that so few clusters are folded to, both are in one.
    second = next(d for d in others if stable_hash(d.id) % 8 == stable_hash(first.id) % 8)
    with pytest.raises(ProfileError, match=r"200 documents, all the same text.*--id-field"):
        compared(REFERENCE, [text] * 200)
    with pytest.raises(ProfileError, match="200 documents, but only 2 different texts"):
        compared(REFERENCE, [first, second] * 100)
    run = compared(REFERENCE, [Document(text, f"{i}") for i in range(200)])
    assert run.verdict.level == "moderate"
    assert run.verdict.direction == "worse"
    (warning,) = [w for w in run.warnings if w.code == "documents-repeat"]
    assert (warning.data["documents"], warning.data["repeats"]) == (200, 199)


def test_a_profile_of_an_earlier_version_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "old.profile"
    degrade.profile(CANDIDATE[:5], metrics=["types_1"]).save(path)
    header, sections = read_sections(path)
    header["needs"] = [need for need in header["needs"] if need[0] not in ("Contents", "Mix")]
    kept = {k: v for k, v in sections.items() if "contents" not in k and "mix" not in k}
    write_sections(path, header, kept.items())
    with pytest.raises(ProfileError, match=r"no contents\(\), no mix\(.*profile the corpus anew"):
        Profile.load(path)
