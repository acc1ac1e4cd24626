"""The first run says that it compiles, and only that one."""

import numba
import pytest

from degrade.cli.progress import Reading


@pytest.fixture
def fresh():
    """Return a kernel that no cache holds."""
    return numba.njit(lambda x: x + 1)


def test_compiling_is_said_in_one_line_on_stderr(fresh, capsys):
    with Reading(shown=False, told=True):
        fresh(1)
        fresh(0.5)
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    assert line == "Compiling kernels: once for each kind of work, and then they are kept."


def test_a_quiet_run_does_not_say_so(fresh, capsys):
    with Reading(shown=False, told=False):
        fresh(1)
    assert capsys.readouterr().err == ""


def test_a_run_that_compiles_nothing_says_nothing(fresh, capsys):
    fresh(1)
    with Reading(shown=False, told=True):
        fresh(2)
    assert capsys.readouterr().err == ""


def test_what_is_compiled_after_the_reading_is_not_its_business(fresh, capsys):
    with Reading(shown=False, told=True):
        pass
    fresh(1)
    assert capsys.readouterr().err == ""
