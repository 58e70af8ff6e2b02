// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

extension CurrentProcess {
    /// Raises the soft limit of descriptors to the hard one.
    /// - Returns: the limit as it was before, for a payload that must not notice.
    public static func raiseDescriptorLimit() throws(SystemError) -> ResourceLimit {
        let before = try ResourceLimit.current(.nofile)
        if before.soft != before.hard { try ResourceLimit(soft: before.hard, hard: before.hard).apply(to: .nofile) }
        return before
    }

    /// Makes these descriptors 0, 1 and 2, and closes them where they were.
    public static func takeStandardStreams(_ streams: [CInt]) throws(SystemError) {
        for (number, stream) in streams.prefix(3).enumerated() {
            let result = clinux_result(Int(dup2(stream, CInt(number))))
            _ = try check(result, "replace", "descriptor \(number)")
        }
        for stream in streams where stream > 2 { _ = clinux_close(stream) }
    }

    /// Makes sure that so many more descriptors can be opened. Fails with EMFILE, and leaves none open.
    public static func requireDescriptors(_ count: Int) throws(SystemError) {
        var opened: [CInt] = []
        defer { for number in opened { _ = clinux_close(number) } }
        for _ in 0..<count {
            opened.append(try check(clinux_fcntl(2, F_DUPFD_CLOEXEC, 3), "open", "\(count) descriptors more"))
        }
    }

    /// Whether the descriptor is open and was there when this program was executed, as far as can be seen: none of its
    /// own outlives exec.
    public static func hasInherited(_ number: CInt) -> Bool {
        let flags = clinux_fcntl(number, F_GETFD, 0)
        return flags >= 0 && flags & FD_CLOEXEC == 0
    }

    /// Puts `/dev/null` where 0, 1 or 2 is closed, so that no descriptor opened later becomes a standard one by
    /// accident. It is close-on-exec: for a payload they stay closed. It is opened the wrong way round, so that using
    /// it fails with EBADF as if it were closed, and nothing is lost unnoticed.
    /// - Returns: those that were closed.
    @discardableResult
    public static func fillStandardDescriptors() throws(SystemError) -> [CInt] {
        let closed = (0...2).filter { (number: CInt) in clinux_fcntl(number, F_GETFD, 0) == -EBADF }
        for number in closed {
            // The lowest free number is used, and the lower ones are open by now.
            let way = number == 0 ? O_WRONLY : O_RDONLY
            _ = try check(clinux_openat(AT_FDCWD, "/dev/null", way), "open", "/dev/null for descriptor \(number)")
        }
        return closed
    }

    /// Closes what was inherited from the caller, so that a reader of the caller's pipe sees its end: every
    /// descriptor from 3 up that is not close-on-exec (all of this program's own are).
    /// - Parameters:
    ///   - keeping: numbers left alone.
    ///   - replacingStandard: those of 0, 1 and 2 that become `/dev/null`, where there is one.
    public static func closeInheritedDescriptors(
        keeping: [CInt] = [], replacingStandard: [CInt] = []
    ) throws(SystemError) {
        for number in try openDescriptors() where number > 2 && !keeping.contains(number) {
            let flags = clinux_fcntl(number, F_GETFD, 0)
            if flags >= 0, flags & FD_CLOEXEC == 0 { _ = clinux_close(number) }
        }
        guard !replacingStandard.isEmpty else { return }
        let null: Descriptor
        do throws(SystemError) {
            null = try openNull()
        } catch {
            // A bare root directory has none; then they stay what they are.
            if error.errno == .noSuchFileOrDirectory { return }
            throw error
        }
        for number in replacingStandard {
            _ = try check(clinux_result(Int(dup2(null.number, number))), "replace", "descriptor \(number)")
        }
    }

    /// `/dev/null`, for reading and writing.
    public static func openNull() throws(SystemError) -> Descriptor {
        Descriptor(adopting: try check(clinux_openat(AT_FDCWD, "/dev/null", O_RDWR), "open", "/dev/null"))
    }

    /// Every open descriptor of this process, but not the one used for looking.
    public static func openDescriptors() throws(SystemError) -> [CInt] {
        let path = "/proc/self/fd"
        let result = clinux_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY)
        if result == -ENOENT { return try openDescriptorsWithoutProc() }
        let directory = Descriptor(adopting: try check(result, "open", path))
        var found: [CInt] = []
        let reader = DirectoryReader(capacity: 4096)
        try reader.forEachEntry(of: directory.number, place: path) { entry in
            if let number = entry.number, number != directory.number { found.append(number) }
        }
        return found
    }

    private static func openDescriptorsWithoutProc() throws(SystemError) -> [CInt] {
        let limit = try ResourceLimit.current(.nofile).soft ?? .max
        // A limit lowered after descriptors were opened hides none of the usual ones this way.
        let end = CInt(clamping: max(65536, min(limit, 1 << 20)))
        return (0..<end).filter { clinux_fcntl($0, F_GETFD, 0) >= 0 }
    }
}
