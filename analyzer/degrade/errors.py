"""What can go wrong, as exceptions that a person can act on."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class DegradeError(Exception):
    """Something the caller can mend: the message says what, where and how."""


class DegradeWarning(UserWarning):
    """Something that went wrong and was mended, which a person may want to know of."""


class UsageError(DegradeError):
    """An option, a name or a combination of them that does not exist."""


class InputError(DegradeError):
    """A corpus that cannot be read as asked."""


class EngineError(DegradeError):
    """Counting that cannot go on: workers that die."""


class ProfileError(DegradeError):
    """A profile that is damaged, of another version, or of another plan."""


class TooLittleTextError(ProfileError):
    """A corpus with too little text to be compared at all."""


class RunFileError(DegradeError):
    """A run file that is damaged, of another version, or no run file."""


class PluginError(DegradeError):
    """A plugin that failed; the message names its distribution."""


@contextmanager
def blaming(plugin: str) -> Iterator[None]:
    """Raise PluginError, saying where, for what ``plugin`` raises and did not mean for people."""
    try:
        yield
    except DegradeError:
        raise
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}, line {last.lineno}"
        raise PluginError(f"{plugin} fails: {error!r} ({where})") from error


class MissingExtraError(DegradeError):
    """An optional part that is not installed; the message says how to install it."""


class UndefinedMetricError(DegradeError):
    """A metric has no value for this text; the message is the reason, shown in the report."""


class SampledCountsError(UndefinedMetricError):
    """A metric reads the counts of all n-grams, and only a sample of n-grams was counted."""


class LayerUnavailableError(UsageError):
    """A layer that takes more than was given for it; the message says what."""
