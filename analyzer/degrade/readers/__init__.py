"""Files to documents: ``open_corpus`` is the door that everything above goes through."""

from degrade.readers.corpus import SHARD_BYTES, Corpus
from degrade.readers.intake import OnError, Tally
from degrade.readers.opening import BUILT_IN, Several, open_corpus, open_files
from degrade.readers.reader import Fields, Problem, Reader, Shard

__all__ = [
    "BUILT_IN",
    "SHARD_BYTES",
    "Corpus",
    "Fields",
    "OnError",
    "Problem",
    "Reader",
    "Several",
    "Shard",
    "Tally",
    "open_corpus",
    "open_files",
]
