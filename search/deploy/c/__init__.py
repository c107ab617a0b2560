"""Plain C of a network of integers: C11, no heap, nothing beyond <stdint.h>."""
