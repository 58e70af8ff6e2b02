# SPDX-License-Identifier: Apache-2.0
"""Tests beside a real systemd, a module for each subject."""
