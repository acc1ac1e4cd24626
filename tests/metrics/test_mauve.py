"""MAUVE: the area in closed form and by quadrature, clusters, and vectors of a tiny model."""

import numpy as np
import pytest
from made_model import WORDS, made_model, needs_torch, quiet
from scipy import integrate, special

import degrade
from degrade.errors import UndefinedMetricError, UsageError
from degrade.testing import check_metric
from degrade.text.document import Document
from degrade_metrics import mauve as module
from degrade_metrics.mauve import frontier_area, last_hidden_state, mauve, mauve_under


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return made_model(tmp_path_factory.mktemp("models") / "tiny")


def area_by_quadrature(p, q, scaling):
    """Return the area under the whole frontier: y dx over w from 1 to 0."""

    def y(w):
        return np.exp(-scaling * special.rel_entr(p, w * p + (1 - w) * q).sum())

    def slope(w):
        mixture = w * p + (1 - w) * q
        x = np.exp(-scaling * special.rel_entr(q, mixture).sum())
        # d KL(q | r) / dw = -sum q (p - q) / r.
        held = q > 0
        return -x * scaling * (q[held] * (p - q)[held] / mixture[held]).sum()

    # Beside the curve, from (0, y) to its first point and down from its last, the area is y x.
    first = np.exp(-scaling * special.rel_entr(q, p).sum())
    curve, _ = integrate.quad(lambda w: y(w) * slope(w), 0, 1, limit=200)
    return curve, first


@pytest.mark.parametrize("scaling", [1.0, 5.0])
def test_area_of_what_shares_nothing_is_a_beta_function(scaling):
    # KL(q | r) = -log(1 - w) and KL(p | r) = -log w, so the area is that of w^c d(1 - w)^c.
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.0, 0.0, 1.0])
    exact = scaling * special.beta(scaling + 1, scaling)
    assert frontier_area(p, q, scaling, points=20_001) == pytest.approx(exact, rel=1e-4)
    if scaling == 5.0:
        assert exact == pytest.approx(0.003968254, rel=1e-6)
        assert frontier_area(p, q) < 0.01


@pytest.mark.parametrize("seed", range(5))
def test_area_is_that_under_the_whole_frontier(seed):
    rng = np.random.default_rng(seed)
    p, q = rng.dirichlet(np.ones(6), 2)
    curve, first = area_by_quadrature(p, q, 5.0)
    # To the left of the curve the line from (0, 1) falls to it: KL(p | p) is 0, so it is level.
    exact = abs(curve) + first
    assert frontier_area(p, q, points=20_001) == pytest.approx(exact, rel=1e-4)
    assert frontier_area(p, q) == pytest.approx(exact, abs=0.01)
    assert frontier_area(q, p) == pytest.approx(frontier_area(p, q), rel=1e-12)


def test_area_by_hand_for_three_points():
    # p = (1, 0), q = (1/2, 1/2), c = 1: at w = 1/2 r = (3/4, 1/4), exp(-KL(q | r)) = sqrt(3) / 2,
    # exp(-KL(p | r)) = 3/4. At w = 1 - 1e-6 r is all but p: x = sqrt(4 r1 r2), nearly 0; at the
    # other end r is q: y = 1/2.
    p, q = np.array([1.0, 0.0]), np.array([0.5, 0.5])
    x = np.sqrt(3) / 2
    lines = x * (1 + 0.75) / 2 + (1 - x) * (0.75 + 0.5) / 2
    assert frontier_area(p, q, 1.0, 3) == pytest.approx(lines, abs=1e-3)


def test_the_same_distribution_has_area_one():
    p = np.random.default_rng(0).dirichlet(np.ones(20))
    assert frontier_area(p, p) == pytest.approx(1.0, abs=1e-12)


def drawn(seed, count, centre=0.0, dimensions=6):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(count, dimensions)) + centre).astype(np.float32)


def test_samples_that_are_one_are_one_and_samples_far_apart_are_near_none():
    sample = drawn(1, 200)
    assert mauve(sample, sample.copy()) == pytest.approx(1.0, abs=1e-12)
    near, far = drawn(2, 200, centre=5.0), drawn(3, 200, centre=-5.0)
    assert mauve(near, far) < 0.01
    between = [mauve(drawn(4, 400), drawn(5, 400, centre=c)) for c in (0.0, 0.3, 0.6, 1.2)]
    assert between == sorted(between, reverse=True)
    assert between[0] > 0.9


def test_clusters_of_well_parted_points_are_found():
    centres = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])
    rng = np.random.default_rng(0)
    of = rng.integers(0, 4, 200)
    points = centres[of] + rng.normal(size=(200, 2)) * 0.5
    labels = module._clusters(points, 4, rng)
    assert len({*zip(of.tolist(), labels.tolist(), strict=True)}) == 4


def test_components_explain_nine_tenths_of_the_variance():
    vectors = drawn(6, 500) * np.array([9, 3, 1, 0.1, 0.1, 0.1], dtype=np.float32)
    scaled = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    values = np.sort(np.linalg.eigvalsh(np.cov(scaled.T)))[::-1]
    share = np.cumsum(values) / values.sum()
    kept = module._reduced(vectors)
    assert share[kept.shape[1] - 1] >= 0.9 > share[kept.shape[1] - 2]
    assert kept.var(axis=0, ddof=1) == pytest.approx(values[: kept.shape[1]], rel=1e-4)


def test_vectors_that_are_all_one_are_no_value():
    same = np.ones((50, 4), dtype=np.float32)
    with pytest.raises(UndefinedMetricError, match="no two documents apart"):
        mauve(same, same)


@needs_torch
@quiet
def test_a_vector_is_the_state_at_the_last_token_read(folder):
    import torch
    import transformers

    model = transformers.GPT2LMHeadModel.from_pretrained(folder).eval()
    for text, tokens in (("ba da ki tan be", 5), ("ba " * 70, 20), ("ba " * 70, 100)):
        ids = [WORDS.index(word) for word in text.split()][: min(tokens, 32)]
        with torch.inference_mode():
            states = model.transformer(torch.tensor([ids])).last_hidden_state
        found = last_hidden_state(text, str(folder), tokens)
        assert found == pytest.approx(states[0, -1].numpy(), rel=1e-5, abs=1e-6)
    assert last_hidden_state("", str(folder), 5) is None


def corpora(sizes=(300, 300, 300)):
    rng = np.random.default_rng(1)
    kinds = (WORDS[2:], WORDS[2:], WORDS[2:5])
    return [
        [" ".join(rng.choice(words, 12)) for _ in range(size)]
        for words, size in zip(kinds, sizes, strict=True)
    ]


@needs_torch
@quiet
def test_it_is_compared_from_a_plugin_file_and_from_profiles(folder, tmp_path):
    file = tmp_path / "near.py"
    file.write_text(
        "from degrade_metrics.mauve import mauve_under\n"
        f"METRICS = (mauve_under({str(folder)!r}, documents=200),)\n",
        encoding="utf-8",
    )
    reference, like, unlike = corpora()
    options = {"metrics": ["mauve"], "plugins": [file], "workers": 1}
    run = degrade.compare(reference, like, unlike, self_check=0, **options)
    (near,), (far,) = ([*each.findings] for each in run.comparisons)
    assert near.reference.value == far.reference.value
    assert near.candidate.value > 0.8
    assert far.candidate.value < 0.5
    assert (near.p, near.error) == (None, None)
    saved = [tmp_path / "reference.profile", tmp_path / "unlike.profile"]
    for place, texts in zip(saved, (reference, unlike), strict=True):
        degrade.profile(texts, sampled_documents=0, **options).save(place)
    again = degrade.compare(*saved, self_check=0, **options)
    assert again.findings[0].candidate.value == far.candidate.value


@needs_torch
@quiet
def test_too_few_documents_have_no_value(folder, tmp_path):
    file = tmp_path / "near.py"
    file.write_text(
        "from degrade_metrics.mauve import mauve_under\n"
        f"METRICS = (mauve_under({str(folder)!r}),)\n",
        encoding="utf-8",
    )
    reference, candidate, _ = corpora((300, 15, 0))
    run = degrade.compare(
        reference, candidate, metrics=["mauve"], plugins=[file], workers=1, self_check=0
    )
    assert run.findings[0].change is None
    assert "fewer than 20 documents" in run.findings[0].note


@needs_torch
@quiet
def test_it_keeps_the_laws_of_metrics(folder):
    (texts, _, _) = corpora((200, 0, 0))
    documents = [Document(text, str(i)) for i, text in enumerate(texts)]
    check_metric(mauve_under(folder, documents=100), documents=documents)


def test_a_folder_without_a_model_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"config\.json"):
        mauve_under(tmp_path)
