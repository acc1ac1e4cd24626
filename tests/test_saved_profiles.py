"""What a saved profile does not hold is said, and is no proof that nothing was lost."""

from __future__ import annotations

from pathlib import Path

import pytest

import degrade
from degrade.checking import check
from degrade.errors import ProfileError

SAMPLES = Path(__file__).resolve().parents[1] / "sample_corpora"


@pytest.fixture(scope="module")
def words_only(tmp_path_factory):
    path = tmp_path_factory.mktemp("profiles") / "words.profile"
    degrade.profile(SAMPLES / "gen0-heldout", metrics="types_1").save(path)
    return path


def test_primaries_that_a_saved_profile_lacks_are_listed_and_block_none(words_only):
    run = degrade.compare(words_only, SAMPLES / "gen0", self_check=0, evidence=False)
    lacking = {"shared_4", "types_2", "rare_loss_2", "rare_loss_3", "repetition_4"}
    assert set(run.verdict.not_computable) == lacking
    assert run.verdict.level == "inconclusive"
    notes = {finding.metric: finding.note for finding in run.findings}
    assert all("does not hold" in notes[name] for name in lacking)
    assert {w.data["metric"] for w in run.warnings if w.code == "not-computable"} == lacking
    (checked,) = check([SAMPLES / "gen0"], words_only)
    assert checked.outcome == "undecided"
    (each,) = check([SAMPLES / "gen0"], words_only, each=True)
    assert each.outcome == "undecided"


def test_a_loss_is_shown_by_what_the_profile_holds(words_only):
    (checked,) = check([SAMPLES / "gen5"], words_only)
    assert checked.outcome == "failed"


def test_what_was_not_asked_for_is_not_missed(words_only):
    run = degrade.compare(
        words_only, SAMPLES / "gen0", metrics="types_1,simpson", self_check=0, evidence=False
    )
    assert run.verdict.not_computable == ()
    assert run.verdict.level == "none"
    with pytest.raises(ProfileError, match="does not hold what types_2 needs"):
        degrade.compare(words_only, SAMPLES / "gen0", metrics="types_2")
