"""What a command does before it begins, and what that leaves to others."""

import subprocess
import sys

CALLED = """
from degrade.cli.main import main
try:
    main({arguments!r})
except SystemExit as end:
    assert not end.code, end.code
{after}
"""
READ_LATER = """
import sys
uncalled = ["numpy.f2py", "numpy.testing", "yaml", "rich"]
read = [name for name in uncalled if type(sys.modules.get(name)) is type(sys)]
assert not read, read
import numpy, yaml
numpy.testing.assert_array_equal([1], [1])
assert numpy.f2py.run_main
assert yaml.safe_load("a: 1") == {"a": 1}
"""
GARBAGE = """
import weakref
class Loop: pass
loop = Loop()
loop.own = loop
still = weakref.ref(loop)
del loop
others = [[] for _ in range(1_000_000)]
assert still() is None
"""


def _run(*arguments, after):
    code = CALLED.format(arguments=list(arguments), after=after)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_what_is_seldom_called_is_not_read_until_it_is_looked_at():
    _run("metrics", "types_1", after=READ_LATER)


def test_garbage_is_still_looked_for():
    _run("--version", after=GARBAGE)
