# SPDX-License-Identifier: Apache-2.0
"""What the scenarios share: the host they run in, a place for each test, sessions, canaries, and who is left."""
