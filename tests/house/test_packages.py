"""The packaging names what the source folders hold: nothing is left out of a wheel."""

from __future__ import annotations

import configparser
from fnmatch import fnmatch
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
ROOTS = ("analyzer", "plugins")
EXAMPLE = HOUSE / "plugins" / "example"
"""A distribution of its own, beside the packages, that plugins/README.md explains."""


@pytest.fixture(scope="module")
def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(HOUSE / "setup.cfg", encoding="utf-8")
    return parser


def folders() -> dict[str, Path]:
    """Return the import name and folder of every package under the source roots."""
    found = {}
    for root in ROOTS:
        for marker in (HOUSE / root).rglob("__init__.py"):
            package = marker.parent
            found[".".join(package.relative_to(HOUSE / root).parts)] = package
    return found


def test_every_package_is_named_and_every_name_is_a_package(setup):
    named = setup["options"]["packages"].split()
    assert named == sorted(folders())


def test_every_folder_of_modules_is_a_package():
    packages = set(folders().values())
    modules = [path for root in ROOTS for path in (HOUSE / root).rglob("*.py")]
    outside = [path for path in modules if path.parent not in packages]
    assert [path for path in outside if not path.is_relative_to(EXAMPLE)] == []


def test_every_top_level_package_has_its_folder_declared(setup):
    declared = dict(
        line.replace(" ", "").split("=")
        for line in setup["options"]["package_dir"].strip().splitlines()
    )
    top = {name: path for name, path in folders().items() if "." not in name}
    assert declared == {name: path.relative_to(HOUSE).as_posix() for name, path in top.items()}


def test_every_data_file_is_declared(setup):
    declared = setup["options.package_data"]
    missing = [
        f"{name}: {path.name}"
        for name, folder in folders().items()
        for path in folder.iterdir()
        if path.is_file() and path.suffix not in {".py", ".pyc"}
        if not any(fnmatch(path.name, glob) for glob in declared.get(name, "").split())
    ]
    assert missing == []


def test_every_top_level_package_is_typed():
    top = [folder for name, folder in folders().items() if "." not in name]
    assert [folder for folder in top if not (folder / "py.typed").exists()] == []
