"""Steps for pipelines of datatrove: a profile of the documents that pass, and their merger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from degrade.errors import MissingExtraError
from degrade.streamed import Saved, Stream, merged
from degrade.text.document import Document

try:
    from datatrove.io import get_datafolder
    from datatrove.pipeline.base import PipelineStep
except ImportError as error:
    said = "degrade.datatrove needs datatrove: pip install 'degrade[datatrove]'"
    raise MissingExtraError(said) from error

SUFFIX = ".profile"


class ProfileStep(PipelineStep):  # type: ignore[misc]
    """Profiles documents as they pass, which they do unchanged: a file for each task.

    ``options`` are those of ``degrade.profile`` that say what is counted: ``metrics``, ``layer``,
    ``spacy``, ``capacity``, ``sampled_documents``, ``plugins``. A document keeps its id;
    ``cluster_field`` names what of its metadata is its cluster. What is empty or no text is
    counted by its kind, as ``--on-error skip`` does, and passes too.
    """

    type = "📊 - STATS"
    name = "degrade: profile"

    def __init__(
        self, output_folder: Any, *, cluster_field: str | None = None, **options: Any
    ) -> None:
        super().__init__()
        self.output_folder = get_datafolder(output_folder)
        self.cluster_field = cluster_field
        # The plan is made where it is used: a metric that is only a file is loaded there.
        self.options = options

    def run(
        self,
        data: Iterable[Any] | None,
        rank: int = 0,
        world_size: int = 1,  # noqa: ARG002 - given by name
    ) -> Iterator[Any]:
        """Yield the documents of ``data``, and write the profile of them all at their end."""
        stream = Stream(self.options)
        for document in data or ():
            with self.track_time():
                stream.add(self._of(document))
            yield document
        with self.output_folder.open(f"{rank:05d}{SUFFIX}", "wb") as file:
            file.write(stream.content())

    def _of(self, document: Any) -> Document:
        cluster = document.metadata.get(self.cluster_field) if self.cluster_field else None
        return Document(document.text, str(document.id), "" if cluster is None else str(cluster))


class MergeStep(PipelineStep):  # type: ignore[misc]
    """Merges the profiles of all tasks of a ``ProfileStep`` into the file ``name``.

    One task does it, after those tasks have ended; documents pass.
    """

    type = "📊 - STATS"
    name = "degrade: merge profiles"

    def __init__(
        self, input_folder: Any, output_folder: Any, *, name: str = f"corpus{SUFFIX}"
    ) -> None:
        super().__init__()
        self.input_folder = get_datafolder(input_folder)
        self.output_folder = get_datafolder(output_folder)
        self.output_name = name

    def run(
        self,
        data: Iterable[Any] | None,
        rank: int = 0,
        world_size: int = 1,  # noqa: ARG002 - given by name
    ) -> Iterator[Any]:
        """Write the merged profile, and yield the documents of ``data``."""
        if rank == 0:
            with self.track_time("profiles"):
                content = merged(map(self._saved, self._names())).to_bytes()
            with self.output_folder.open(self.output_name, "wb") as file:
                file.write(content)
        yield from data or ()

    def _names(self) -> list[str]:
        names = {each for each in self.input_folder.list_files() if each.endswith(SUFFIX)}
        folders = self.input_folder, self.output_folder
        if len({folder.fs.unstrip_protocol(folder.path) for folder in folders}) == 1:
            # Of an earlier merger: its documents would count twice.
            names.discard(self.output_name)
        return sorted(names)

    def _saved(self, name: str) -> Saved:
        with self.input_folder.open(name, "rb") as file:
            return Saved(name, file.read())
