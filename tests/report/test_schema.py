import json
from pathlib import Path

import pytest
from example_records import RECORDS, everything
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from degrade.report import run_file

PATH = Path(__file__).parents[2] / "docs" / "run-file.schema.json"
SCHEMA = json.loads(PATH.read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
CASES = everything()


def test_the_schema_is_itself_valid():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("reproducible", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_a_real_run_is_valid(name, reproducible):
    VALIDATOR.validate(json.loads(run_file.dump(CASES[name], reproducible=reproducible)))


@given(RECORDS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_record_is_valid_with_each_optional_there_and_not(record):
    VALIDATOR.validate(json.loads(run_file.dump(record)))


def objects(schema, place="$"):
    """Yield the place and the schema of every object in the schema."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield place, schema
        for key, item in schema.items():
            yield from objects(item, f"{place}.{key}")


def test_the_schema_is_strict_and_says_what_each_key_is():
    found = dict(objects(SCHEMA))
    assert len(found) > 12
    for place, schema in found.items():
        if "properties" not in schema:
            assert isinstance(schema["additionalProperties"], dict), place
            continue
        assert schema["additionalProperties"] is False, place
        assert set(schema["properties"]) - set(schema["required"]) <= {"run"}, place
        for key, item in schema["properties"].items():
            assert item.get("description", "").endswith("."), f"{place}.{key}"


def keys(value, place=()):
    """Yield the path of every key in plain data."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*place, key)
            yield from keys(item, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from keys(item, (*place, index))


FREE = {"settings", "run", "skipped", "data", "counts", "families", "noise_95", "rejection_rate"}


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in keys(json.loads(run_file.dump(CASES["severe"])))
        if path[-1] != "run" and not FREE & set(path[:-1])
    ],
    ids=lambda path: ".".join(map(str, path)),
)
def test_a_key_left_out_is_not_valid(path):
    assert_not_valid_without(path, json.loads(run_file.dump(CASES["severe"])))


def assert_not_valid_without(path, document):
    at = document
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]
    assert not VALIDATOR.is_valid(document)


TRENDS = json.loads(run_file.dump(CASES["generations"]))["trend"]


@pytest.mark.parametrize("path", list(keys(TRENDS[0])), ids=lambda path: ".".join(map(str, path)))
def test_a_key_of_a_trend_left_out_is_not_valid(path):
    document = json.loads(run_file.dump(CASES["generations"]))
    assert_not_valid_without(("trend", 0, *path), document)
