"""What a corpus is reduced to."""

from degrade.summaries.census import Census
from degrade.summaries.clusters import Clusters
from degrade.summaries.extent import Extent
from degrade.summaries.moments import Moments
from degrade.summaries.need import Need, Summary
from degrade.summaries.sample import Sample

BUILT_IN: tuple[type[Summary], ...] = (Census, Clusters, Extent, Moments, Sample)

__all__ = ["BUILT_IN", "Census", "Clusters", "Extent", "Moments", "Need", "Sample", "Summary"]
