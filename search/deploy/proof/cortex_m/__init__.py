"""The self-test on simulated Cortex-M boards: compiled by the Arm compiler, run by QEMU, without a C library."""
