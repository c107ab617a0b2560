"""What the examples of a data set show, as far as it is known: it decides how they may be changed and mean the same."""

from __future__ import annotations

from typing import Literal

Kind = Literal["image", "photo", "spectrogram", "window", "unknown"]
"""What an example is.

- "image": a picture whose left and right may matter, such as a character.
- "photo": a photograph, which means the same when left and right are exchanged.
- "spectrogram": frames in time × bands.
- "window": readings of sensors, in time × 1 × channels.
- "unknown": nothing is known of it.
"""
