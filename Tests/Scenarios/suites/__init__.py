# SPDX-License-Identifier: Apache-2.0
"""The scenarios. Every class runs in a throwaway host of its own."""
