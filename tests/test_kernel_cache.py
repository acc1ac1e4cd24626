"""Kernels are compiled once, wherever the package lies and whoever else compiles them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from degrade.kernel_cache import Files

KERNEL = """
import sys
from degrade.compiled import compiling, kernel
from constants import FACTOR

@kernel
def twice(x):
    return FACTOR * x

@kernel
def outer(x):
    return twice(x) + 1

compiled = []
with compiling(lambda: compiled.append(1)):
    print(outer(eval(sys.argv[1])), bool(compiled))
"""


@pytest.fixture
def installed(tmp_path):
    """Return a function that runs a module of kernels in a process of its own."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "kernels.py").write_text(textwrap.dedent(KERNEL))
    (folder / "constants.py").write_text("FACTOR = 2\n")
    home = tmp_path / "home"
    home.mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("NUMBA", "XDG"))}
    environment |= {"HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(argument="3", **more):
        command = [sys.executable, str(folder / "kernels.py"), argument]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, env=environment | more
        )
        return tuple(done.stdout.split())

    return run


def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


def kept(folder: Path) -> list[Path]:
    return list(folder.rglob("*.nbc"))


def test_the_second_run_compiles_nothing(installed, tmp_path):
    assert installed() == ("7", "True")
    assert installed() == ("7", "False")
    assert kept(site(tmp_path) / "__pycache__")


def test_where_the_package_cannot_be_written_to_the_users_folder_keeps_kernels(installed, tmp_path):
    # A file in the place of the folder: a mode would not stop root.
    (site(tmp_path) / "__pycache__").write_text("")
    assert installed() == ("7", "True")
    assert installed() == ("7", "False")
    assert kept(tmp_path / "home")


def test_where_nothing_can_be_written_to_kernels_run_all_the_same(installed, tmp_path):
    (site(tmp_path) / "__pycache__").write_text("")
    (tmp_path / "home").rmdir()
    (tmp_path / "home").write_text("")
    assert installed() == ("7", "True")
    assert installed() == ("7", "True")


def test_the_folder_of_the_environment_comes_first(installed, tmp_path):
    named = tmp_path / "named"
    assert installed(NUMBA_CACHE_DIR=str(named)) == ("7", "True")
    assert installed(NUMBA_CACHE_DIR=str(named)) == ("7", "False")
    assert kept(named)
    assert not kept(site(tmp_path))


def test_a_changed_constant_of_another_module_is_compiled_in(installed, tmp_path):
    assert installed() == ("7", "True")
    (site(tmp_path) / "constants.py").write_text("FACTOR = 20\n")
    assert installed() == ("61", "True")


def test_a_changed_string_of_bytes_is_compiled_in(installed, tmp_path):
    module = site(tmp_path) / "kernels.py"
    module.write_text(textwrap.dedent(KERNEL).replace("FACTOR * x", "FACTOR[0] * x"))
    for factor, found in ((b"\2", "7"), (b"\3", "10")):
        (site(tmp_path) / "constants.py").write_text(f"FACTOR = {factor!r}\n")
        assert installed() == (found, "True")


def test_a_function_of_a_library_is_told_by_its_name_and_types(installed, tmp_path):
    module = site(tmp_path) / "kernels.py"
    module.write_text(textwrap.dedent(KERNEL).replace("FACTOR * x", "FACTOR(x)"))
    for symbol, found in (("labs", "4"), ("toupper", "66")):
        (site(tmp_path) / "constants.py").write_text(
            "from numba import types\n"
            f"FACTOR = types.ExternalFunction('{symbol}', types.int64(types.int64))\n"
        )
        assert installed({"labs": "-3", "toupper": "97"}[symbol]) == (found, "True")
        if symbol == "labs":
            assert installed("-3") == (found, "False")


def test_a_kernel_that_calls_another_function_is_another_kernel(installed, tmp_path):
    module = site(tmp_path) / "kernels.py"
    module.write_text(textwrap.dedent(KERNEL).replace("FACTOR * x", "FACTOR * min(x, 1)"))
    assert installed() == ("3", "True")
    # The code is the same but for the name of what is called, and so are all constants.
    module.write_text(textwrap.dedent(KERNEL).replace("FACTOR * x", "FACTOR * max(x, 1)"))
    assert installed() == ("7", "True")


def test_a_kernel_that_was_kept_is_compiled_into_one_that_calls_it(installed, tmp_path):
    assert installed() == ("7", "True")
    module = site(tmp_path) / "kernels.py"
    for path in kept(tmp_path):
        if "outer" in path.name:
            path.unlink()
    module.write_text(textwrap.dedent(KERNEL).replace("twice(x) + 1", "twice(x) + twice(x + 1)"))
    twice = [path for path in kept(tmp_path) if "twice" in path.name]
    assert installed() == ("14", "True")
    assert installed() == ("14", "False")
    assert [path for path in kept(tmp_path) if "twice" in path.name] == twice


def test_a_damaged_file_is_compiled_anew(installed, tmp_path):
    installed()
    for path in kept(tmp_path):
        path.write_bytes(path.read_bytes()[:100])
    assert installed() == ("7", "True")
    assert installed() == ("7", "False")


def test_damage_that_only_a_caller_would_meet_is_met_at_once(installed, tmp_path):
    installed()
    for path in kept(tmp_path):
        content = path.read_bytes()
        if "outer" in path.name:
            path.unlink()
        else:
            at = content.index(b"BC\xc0\xde") + 8
            path.write_bytes(content[:at] + bytes(200) + content[at + 200 :])
    assert installed() == ("7", "True")
    assert installed() == ("7", "False")


def test_a_file_of_another_module_is_compiled_anew(installed, tmp_path):
    installed()
    for path in kept(tmp_path):
        path.write_bytes(b"cno_such_module\nname\n.")
    assert installed() == ("7", "True")


def test_processes_that_compile_at_once_spoil_nothing_for_one_another(tmp_path):
    def function():
        return 1

    # Each looks before the other has written: by an index, both would take the first number.
    one, other = (Files(tmp_path, "kernel", function) for _ in range(2))
    assert one.load("int64") is None
    assert other.load("float64") is None
    other.save("float64", "of floats")
    one.save("int64", "of integers")
    for each in (one, other, Files(tmp_path, "kernel", function)):
        assert each.load("int64") == "of integers"
        assert each.load("float64") == "of floats"
    assert len(list(tmp_path.iterdir())) == 2


def test_every_signature_has_code_of_its_own(installed):
    assert installed("3") == ("7", "True")
    assert installed("0.25") == ("1.5", "True")
    assert installed("3") == ("7", "False")
    assert installed("0.25") == ("1.5", "False")
