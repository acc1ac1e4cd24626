"""How much memory counting may take."""

import pytest

from degrade import api
from degrade.errors import UsageError
from degrade.options import options_of
from degrade.plan import CAPACITY, LEEWAY
from degrade.planning import BYTES_PER_ENTRY, chosen_metrics, plan_of
from degrade.summaries import Census


def plan(**given):
    options = options_of({"metrics": ["primary"], **given})
    return plan_of(chosen_metrics(options, None), options, None)


def test_capacity_is_what_is_asked_for_or_the_default():
    assert (plan().capacity, plan().leeway) == (CAPACITY, LEEWAY)
    for said in (5_000, 0):
        assert plan(capacity=said).capacity == plan(capacity=said).leeway == said


def test_memory_is_shared_by_censuses_and_workers():
    counted = plan(memory=4 * 10**9, workers=2)
    censuses = sum(need.summary is Census for need in counted.needs)
    assert censuses == 4
    assert counted.capacity == counted.leeway == 4 * 10**9 // (BYTES_PER_ENTRY * censuses * 2)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"capacity": 10, "memory": 10**9}, "give one of them"),
        ({"capacity": -1}, "cannot hold -1 entries"),
        ({"memory": 10**6}, "too little memory for 4 censuses"),
    ],
)
def test_what_cannot_be_is_said(given, said):
    with pytest.raises(UsageError, match=said):
        plan(**given)


@pytest.mark.parametrize(
    ("said", "entries"), [("48MB", 10**5), ("48 M", 10**5), ("0.048g", 10**5), ("480KiB", None)]
)
def test_sizes_are_read_with_their_units(degrade, tmp_path, said, entries):
    text = tmp_path / "a.txt"
    text.write_text("some words of a text\n" * 50, encoding="utf-8")
    status, _, errors = degrade(
        "profile", text, "-o", tmp_path / "a.profile", "--metrics", "primary", "--workers", 1,
        "--memory", said,
    )  # fmt: skip
    if entries is None:
        assert status == 2
        assert "0 MB is too little memory" in errors
        return
    assert status == 0
    profile = api.load_profile(tmp_path / "a.profile")
    (capacity,) = {s.capacity for s in profile.levels[0].values() if isinstance(s, Census)}
    assert capacity == entries


@pytest.mark.parametrize("said", ["much", "-3GB", "4 bananas"])
def test_what_is_no_size_is_refused(degrade, tmp_path, said):
    status, _, errors = degrade("profile", tmp_path, "-o", tmp_path / "a.profile", "--memory", said)
    assert status == 2
    assert "is no size" in errors
