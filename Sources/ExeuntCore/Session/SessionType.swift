// SPDX-License-Identifier: Apache-2.0

/// How somebody works in a session.
public enum SessionType: String, CaseIterable, Hashable, Sendable {
    /// At a terminal, or at none that shows graphics.
    case tty
    /// At an X display.
    case x11
    /// At a Wayland display.
    case wayland
    /// Nothing is known.
    case unspecified
}
