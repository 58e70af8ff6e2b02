// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// What became of one process in a scan.
enum EnvironmentOutcome: UInt8 {
    case pending
    case absent
    /// It could not be read now, but may be a moment later.
    case unsettled
    case present
    case denied
    case failed
}

/// Looks for one variable in the environments of processes. Every read may block for ever.
struct EnvironmentReader: ~Copyable {
    private let proc: CInt
    private let path = ProcessPath()
    /// NUL before and after: the first entry gets one in front, the last one behind, so that an entry matches only as
    /// a whole, wherever the borders of reads fall.
    private let pattern: [UInt8]
    private let buffer: UnsafeMutableRawBufferPointer

    /// More than most environments, so that one read is all; small enough to stay in the cache.
    static let chunk = 128 * 1024

    private static let page = 4096

    init(proc: CInt, name: [UInt8], value: [UInt8], chunk: Int = Self.chunk) {
        self.proc = proc
        pattern = [0] + name + [UInt8(ascii: "=")] + value + [0]
        buffer = .allocate(byteCount: pattern.count + chunk + 1, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// - Parameter progress: called after each read.
    borrowing func look(at pid: Int32, progress: () -> Void) -> EnvironmentOutcome {
        var isSecondLook = false
        while true {
            if let outcome = look(into: path.of(pid, "/environ"), progress) {
                return outcome == .denied && isOfCaller(pid) ? look(behindRefusalOf: pid, progress) : outcome
            }
            switch emptiness(of: pid) {
            case .final: return .absent
            case .unset: return .unsettled
            case .ofMainThread: return look(atThreadsOf: pid, progress)
            // It may have come between the two looks; if not, it is kept from being read.
            case .hidden where isSecondLook: return .failed
            case .hidden: isSecondLook = true
            }
        }
    }

    /// Files of a main thread that has exited belong to root, whoever the process belongs to.
    private borrowing func look(behindRefusalOf pid: Int32, _ progress: () -> Void) -> EnvironmentOutcome {
        emptiness(of: pid) == .ofMainThread ? look(atThreadsOf: pid, progress) : .denied
    }

    private borrowing func isOfCaller(_ pid: Int32) -> Bool {
        var facts = clinux_file_facts()
        return clinux_file_facts(proc, path.of(pid, ""), &facts) == 0 && facts.owner == CurrentProcess.effectiveUID
    }

    private borrowing func look(atThreadsOf pid: Int32, _ progress: () -> Void) -> EnvironmentOutcome {
        for thread in threads(of: pid) where thread != pid {
            if let outcome = look(into: path.of(pid, thread: thread, "/environ"), progress) { return outcome }
        }
        return .absent
    }

    /// nil when the file is empty, or there is no such process or no memory of it: the kernels differ in that.
    private borrowing func look(into path: UnsafePointer<CChar>, _ progress: () -> Void) -> EnvironmentOutcome? {
        let file = clinux_openat(proc, path, O_RDONLY)
        if file == -ENOENT || file == -ESRCH { return nil }
        guard file >= 0 else { return Self.outcome(ofErrno: -file) }
        defer { _ = clinux_close(file) }
        var isEmpty = true
        let outcome = search(progress: progress) { base, size, offset in
            let count = clinux_result(pread(file, base, size, Int(offset)))
            if count != 0 { isEmpty = false }
            return count
        }
        return isEmpty ? nil : outcome
    }

    private borrowing func emptiness(of pid: Int32) -> EmptyEnvironment {
        let file = clinux_openat(proc, path.of(pid, "/stat"), O_RDONLY)
        guard file >= 0 else { return .final }
        defer { _ = clinux_close(file) }
        let count = max(0, clinux_read(file, buffer.baseAddress, min(buffer.count, Self.page)))
        return EmptyEnvironment(stat: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
    }

    private borrowing func threads(of pid: Int32) -> [Int32] {
        let result = clinux_openat(proc, path.of(pid, "/task"), O_RDONLY | O_DIRECTORY)
        guard result >= 0 else { return [] }
        let directory = Descriptor(adopting: result)
        var found: [Int32] = []
        // try?: of a process that is going while it is listed, what was seen is good.
        try? DirectoryReader(capacity: 4096).forEachEntry(of: directory.number, place: "threads") { entry in
            if let thread = entry.number { found.append(thread) }
        }
        return found
    }

    /// - Parameter read: fills memory of this size from this offset on. Less is the end, a negated errno a failure.
    borrowing func search(
        progress: () -> Void = {}, read: (UnsafeMutableRawPointer, Int, Int64) -> Int
    ) -> EnvironmentOutcome {
        guard let base = buffer.baseAddress else { return .failed }
        base.storeBytes(of: 0, as: UInt8.self)
        var held = 1
        var offset: Int64 = 0
        // One byte stays free for the NUL behind the last entry.
        var limit = buffer.count - 1
        while true {
            let room = min(limit, buffer.count - held - 1)
            let count = read(base + held, room, offset)
            if count < 0 { return Self.outcome(ofErrno: CInt(-count)) }
            progress()
            if count == 0, room > Self.page {
                // The kernel forgets what it has read before a page that it may not read: ask again, page by page.
                limit = Self.page
                continue
            }
            offset += Int64(count)
            let isLast = count < room
            var size = held + count
            if isLast {
                base.storeBytes(of: 0, toByteOffset: size, as: UInt8.self)
                size += 1
            }
            if memmem(base, size, pattern, pattern.count) != nil { return .present }
            if isLast { return .absent }
            held = min(size, pattern.count - 1)
            memmove(base, base + size - held, held)
        }
    }

    private static func outcome(ofErrno errno: CInt) -> EnvironmentOutcome {
        switch errno {
        case ENOENT, ESRCH: .absent
        case EACCES, EPERM: .denied
        default: .failed
        }
    }
}
