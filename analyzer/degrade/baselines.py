"""What is compared with, by path or by its name in the baseline store."""

from __future__ import annotations

from pathlib import Path

from degrade.configuration import is_name
from degrade.corpora import PROFILE_SUFFIX, Opened, load_profile
from degrade.store import Store


def open_baseline(baseline: object, store: str | None = None) -> object:
    """Return ``baseline`` with its profile, if it was saved or stands in ``store`` by that name.

    Raises ProfileError for one that is not what was put into the store.
    """
    if isinstance(baseline, str | Path) and str(baseline).endswith(PROFILE_SUFFIX):
        return Opened(Path(baseline).stem, None, load_profile(baseline), str(baseline))
    if isinstance(baseline, str) and store is not None and is_name(baseline):
        kept = Store(from_here(store))
        # A path of that name must not come before what is looked at for changes.
        if baseline in kept or not Path(baseline).exists():
            return kept.open(baseline)
    return baseline


def place_of(baseline: object) -> str:
    """Return the path of what ``open_baseline`` gave for a path or a name."""
    return str(baseline.file if isinstance(baseline, Opened) else baseline)


def renewal_of(baseline: str, opened: object) -> str:
    """Return what makes a new ``baseline``: a command, if ``open_baseline`` gave a profile."""
    place = from_here(place_of(opened))
    if not isinstance(opened, Opened):
        return f"other text in {place}"
    if baseline.endswith(PROFILE_SUFFIX):
        return f"degrade profile HUMAN_TEXT -o {place}"
    folder = place.rpartition("/")[0] or "."
    return f"degrade baseline add {baseline} HUMAN_TEXT --replace --store {folder}"


def from_here(file: str) -> str:
    """Return a path as it is said from here, if it lies below."""
    here, path = Path.cwd(), Path(file)
    inside = "://" not in file and path.is_absolute() and path.is_relative_to(here)
    return str(path.relative_to(here)) if inside else file
