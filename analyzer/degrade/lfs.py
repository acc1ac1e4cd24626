"""Git LFS: files whose content is somewhere else."""

from __future__ import annotations

_POINTER = b"version https://git-lfs.github.com/spec/"


def is_pointer(head: bytes) -> bool:
    """Tell whether a file that begins so stands for one that Git LFS keeps."""
    return head.startswith(_POINTER)


def said(shown: str) -> str:
    """Return what is to be said of a pointer where its content was wanted."""
    return (
        f"{shown}: a Git LFS pointer, and not the file itself; `git lfs pull` fetches it (in CI, "
        "check out with LFS)"
    )
