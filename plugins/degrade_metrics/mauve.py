"""MAUVE: how near two corpora are where a language model sees them.

Not among the metrics that are always there, since it takes a model. A plugin file names one::

    from degrade_metrics.mauve import mauve_under

    METRICS = (mauve_under("models/gpt2-large"),)

and ``degrade compare A B --plugin file.py --metrics mauve`` embeds a sample of documents during the
pass over the text. Nothing is downloaded, and no code or pickle in the folder is run.

The area and the steps to it are those of Pillutla et al. 2021. Other than there, the candidate is
compared with each half of the reference, beside these halves with each other; 2,000 documents of a
corpus and 256 tokens of each are looked at unless more are asked for, not 5,000 and 1,024; and
k-means is Lloyd's from k-means++, the best of five, where the published code uses that of faiss.
"""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.spatial import distance

from degrade.errors import UndefinedMetricError
from degrade.metric import PairMetric, View
from degrade.summaries import Embeddings, Need
from degrade.text.model_folders import fingerprint, model_folder
from degrade_metrics.neural import language_model

SCALING = 5.0
POINTS = 25
EXPLAINED = 0.9
RESTARTS = 5
ROUNDS = 500
PER_CLUSTER = 10
"""Documents of each corpus for a cluster."""
FEWEST = 2 * PER_CLUSTER
_SEED = 0

Floats = NDArray[np.float64]


def mauve_under(
    folder: str | Path, *, name: str = "mauve", documents: int = 2_000, tokens: int = 256
) -> PairMetric:
    """Return MAUVE in the states of the model in ``folder``, of up to ``documents`` a corpus.

    Of each, the first ``tokens`` tokens are read. The folder is one that ``save_pretrained`` makes:
    configuration, tokenizer and safetensors. Raises UsageError where there is no such folder.
    """
    place = model_folder(folder)
    need = Need(
        Embeddings,
        measure=partial(last_hidden_state, folder=str(place), tokens=tokens),
        documents=documents,
        tokens=tokens,
        model=fingerprint(place),
    )
    return PairMetric(
        name=name,
        title=f"MAUVE under {place.name}",
        family="shift",
        unit="area, 0 to 1",
        scale="difference",
        worse="lower",
        needs=(need,),
        compute=partial(_mauve, need=need),
        threshold_unit="points",
        default=False,
        tested=False,
        requires="a model in a folder, and pip install 'degrade[neural]'",
        source="Pillutla et al. 2021, section 3, eq. 2 and 3; quantised as in their appendix C",
        description="How near the candidate is to the reference, where documents are the last "
        "state of a language model: 1 where both are spread alike over clusters of such states, "
        "near 0 where they share none. Beside it stands how near one half of the reference is to "
        "the other, which is as near as text of one source comes.",
        formula="area under {(exp(-c KL(Q | R)), exp(-c KL(P | R))): R = w P + (1 - w) Q, "
        "0 < w < 1}, c = 5; P and Q the shares of k joint clusters, k = n / 10; the candidate with "
        "each half of the reference, averaged",
        undefined=f"fewer than {FEWEST} documents of the candidate or of a half of the reference "
        "are in the sample, or the model tells no two of them apart",
        pitfalls="It depends on the number of documents, which is the same on both sides, on the "
        "model and on the length of documents: read the candidate's value beside the reference's, "
        "not beside published ones, which have 5,000 texts and k = 500. Documents of other lengths "
        "end otherwise: let the tokens read be fewer than most hold. It has no error here, for "
        "each clustering is another.",
    )


def last_hidden_state(text: str, folder: str, tokens: int) -> NDArray[np.float32] | None:
    """Return the last layer's state at the last of the first ``tokens`` tokens, (dimensions,).

    Of the model in ``folder``, which sees no special tokens; None where the text has no tokens.
    Texts go through it one by one, so that a vector does not depend on what was read with it.
    """
    model, tokenizer, context = language_model(folder)
    torch = importlib.import_module("torch")
    ids = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
    ids = ids[: min(tokens, context)]
    if not ids:
        return None
    with torch.inference_mode():
        found = model(torch.tensor([ids], device=model.device), output_hidden_states=True)
    state: NDArray[np.float32] = found.hidden_states[-1][0, -1].float().cpu().numpy().copy()
    return state


def frontier_area(p: Floats, q: Floats, scaling: float = SCALING, points: int = POINTS) -> float:
    """Return the area under the divergence frontier of two distributions, (clusters,) each.

    Pillutla et al. 2021, eq. 3: points (exp(-c KL(q | r)), exp(-c KL(p | r))) for r = w p + (1 - w)
    q at ``points`` even w, between (0, 1) and (1, 0), joined by lines. 1 for p = q; for
    distributions that share nothing c B(c + 1, c), .004 at c = 5, in the limit of many points.
    """
    weights = np.linspace(1 - 1e-6, 1e-6, points)[:, None]
    mixtures = weights * p + (1 - weights) * q
    x = np.exp(-scaling * special.rel_entr(q, mixtures).sum(axis=1))
    y = np.exp(-scaling * special.rel_entr(p, mixtures).sum(axis=1))
    x, y = np.concatenate(([0.0], x, [1.0])), np.concatenate(([1.0], y, [0.0]))
    return float((np.diff(x) * (y[1:] + y[:-1])).sum() / 2)


def mauve(p: NDArray[np.float32], q: NDArray[np.float32], seed: int = _SEED) -> float:
    """Return MAUVE of two samples of vectors, (documents, dimensions) each.

    Vectors are scaled to length 1, reduced to the principal components that explain nine tenths of
    their variance, and clustered jointly by k-means, with a cluster for ten documents of the
    smaller sample (appendix C of the paper). Raises UndefinedMetricError where all vectors are one.
    """
    count = max(2, round(min(len(p), len(q)) / PER_CLUSTER))
    labels = _clusters(_reduced(np.concatenate((p, q))), count, np.random.default_rng(seed))
    shares = [np.bincount(part, minlength=count) / len(part) for part in np.split(labels, [len(p)])]
    return frontier_area(shares[0], shares[1])


def _reduced(vectors: NDArray[np.float32]) -> Floats:
    """Return the principal components that explain ``EXPLAINED`` of the variance."""
    scaled = vectors.astype(np.float64)
    scaled /= np.maximum(np.linalg.norm(scaled, axis=1, keepdims=True), 1e-12)
    left, singular, _ = np.linalg.svd(scaled - scaled.mean(axis=0), full_matrices=False)
    variance = np.cumsum(singular**2)
    if variance[-1] <= 1e-12 * len(scaled):
        raise UndefinedMetricError("the model tells no two documents apart")
    kept = int(np.searchsorted(variance, EXPLAINED * variance[-1])) + 1
    found: Floats = (left * singular)[:, :kept]
    return found


def _clusters(points: Floats, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the cluster of each point: k-means (Lloyd 1982), the best of ``RESTARTS``."""
    best, least = np.zeros(len(points), dtype=np.int64), np.inf
    for _ in range(RESTARTS):
        centres = _seeded(points, count, rng)
        labels = np.full(len(points), -1)
        for _ in range(ROUNDS):
            far = distance.cdist(points, centres, "sqeuclidean")
            nearest = far.argmin(axis=1)
            if (nearest == labels).all():
                break
            labels = nearest
            sizes = np.bincount(labels, minlength=count)
            sums = np.zeros_like(centres)
            np.add.at(sums, labels, points)
            # A centre that has lost all its points stays where it is.
            held = sizes > 0
            centres[held] = sums[held] / sizes[held, None]
        spread = float(far.min(axis=1).sum())
        if spread < least:
            best, least = labels.astype(np.int64), spread
    return best


def _seeded(points: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Return centres to begin with: points, each as likely as far from those before it.

    Arthur and Vassilvitskii 2007, k-means++.
    """
    chosen = [int(rng.integers(len(points)))]
    far = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < count:
        total = far.sum()
        if total <= 0:
            # Fewer different points than clusters: some stay empty.
            chosen += [chosen[0]] * (count - len(chosen))
            break
        drawn = int(np.searchsorted(np.cumsum(far), rng.random() * total, side="right"))
        chosen.append(min(drawn, len(points) - 1))
        far = np.minimum(far, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return points[chosen].copy()


def _mauve(reference: View, candidate: View, need: Need) -> tuple[float, float]:
    """Return MAUVE of the halves of the reference, and of the candidate with each, averaged."""
    groups, vectors = cast(Embeddings, reference.summary(need)).vectors()
    inside = reference.inside[groups]
    parts = [vectors[inside & (groups % 2 == half)] for half in (0, 1)]
    groups, vectors = cast(Embeddings, candidate.summary(need)).vectors()
    parts.append(vectors[candidate.inside[groups]])
    number = min(map(len, parts))
    if number < FEWEST:
        raise UndefinedMetricError(
            f"fewer than {FEWEST} documents of the candidate or of a half of the reference are in "
            "the sample"
        )
    one, other, theirs = (part[:number] for part in parts)
    return mauve(one, other), (mauve(one, theirs) + mauve(other, theirs)) / 2
