# SPDX-License-Identifier: Apache-2.0
"""Driver of the benchmarks: one module for each kind of measurement, the timing itself in C (../clocks)."""
