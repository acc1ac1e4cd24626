"""Folders that hold a language model, as ``save_pretrained`` makes them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from degrade.errors import UsageError


def model_folder(folder: str | Path) -> Path:
    """Return the folder of a model in full. Raises UsageError where there is none."""
    place = Path(folder).resolve()
    if not (place / "config.json").is_file():
        raise UsageError(
            f"{folder}: no language model (a folder with config.json, a tokenizer and safetensors)"
        )
    return place


def fingerprint(folder: Path) -> str:
    """Return what tells one model from another: small files whole, and the ends of large ones."""
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        if file.suffix == ".json":
            digest.update(file.name.encode() + file.read_bytes())
        elif file.suffix == ".safetensors":
            # The head names the tensors; the last bytes are of weights.
            with file.open("rb") as weights:
                head = weights.read(1 << 16)
                weights.seek(max(0, file.stat().st_size - (1 << 16)))
                digest.update(file.name.encode() + head + weights.read())
    return digest.hexdigest()[:16]
