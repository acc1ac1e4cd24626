"""How a saved run says that its corpora are read again."""

import dataclasses

import pytest

import degrade
from degrade.options import Options
from degrade.rereading import settings_of_run

TEXTS = [[f"a few words of document {i} of side {side}" for i in range(90)] for side in "ab"]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"capacity": 50_000},
        {"capacity": 0},
        {"layer": "character"},
        {"limit": 85, "on_error": "skip"},
    ],
    ids=str,
)
def test_a_run_is_read_again_by_the_options_it_was_made_by(options):
    run = degrade.compare(*TEXTS, metrics=("types_1",), self_check=0, **options)
    again = Options(**settings_of_run(run.record, {}))
    made = Options(**options)
    for name in ("capacity", "layer", "limit", "on_error", "text_field", "split", "format"):
        assert getattr(again, name) == getattr(made, name), name


def test_what_is_given_now_comes_first():
    run = degrade.compare(*TEXTS, metrics=("types_1",), self_check=0)
    record = dataclasses.replace(run.record, settings={**run.record.settings, "text_field": "a"})
    assert settings_of_run(record, {"text_field": "b"})["text_field"] == "b"
    assert settings_of_run(record, {"text_field": None})["text_field"] == "a"
