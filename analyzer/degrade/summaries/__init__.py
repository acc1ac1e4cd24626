"""What a corpus is reduced to."""

from degrade.summaries.census import Census
from degrade.summaries.clusters import Clusters
from degrade.summaries.contents import Contents
from degrade.summaries.embeddings import Embeddings
from degrade.summaries.excerpts import Excerpts
from degrade.summaries.extent import Extent
from degrade.summaries.mix import Mix
from degrade.summaries.moments import Moments
from degrade.summaries.need import Need, Summary
from degrade.summaries.sample import Sample
from degrade.summaries.sampled_moments import SampledMoments
from degrade.summaries.sequences import Sequences
from degrade.summaries.sketches import Sketches
from degrade.summaries.spans import Spans
from degrade.summaries.style import Style

BUILT_IN: tuple[type[Summary], ...] = (
    Census,
    Clusters,
    Contents,
    Embeddings,
    Excerpts,
    Extent,
    Mix,
    Moments,
    Sample,
    SampledMoments,
    Sequences,
    Sketches,
    Spans,
    Style,
)

__all__ = [
    "BUILT_IN",
    "Census",
    "Clusters",
    "Contents",
    "Embeddings",
    "Excerpts",
    "Extent",
    "Mix",
    "Moments",
    "Need",
    "Sample",
    "SampledMoments",
    "Sequences",
    "Sketches",
    "Spans",
    "Style",
    "Summary",
]
