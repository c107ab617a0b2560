"""One network: its layers, its memory over time, its arena, its latency, and what would lower its peak."""
