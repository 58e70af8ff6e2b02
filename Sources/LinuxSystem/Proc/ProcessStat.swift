// SPDX-License-Identifier: Apache-2.0

/// One line of `/proc/PID/stat`, proc(5).
public struct ProcessStat: Hashable, Sendable {
    /// The number, which is used again once the process has been reaped.
    public let pid: Int32
    /// The parent's pid; 0 when that is outside this pid namespace.
    public let parent: Int32
    /// Process group.
    public let group: Int32
    /// Session id: the pid of the session's leader.
    public let session: Int32
    /// Device number of the controlling terminal, 0 without one.
    public let terminal: Int32
    /// How many threads are left.
    public let threads: Int32
    /// The letter of the main thread's state.
    public let state: UInt8
    /// Clock ticks after boot.
    public let startTime: UInt64
    /// `PF_*` flags of the kernel.
    public let flags: UInt32
    /// As the process calls itself: any bytes.
    public let name: [UInt8]

    /// Nothing of it runs any more. A main thread that has exited shows as a zombie while its other threads live on:
    /// such a process is alive.
    public var isDead: Bool {
        (state == UInt8(ascii: "Z") || state == UInt8(ascii: "X")) && threads <= 1
    }

    /// It has begun to exit (`PF_EXITING`), and runs nothing of its own any more.
    public var isExiting: Bool { flags & 0x4 != 0 && threads <= 1 }

    /// Stopped by a signal. A tracer's stop (`t`) is not meant.
    public var isStopped: Bool { state == UInt8(ascii: "T") }

    /// It has no program and takes no signals.
    public var isKernelThread: Bool { flags & 0x0020_0000 != 0 }

    /// The name may hold spaces, parentheses and line feeds, so that fields are counted from the last `)`.
    /// - Returns: nil when it is no such line.
    public static func parse(_ bytes: UnsafeRawBufferPointer) -> ProcessStat? {
        guard let open = bytes.firstIndex(of: UInt8(ascii: "(")),
            let close = bytes.lastIndex(of: UInt8(ascii: ")")), open < close
        else { return nil }
        var head = DecimalFields(bytes, from: 0)
        var rest = DecimalFields(bytes, from: close + 1)
        guard let pid = head.next(), let state = rest.nextLetter(),
            let parent = rest.next(), let group = rest.next(), let session = rest.next(), let terminal = rest.next(),
            rest.next() != nil, let flags = rest.next()
        else { return nil }
        // minflt cminflt majflt cmajflt utime stime cutime cstime priority nice
        for _ in 0..<10 where rest.next() == nil { return nil }
        guard let threads = rest.next(), rest.next() != nil, let startTime = rest.next(), startTime >= 0 else {
            return nil
        }
        return ProcessStat(
            pid: Int32(truncatingIfNeeded: pid), parent: Int32(truncatingIfNeeded: parent),
            group: Int32(truncatingIfNeeded: group), session: Int32(truncatingIfNeeded: session),
            terminal: Int32(truncatingIfNeeded: terminal), threads: Int32(truncatingIfNeeded: threads), state: state,
            startTime: UInt64(startTime), flags: UInt32(truncatingIfNeeded: flags),
            name: Array(bytes[(open + 1)..<close]))
    }
}
