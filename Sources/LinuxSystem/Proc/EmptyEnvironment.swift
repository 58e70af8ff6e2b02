// SPDX-License-Identifier: Apache-2.0

/// Why `/proc/PID/environ` had nothing in it.
enum EmptyEnvironment: Equatable {
    /// It is gone, a kernel thread, or was started without any variable.
    case final
    /// It is between two programs, and its new memory has no environment yet.
    case unset
    /// There is one by now.
    case hidden
    /// Its main thread has exited, and with it the view of the memory that its other threads still have.
    case ofMainThread

    /// - Parameter line: `/proc/PID/stat`, with the addresses of the environment, which only those see who may read it.
    init(stat line: UnsafeRawBufferPointer) {
        guard let stat = ProcessStat.parse(line), !stat.isKernelThread, !stat.isDead,
            let close = line.lastIndex(of: UInt8(ascii: ")"))
        else {
            self = .final
            return
        }
        if stat.state == UInt8(ascii: "Z") || stat.state == UInt8(ascii: "X") {
            self = .ofMainThread
            return
        }
        var fields = DecimalFields(line, from: close + 1)
        _ = fields.nextLetter()
        // Fields 4 to 49; then env_start and env_end, both 0 until the new program's environment is in place.
        for _ in 4...49 { _ = fields.next() }
        guard let start = fields.next(), let end = fields.next() else {
            self = .final
            return
        }
        self = end == 0 ? .unset : start == end ? .final : .hidden
    }
}
