# SPDX-License-Identifier: Apache-2.0
"""What the tests beside a real systemd share."""
