"""The pytest plugin: a test of text passes, fails with the short report, or is skipped."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from unittest import SkipTest

import pytest

import degrade as library
from degrade.configuration import Check, Configuration
from degrade.errors import UsageError
from degrade.testing import assert_no_degradation

pytest_plugins = ["pytester"]
SAMPLES = Path(__file__).resolve().parents[1] / "sample_corpora"
HEAVY = {"numba", "numpy", "pandas", "scipy"}


def texts_of(generation):
    with (SAMPLES / generation / "part-000.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    path = tmp_path_factory.mktemp("baseline") / "human.profile"
    library.profile(SAMPLES / "gen0-heldout", metrics="primary").save(path)
    return path


@pytest.fixture
def project(pytester, baseline):
    """A project with settings, and tests of good, bad and little text."""
    settings = f"[tool.degrade.check]\nbaseline = {json.dumps(str(baseline))}\n"
    pytester.makepyprojecttoml(settings)
    pytester.makepyfile(
        made=f"""
        import json
        def texts(generation, documents=None):
            path = {str(SAMPLES)!r} + "/" + generation + "/part-000.jsonl"
            with open(path, encoding="utf-8") as lines:
                return [json.loads(line)["text"] for line in lines][:documents]
        """,
        test_texts="""
        from made import texts
        def test_good(degrade):
            assert degrade.assert_no_degradation(texts("gen0")).outcome == "passed"
        def test_bad(degrade):
            degrade.assert_no_degradation(texts("gen5"))
        def test_bad_with_limits(degrade):
            off = dict.fromkeys(("lexical diversity", "rare n-gram loss"), (0.7, 0.8, 0.9))
            degrade.assert_no_degradation(texts("gen5"), fail_on="severe", thresholds=off)
        def test_little(degrade):
            degrade.assert_no_degradation(texts("gen0", 100))
        def test_little_that_must_do(degrade):
            degrade.assert_no_degradation(texts("gen0", 100), on_inconclusive="fail")
        def test_little_that_passes(degrade):
            degrade.assert_no_degradation(texts("gen0", 1), on_inconclusive="pass")
        """,
    )
    return pytester


def test_text_passes_fails_with_the_short_report_or_is_skipped(project):
    ran = project.runpytest_inprocess("-rs", "-p", "no:cacheprovider")
    ran.assert_outcomes(passed=3, failed=2, skipped=1)
    ran.stdout.fnmatch_lines(
        [
            "*_ test_bad _*",
            "E * texts: failed",
            "E *has lost rare words and phrases*",
            "E *Different words (types): -47*%*",
            "E *In fewer documents than before: *",
            "*_ test_little_that_must_do _*",
            "E * texts: too little text to tell",
            "SKIPPED * texts: too little text to tell*",
        ]
    )
    # The test is what failed: of the inside of the assertion, nothing is shown.
    ran.stdout.no_fnmatch_line("*degradation.py*")


def test_settings_come_from_the_project_and_the_arguments_first(project):
    path = project.path / "pyproject.toml"
    said = path.read_text(encoding="utf-8")
    path.write_text(said + '\nfail_on = "severe"\non_inconclusive = "pass"\n', encoding="utf-8")
    project.makepyfile(
        test_texts="""
        from made import texts
        LIMITS = dict.fromkeys(("lexical diversity", "rare n-gram loss"), (0.7, 0.8, 0.9))
        def test_moderate_is_not_severe(degrade):
            degrade.assert_no_degradation(texts("gen5"), thresholds=LIMITS)
        def test_moderate(degrade):
            degrade.assert_no_degradation(texts("gen5"), fail_on="moderate", thresholds=LIMITS)
        def test_little(degrade):
            degrade.assert_no_degradation(texts("gen0", 100))
        """
    )
    project.runpytest_inprocess().assert_outcomes(passed=2, failed=1)


def test_the_plugin_is_found_and_loads_nothing_that_computes():
    (entry,) = entry_points(group="pytest11", name="degrade")
    assert entry.value == "degrade.pytest_plugin"
    code = (
        "import sys, degrade.pytest_plugin; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & HEAVY == set()


def test_a_baseline_is_the_one_of_the_folder_that_is_current(tmp_path, monkeypatch):
    import degrade
    from degrade.configuration import Configuration
    from degrade.pytest_plugin import Degradation

    held = Degradation(Configuration())
    for name, number in (("one", 3), ("two", 5)):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        degrade.profile([f"text {i}" for i in range(number)]).save("b.profile")
        assert held._opened("b.profile").profile.documents == number


def test_the_assertion_needs_no_pytest(baseline):
    settings = Configuration(check=Check(baseline=str(baseline)))
    assert assert_no_degradation(texts_of("gen0"), settings=settings).outcome == "passed"
    with pytest.raises(AssertionError, match="has lost rare words and phrases"):
        assert_no_degradation(texts_of("gen5"), str(baseline), settings=Configuration())
    with pytest.raises(SkipTest, match="tokens of each would decide"):
        assert_no_degradation(texts_of("gen0")[:100], settings=settings)


def test_what_is_missing_or_wrong_is_an_error_not_a_failure(baseline):
    with pytest.raises(UsageError, match="no baseline: name one, or set baseline"):
        assert_no_degradation(["text"], settings=Configuration())
    with pytest.raises(UsageError, match="fail_on is one of minor, moderate, severe, not 'low'"):
        assert_no_degradation(["text"], baseline, fail_on="low", settings=Configuration())
