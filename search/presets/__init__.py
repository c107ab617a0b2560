"""Ready-made configurations: one JSON file each, offered by name.

Those called `unas-…` are the configurations of Liberis, Dudziak, Lane, "μNAS", 2020 (arXiv 2010.14246): bounds in the
accounting `unas`, optimisers, augmentation. Where a file has a section `pruning`, there is a second preset with the
same name and `-pruning`, which prunes whole channels and units in that window of epochs; the section may have bounds
of its own. SGD has momentum 0.9 throughout. The bounds are hard here, so that no time is spent on networks far outside;
the paper's search is `--bounds soft`. Background noise is left out, since examples are kept as spectrograms.
"""

from search.presets.adjust import adjusted, augmentation_for
from search.presets.preset import Preset, preset, presets

__all__ = ["Preset", "adjusted", "augmentation_for", "preset", "presets"]
