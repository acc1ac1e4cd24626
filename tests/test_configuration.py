"""A project's settings: found above, checked key by key, relative to their own folder."""

import pytest

from degrade import configuration
from degrade.errors import InputError, UsageError


def written(folder, text, name="degrade.toml"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_every_setting_is_read(tmp_path):
    file = written(
        tmp_path,
        """
        text_field = "body"
        metrics = ["primary", "repetition"]
        memory = "2GB"
        alpha = 0.01
        plugins = ["metrics/mine.py"]
        thresholds = {types_1 = [0.03, 0.1, 0.25]}
        text_fields = {gen5 = "output"}
        [check]
        baseline = "baselines/human.profile"
        paths = ["data", "s3://bucket/more"]
        each = true
        fail_on = "minor"
        on_inconclusive = "pass"
        """,
    )
    found = configuration.load(file)
    assert found.options == {
        "text_field": "body",
        "metrics": ("primary", "repetition"),
        "memory": "2GB",
        "alpha": 0.01,
        "plugins": (str(tmp_path / "metrics/mine.py"),),
        "thresholds": {"types_1": (0.03, 0.1, 0.25)},
        "text_fields": {"gen5": "output"},
    }
    assert found.check == configuration.Check(
        str(tmp_path / "baselines/human.profile"),
        (str(tmp_path / "data"), "s3://bucket/more"),
        True,
        "minor",
        "pass",
    )


def test_a_baseline_is_a_name_where_there_is_a_store_and_else_a_path(tmp_path):
    baseline = '[check]\nbaseline = "human"\n'
    found = configuration.load(written(tmp_path, baseline))
    assert found.check.baseline == str(tmp_path / "human")
    found = configuration.load(written(tmp_path, f'store = "kept"\n{baseline}'))
    assert (found.store, found.check.baseline) == (str(tmp_path / "kept"), "human")
    found = configuration.load(written(tmp_path, 'store = "kept"\n[check]\nbaseline = "./human"\n'))
    assert found.check.baseline == str(tmp_path / "human")


def test_what_the_library_takes_is_as_it_takes_it(tmp_path):
    found = configuration.load(written(tmp_path, 'store = "kept"\nmemory = "2MB"\nalpha = 0.1\n'))
    assert found.comparing() == {"memory": 2_000_000, "alpha": 0.1}


def test_the_nearest_settings_count_and_none_beyond_the_repository(tmp_path):
    shared = "[tool.degrade]\nalpha = 0.01\n[tool.other]\nx = 1\n"
    outer = written(tmp_path, "alpha = 0.2\n")
    inner = written(tmp_path / "repository", shared, "pyproject.toml")
    below = tmp_path / "repository" / "a" / "b"
    below.mkdir(parents=True)
    assert configuration.find(below).file == inner
    own = written(tmp_path / "repository", "alpha = 0.1\n")
    assert configuration.find(below).file == own
    # A pyproject.toml that says nothing of degrade is none of its settings.
    written(tmp_path / "repository" / "a", "[project]\nname = 'x'\n", "pyproject.toml")
    assert configuration.find(below).file == own
    own.unlink()
    inner.unlink()
    assert configuration.find(below).file == outer
    (tmp_path / "repository" / ".git").mkdir()
    assert configuration.find(below) == configuration.Configuration()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.degrade]\nalpha = 0.1", "no setting tool: .* leave it out here, as in"),
        ("metric = 'types_1'", r"no setting metric; did you mean 'metrics'\?"),
        ("[check]\nbase = 'x'", r"no setting check.base; did you mean 'baseline'\?"),
        ("alpha = 'small'", "alpha is a number, not 'small'"),
        ("workers = 1.5", "workers is a whole number, not 1.5"),
        ("workers = -1", "workers is a whole number, not -1"),
        ("metrics = [1]", "metrics is a list of strings"),
        ("memory = 'much'", 'memory is a size, as "500MB", not .much'),
        ("memory = true", 'memory is a size, as "500MB", not True'),
        ("test = 'bootstrap'", "test is one of jackknife, permutation, not 'bootstrap'"),
        ("[thresholds]\ntypes_1 = [1, 2]", r"thresholds.types_1 is three numbers, \[minor"),
        ("[check]\neach = 'yes'", "check.each is true or false"),
        ("check = 'data'", "check is a table, not 'data'"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_key(tmp_path, text, said):
    file = written(tmp_path, text)
    with pytest.raises(UsageError, match=said) as raised:
        configuration.load(file)
    assert str(raised.value).startswith(f"{file}: ")


def test_keys_of_pyproject_are_named_in_full(tmp_path):
    file = written(tmp_path, "[tool.degrade.check]\nfail_on = 'always'\n", "pyproject.toml")
    with pytest.raises(
        UsageError, match=r"tool\.degrade\.check\.fail_on is one of minor, moderate"
    ):
        configuration.load(file)
    other = written(tmp_path, "[tool.ruff]\n", "pyproject.toml")
    with pytest.raises(UsageError, match=r"it has no table \[tool.degrade\]"):
        configuration.load(other)


@pytest.mark.parametrize("content", [b"alpha = ", b"\xff\xfe", None])
def test_what_is_no_toml_is_an_error(tmp_path, content):
    file = tmp_path / "degrade.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match=r"degrade.toml: (not TOML|no such file)"):
        configuration.load(file)
