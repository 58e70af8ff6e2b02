// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// The terminal that the caller's session is controlled by.
public struct ControllingTerminal: ~Copyable, Sendable {
    private let file: Descriptor

    private init(_ file: consuming Descriptor) { self.file = file }

    /// nil when there is none, or it cannot be opened.
    public static func open() -> ControllingTerminal? {
        let result = clinux_openat(AT_FDCWD, "/dev/tty", O_RDWR | O_NOCTTY)
        return result < 0 ? nil : ControllingTerminal(Descriptor(adopting: result))
    }

    /// For `SpawnRequest.foregroundTerminal`.
    public var descriptor: CInt { file.number }

    /// nil when it was hung up, or its group is not of this pid namespace.
    public var foregroundGroup: Int32? {
        let group = tcgetpgrp(file.number)
        return group > 0 ? group : nil
    }

    /// Also from a background group, which SIGTTOU would otherwise stop. Fails with ENOTTY when the terminal was
    /// hung up, with EPERM or ESRCH when there is no such group in the session.
    public func setForegroundGroup(_ group: Int32) throws(SystemError) {
        let before = try CurrentProcess.setSignalMask(SignalSet(bits: .max))
        let result = clinux_result(Int(tcsetpgrp(file.number, group)))
        try CurrentProcess.setSignalMask(before)
        _ = try check(result, "set", "foreground group \(group) of terminal")
    }
}

/// The size of a terminal's window, in characters.
public struct WindowSize: Hashable, Sendable {
    /// Characters in a line.
    public let columns: Int
    /// Lines.
    public let rows: Int
}

/// Whether this is a terminal, anybody's.
public func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }

/// nil when it is no terminal, or one that does not know its size.
public func windowSize(_ descriptor: CInt) -> WindowSize? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return WindowSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
}

extension ProcessTable {
    /// Whether nobody is there to continue this process's group once it stops, as far as its own parent goes: the
    /// parent is of another session, or in the same group, or not there. The kernel discards SIGTSTP, SIGTTIN and
    /// SIGTTOU for such a group.
    public func isInOrphanedGroup(_ pid: Int32) throws(SystemError) -> Bool {
        guard let process = try stat(pid), let parent = try stat(process.parent) else { return true }
        return parent.session != process.session || parent.group == process.group
    }
}
