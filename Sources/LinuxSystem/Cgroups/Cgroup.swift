// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A cgroup of version 2, held by its directory: whatever happens to names, operations reach this one.
///
/// Sub-groups that vanish meanwhile are normal, and so is the group's own removal: it is then empty.
public final class Cgroup {
    /// As it was opened, for people; operations go by the directory held.
    public let path: String
    private let directory: Descriptor
    private var events: Descriptor?
    private let listing = DirectoryReader(capacity: 8192)
    private let buffer: UnsafeMutableRawBufferPointer

    private init(path: String, directory: consuming Descriptor) {
        self.path = path
        self.directory = directory
        buffer = .allocate(byteCount: 65536, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// Makes a new group. Fails with EEXIST, and with EACCES, EPERM or EROFS where the caller may not.
    public static func create(named name: String, below parent: String) throws(SystemError) -> Cgroup {
        let path = parent == "/" ? "/" + name : parent + "/" + name
        _ = try check(makeDirectory(AT_FDCWD, path, 0o755), "make", "cgroup \(path)")
        do throws(SystemError) {
            return try open(path)
        } catch {
            _ = removeDirectory(AT_FDCWD, path)
            throw error
        }
    }

    /// Makes sure that there is a group of this path, and that its parent is there.
    public static func ensure(_ path: String, below parent: String) throws(SystemError) {
        var result = makeDirectory(AT_FDCWD, path, 0o755)
        if result == -ENOENT {
            let made = makeDirectory(AT_FDCWD, parent, 0o755)
            if made != -EEXIST { _ = try check(made, "make", "cgroup \(parent)") }
            result = makeDirectory(AT_FDCWD, path, 0o755)
        }
        if result != -EEXIST { _ = try check(result, "make", "cgroup \(path)") }
    }

    /// Fails with ENOENT, and with EINVAL where it is no directory of cgroup version 2.
    public static func open(_ path: String) throws(SystemError) -> Cgroup {
        let result = clinux_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY)
        let directory = Descriptor(adopting: try check(result, "open", "cgroup \(path)"))
        guard fileSystem(of: directory.number) == cgroup2Magic else {
            throw SystemError("open", "cgroup \(path)", .invalidArgument)
        }
        return Cgroup(path: path, directory: directory)
    }

    /// For `SpawnRequest.cgroup`.
    public var directoryDescriptor: CInt { directory.number }

    /// Replaces the contents with the pids of all processes of this group and of those below it. One that moves
    /// meanwhile can be listed twice or not at all; a process of another pid namespace (pid 0) is left out.
    public func processes(into pids: inout [Int32]) throws(SystemError) {
        pids.removeAll(keepingCapacity: true)
        try forEachGroup { group throws(SystemError) in
            let result = clinux_openat(group, "cgroup.procs", O_RDONLY)
            if result == -ENOENT || result == -ENODEV { return }
            let file = Descriptor(adopting: try check(result, "open", "cgroup.procs in \(path)"))
            try appendPIDs(from: file, to: &pids)
        }
    }

    /// Moves a process into it. Fails with ESRCH where that has exited.
    public func admit(_ process: borrowing ProcessHandle) throws(SystemError) {
        let subject = "cgroup.procs (\"\(process.pid)\") in \(path)"
        let file = Descriptor(
            adopting: try check(clinux_openat(directory.number, "cgroup.procs", O_WRONLY), "write", subject))
        // The number is its own for as long as it lives: whoever lives after the write has had it all the time.
        if process.hasExited { throw SystemError("write", subject, .noSuchProcess) }
        try writeAll(Array(String(process.pid).utf8), to: file.number, subject: subject)
    }

    /// Whether it has not been removed.
    public func isThere() throws(SystemError) -> Bool {
        do throws(SystemError) {
            _ = try eventsDescriptor()
            return true
        } catch {
            if error.isOfRemovedGroup { return false }
            throw error
        }
    }

    /// Whether a live process is in it or below it.
    public func isPopulated() throws(SystemError) -> Bool { try event("populated 1") }

    /// Whether all of its processes are frozen by now.
    public func isFrozen() throws(SystemError) -> Bool { try event("frozen 1") }

    /// For `EventInterest.priority`: there is one whenever `isPopulated()` or `isFrozen()` changes, until they are
    /// asked again.
    public func eventsDescriptor() throws(SystemError) -> CInt {
        if let number = openEvents { return number }
        let result = clinux_openat(directory.number, "cgroup.events", O_RDONLY)
        let file = Descriptor(adopting: try check(result, "open", "cgroup.events in \(path)"))
        let number = file.number
        events = consume file
        return number
    }

    private var openEvents: CInt? {
        switch events {
        case .some(let file): file.number
        case .none: nil
        }
    }

    /// Kills every process in it and below it at once, those that are forking now included.
    public func kill() throws(SystemError) { try control("cgroup.kill", "1") }

    /// Asks only: `isFrozen()` says when all have stopped. Also holds for the groups below.
    public func setFrozen(_ frozen: Bool) throws(SystemError) { try control("cgroup.freeze", frozen ? "1" : "0") }

    /// Freezes it, and waits until all have stopped, or for this time.
    public func freeze(within patience: Duration) throws(SystemError) {
        try setFrozen(true)
        let deadline = MonotonicInstant.now() + patience
        let change = try eventsDescriptor()
        while try !isFrozen() {
            let rest = deadline - .now()
            if rest <= .zero { return }
            _ = pollOne(change, POLLPRI, milliseconds: rest.millisecondsRoundedUp)
        }
    }

    /// Undoes what was frozen in this group and in every one below it, by whomever.
    public func thawDescendants() throws(SystemError) {
        try forEachGroup { group throws(SystemError) in
            do throws(SystemError) {
                try writeControl("cgroup.freeze", "0", in: group, place: path)
            } catch {
                guard error.isOfRemovedGroup else { throw error }
            }
        }
    }

    /// Whether there are groups below it now.
    public func hasSubgroups() -> Bool { CgroupWalk.hasSubgroups(directory.number) }

    /// Removes the groups below it, deepest first, and itself.
    /// - Parameter patience: how long to wait for processes that are just leaving.
    /// - Returns: false when processes are still there.
    public func remove(patience: Duration = .milliseconds(50)) throws(SystemError) -> Bool {
        let deadline = MonotonicInstant.now() + patience
        while true {
            if try removeOnce() { return true }
            let now = MonotonicInstant.now()
            if now >= deadline { return false }
            let change = try eventsDescriptor()
            // Without the look before it, poll would not notice a change that has already happened.
            let pause = try isPopulated() ? deadline - now : .milliseconds(1)
            _ = pollOne(change, pause == .milliseconds(1) ? 0 : POLLPRI, milliseconds: pause.millisecondsRoundedUp)
        }
    }

    private func removeOnce() throws(SystemError) -> Bool {
        // Mostly there is nothing below it, and this needs no descriptor, of which there may be none left.
        if try Self.remove(path.utf8CString, in: AT_FDCWD, path) { return true }
        var isBusy = false
        var walk = CgroupWalk(from: directory.number, listing)
        while let step = try walk.next() {
            guard case .leave(let parent, let name) = step else { continue }
            isBusy = try !Self.remove(name, in: parent, path) || isBusy
        }
        if isBusy { return false }
        let result = clinux_openat(directory.number, "..", O_RDONLY | O_DIRECTORY)
        if result == -ENOENT { return true }
        let parent = Descriptor(adopting: try check(result, "open", "parent of cgroup \(path)"))
        guard let name = path.split(separator: "/").last else { return false }
        return try Self.remove(String(name).utf8CString, in: parent.number, path)
    }

    private static func remove(_ name: ContiguousArray<CChar>, in parent: CInt, _ path: String) throws(SystemError)
        -> Bool
    {
        let result = name.withUnsafeBufferPointer { removeDirectory(parent, $0.baseAddress) }
        if result == -EBUSY || result == -ENOTEMPTY { return false }
        if result == -ENOENT { return true }
        _ = try check(result, "remove", "cgroup \(path)")
        return true
    }

    private func forEachGroup(_ body: (CInt) throws(SystemError) -> Void) throws(SystemError) {
        try body(directory.number)
        guard hasSubgroups() else { return }
        var walk = CgroupWalk(from: directory.number, listing)
        while let step = try walk.next() {
            if case .enter(let group) = step { try body(group) }
        }
    }

    private func control(_ name: String, _ text: StaticString) throws(SystemError) {
        do throws(SystemError) {
            try writeControl(name, text, in: directory.number, place: path)
        } catch {
            guard error.isOfRemovedGroup else { throw error }
            // A group that was removed has no files at all; a kernel without this one still has the others.
            let probe = clinux_openat(directory.number, "cgroup.procs", O_RDONLY)
            guard probe >= 0 else { return }
            _ = clinux_close(probe)
            throw error
        }
    }

    private func event(_ text: StaticString) throws(SystemError) -> Bool {
        let file: CInt
        do throws(SystemError) {
            file = try eventsDescriptor()
        } catch {
            if error.isOfRemovedGroup { return false }
            throw error
        }
        let count = clinux_result(pread(file, buffer.baseAddress, buffer.count, 0))
        if count == -Int(ENODEV) { return false }
        let size = try check(count, "read", "cgroup.events in \(path)")
        return memmem(buffer.baseAddress, size, text.utf8Start, text.utf8CodeUnitCount) != nil
    }

    private func appendPIDs(from file: borrowing Descriptor, to pids: inout [Int32]) throws(SystemError) {
        var held = 0
        while true {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[held...])
            let count = clinux_read(file.number, rest.baseAddress, rest.count)
            // The processes of a threaded group are listed by the domain above it, and a removed one has none.
            if count == -Int(EOPNOTSUPP) || count == -Int(ENODEV) { return }
            let size = held + (try check(count, "read", "cgroup.procs in \(path)"))
            let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<size])
            // A number may go on in the next piece: keep what follows the last line feed.
            let end = count == 0 ? size : (bytes.lastIndex(of: 10).map { $0 + 1 } ?? 0)
            var fields = DecimalFields(UnsafeRawBufferPointer(rebasing: bytes[..<end]), from: 0)
            while let pid = fields.nextPID() { pids.append(pid) }
            if count == 0 { return }
            held = size - end
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[end...]))
        }
    }
}

extension SystemError {
    /// ENOENT when its directory is empty, ENODEV on a file that was opened before.
    fileprivate var isOfRemovedGroup: Bool {
        errno == .noSuchFileOrDirectory || errno == .operationNotSupportedByDevice
    }
}
