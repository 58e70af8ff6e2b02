# SPDX-License-Identifier: Apache-2.0
"""The rows of the table that take all the processor they can get: never two of them at a time."""

from suites.expectations import SHAPES
from suites.left_overs import make_classes

EXCLUSIVE = True

globals().update(make_classes("RacersOf", [shape for shape in SHAPES if not shape.fixed]))
