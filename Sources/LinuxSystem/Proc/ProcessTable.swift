// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// User ids of a process, from `/proc/PID/status`.
public struct ProcessOwner: Hashable, Sendable {
    /// Who started it.
    public let real: UInt32
    /// What its access is judged by.
    public let effective: UInt32
    /// What it may go back to.
    public let saved: UInt32

    /// From numbers known.
    public init(real: UInt32, effective: UInt32, saved: UInt32) {
        self.real = real
        self.effective = effective
        self.saved = saved
    }
}

/// /proc, read relative to a directory held open, into one buffer used again.
///
/// A process that is not there (any more), or hidden from the caller (`hidepid`), is nil and never an error. Nothing
/// here reads a process's memory, so that nothing can be made to wait by it.
public final class ProcessTable {
    private let proc: Descriptor
    private let path = ProcessPath()
    private let buffer: UnsafeMutableRawBufferPointer
    private let directories = DirectoryReader()

    /// Fails with ENOENT where /proc is not mounted.
    public convenience init() throws(SystemError) { try self.init(directory: "/proc") }

    /// - Parameter directory: what is read as if it were /proc.
    init(directory: String) throws(SystemError) {
        let result = clinux_openat(AT_FDCWD, directory, O_RDONLY | O_DIRECTORY)
        proc = Descriptor(adopting: try check(result, "open", directory))
        buffer = .allocate(byteCount: 65536, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// What `/proc/PID/stat` says now.
    public func stat(_ pid: Int32) throws(SystemError) -> ProcessStat? {
        guard let bytes = try read(pid, "/stat") else { return nil }
        return ProcessStat.parse(bytes)
    }

    /// Replaces the contents with every pid that is listed now. One listing can miss processes that fork meanwhile.
    public func allPIDs(into pids: inout [Int32]) throws(SystemError) {
        pids.removeAll(keepingCapacity: true)
        try directories.forEachEntry(of: proc.number, place: "/proc") { entry in
            if let pid = entry.number { pids.append(pid) }
        }
    }

    /// The children of all threads of this process; while they come and go some can be missing.
    /// - Parameter threads: how many there are (`ProcessStat.threads`); one saves a listing.
    /// - Returns: nil when the process is not there, or the kernel has no such file (CONFIG_PROC_CHILDREN).
    public func children(of pid: Int32, threads: Int32) throws(SystemError) -> [Int32]? {
        var found: [Int32] = []
        return try appendChildren(of: pid, threads: threads, to: &found) ? found : nil
    }

    /// As `children(of:threads:)`, appended to a list that is used again.
    /// - Returns: false when there is no such file.
    public func appendChildren(
        of pid: Int32, threads: Int32, to found: inout [Int32]
    ) throws(SystemError) -> Bool {
        guard pid > 0 else { return false }
        if threads <= 1 { return try appendChildren(of: pid, thread: pid, to: &found) }
        var isThere = false
        for thread in try self.threads(of: pid) ?? [] where try appendChildren(of: pid, thread: thread, to: &found) {
            isThere = true
        }
        return isThere
    }

    /// The children of this process, which has one thread; also where the kernel has no file that lists them.
    public func everyChild(of pid: Int32) throws(SystemError) -> [Int32] {
        if let children = try children(of: pid, threads: 1) { return children }
        var pids: [Int32] = []
        try allPIDs(into: &pids)
        var children: [Int32] = []
        for child in pids where try stat(child)?.parent == pid { children.append(child) }
        return children
    }

    /// As the kernel shows it: without a terminating NUL, ` (deleted)` appended when the file is gone. nil when it is
    /// not there, a kernel thread, or not for the caller to know.
    public func executablePath(_ pid: Int32) -> [UInt8]? {
        guard pid > 0, let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
        let count = withExecutable(pid) { clinux_result(readlinkat(proc.number, $0, base, buffer.count)) }
        return count < 0 ? nil : Array(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
    }

    /// nil when it is not there, a kernel thread, or not for the caller to know. Never waits for a file system.
    public func executableIdentity(_ pid: Int32) -> FileIdentity? {
        var facts = clinux_file_facts()
        guard pid > 0, withExecutable(pid, { Int(clinux_file_facts(proc.number, $0, &facts)) }) == 0 else { return nil }
        return FileIdentity(device: facts.device, inode: facts.inode)
    }

    /// A main thread that has exited has no executable any more: its other threads are asked then.
    private func withExecutable(_ pid: Int32, _ call: (UnsafePointer<CChar>) -> Int) -> Int {
        let result = call(path.of(pid, "/exe"))
        // try?: whatever the reason, there is then no other thread to ask.
        guard result == -Int(ENOENT), let threads = try? self.threads(of: pid) else { return result }
        for thread in threads where thread != pid {
            let result = call(path.of(pid, thread: thread, "/exe"))
            if result >= 0 { return result }
        }
        return result
    }

    /// The effective uid, from the owner of the directory `/proc/PID`: a fraction of what reading `status` costs. Unlike
    /// that of the files in it, the directory's owner does not depend on whether the process can be dumped.
    /// - Returns: nil when the process is not there.
    public func effectiveUID(_ pid: Int32) -> UInt32? {
        var facts = clinux_file_facts()
        guard pid > 0, clinux_file_facts(proc.number, path.of(pid, ""), &facts) == 0 else { return nil }
        return facts.owner
    }

    /// Who it runs as.
    public func owner(_ pid: Int32) throws(SystemError) -> ProcessOwner? {
        guard let bytes = try read(pid, "/status") else { return nil }
        return Self.parseOwner(bytes)
    }

    /// The audit session; nil when none was set, the process is gone, or the kernel has no audit.
    public func auditSession(_ pid: Int32) throws(SystemError) -> UInt32? {
        guard let bytes = try read(pid, "/sessionid") else { return nil }
        var fields = DecimalFields(bytes, from: 0)
        guard let number = fields.next(), number != Int64(UInt32.max) else { return nil }
        return UInt32(exactly: number)
    }

    /// The user id that its audit session was begun for; nil likewise.
    public func loginUID(_ pid: Int32) throws(SystemError) -> UInt32? {
        guard let bytes = try read(pid, "/loginuid") else { return nil }
        var fields = DecimalFields(bytes, from: 0)
        guard let number = fields.next(), number != Int64(UInt32.max) else { return nil }
        return UInt32(exactly: number)
    }

    /// The path in the version 2 hierarchy, relative to the caller's cgroup namespace. nil without one.
    public func cgroupPath(_ pid: Int32) throws(SystemError) -> [UInt8]? {
        guard let bytes = try read(pid, "/cgroup") else { return nil }
        return CgroupHierarchy.unifiedPath(in: bytes)
    }

    /// The kernel function it sleeps in; nil when it runs, or that is not for the caller to know.
    public func waitChannel(_ pid: Int32) -> String? {
        // try?: only a hint for people, whatever the reason that it cannot be had.
        guard let bytes = try? read(pid, "/wchan"), !bytes.isEmpty, bytes.first != UInt8(ascii: "0") else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Where the `/proc` directory is held open, for readers in a forked child.
    var directory: CInt { proc.number }

    private func threads(of pid: Int32) throws(SystemError) -> [Int32]? {
        let result = clinux_openat(proc.number, path.of(pid, "/task"), O_RDONLY | O_DIRECTORY)
        if isUnseen(result) { return nil }
        let directory = Descriptor(adopting: try check(result, "open", "/proc/\(pid)/task"))
        var found: [Int32] = []
        try directories.forEachEntry(of: directory.number, place: "/proc/\(pid)/task") { entry in
            if let thread = entry.number { found.append(thread) }
        }
        return found
    }

    private func appendChildren(
        of pid: Int32, thread: Int32, to found: inout [Int32]
    ) throws(SystemError) -> Bool {
        let result = clinux_openat(proc.number, path.of(pid, thread: thread, "/children"), O_RDONLY)
        if isUnseen(result) { return false }
        let file = Descriptor(adopting: try check(result, "open", "/proc/\(pid)/task/\(thread)/children"))
        var held = 0
        while true {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[held...])
            let count = clinux_read(file.number, rest.baseAddress, rest.count)
            if count == -Int(ESRCH) { return true }
            _ = try check(count, "read", "/proc/\(pid)/task/\(thread)/children")
            let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<(held + count)])
            // A number may go on in the next piece: keep what follows the last blank.
            let end = count == 0 ? bytes.count : (bytes.lastIndex(of: 32).map { $0 + 1 } ?? 0)
            var fields = DecimalFields(UnsafeRawBufferPointer(rebasing: bytes[..<end]), from: 0)
            while let child = fields.nextPID() { found.append(child) }
            if count == 0 { return true }
            held = bytes.count - end
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[end...]))
        }
    }

    /// One read: these files come whole when there is room, and none of those read here is longer.
    func read(_ pid: Int32, _ leaf: StaticString) throws(SystemError) -> UnsafeRawBufferPointer? {
        guard pid > 0 else { return nil }
        let result = clinux_openat(proc.number, path.of(pid, leaf), O_RDONLY)
        if isUnseen(result) { return nil }
        let file = Descriptor(adopting: try check(result, "open", "/proc/\(pid)\(leaf)"))
        let count = clinux_read(file.number, buffer.baseAddress, buffer.count)
        if count == -Int(ESRCH) { return nil }
        _ = try check(count, "read", "/proc/\(pid)\(leaf)")
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
    }

    private func isUnseen(_ result: CInt) -> Bool {
        result == -ENOENT || result == -ESRCH || result == -EACCES || result == -EPERM
    }

    /// The kernel escapes line feeds in the name, so that a line that starts with `Uid:` is the kernel's own.
    static func parseOwner(_ bytes: UnsafeRawBufferPointer) -> ProcessOwner? {
        let key: StaticString = "\nUid:\t"
        guard let base = bytes.baseAddress,
            let line = memmem(base, bytes.count, key.utf8Start, key.utf8CodeUnitCount)
        else { return nil }
        var fields = DecimalFields(bytes, from: base.distance(to: line) + key.utf8CodeUnitCount)
        guard let real = fields.next(), let effective = fields.next(), let saved = fields.next() else { return nil }
        return ProcessOwner(
            real: UInt32(truncatingIfNeeded: real), effective: UInt32(truncatingIfNeeded: effective),
            saved: UInt32(truncatingIfNeeded: saved))
    }
}
