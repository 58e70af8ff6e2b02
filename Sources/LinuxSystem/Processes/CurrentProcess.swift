// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// What `CurrentProcess.fork()` gives to either side.
public enum ForkResult: Hashable, Sendable {
    case child
    case parent(child: Int32)
}

/// What `CurrentProcess.forkWatched()` gives to either side.
public enum WatchedForkResult: ~Copyable, Sendable {
    case child
    case parent(child: ProcessHandle)
}

/// The process that asks.
public enum CurrentProcess {
    /// Its number in its own pid namespace.
    public static var pid: Int32 { getpid() }
    /// The parent's pid; another one than before once the parent has died.
    public static var parent: Int32 { getppid() }
    /// The real user id.
    public static var uid: UInt32 { getuid() }
    /// What its access is judged by.
    public static var effectiveUID: UInt32 { geteuid() }
    /// The real group id.
    public static var gid: UInt32 { getgid() }
    /// Process group.
    public static var group: Int32 { getpgrp() }
    /// Session id.
    public static var session: Int32 { getsid(0) }

    /// Whether a user was given root's rights by the mode of this very program.
    public static var isSetUID: Bool {
        guard uid != effectiveUID else { return false }
        var file = stat()
        return stat("/proc/self/exe", &file) == 0 && file.st_mode & S_ISUID != 0
    }

    /// Makes the effective user id the real one and the saved one, too: the user whose they were can no longer signal
    /// this process.
    public static func takeEffectiveUID() throws(SystemError) {
        _ = try check(clinux_result(Int(setuid(geteuid()))), "set", "real user id")
    }

    /// From here on access is judged as that of this user and this group, without other groups; root's capabilities are not
    /// in effect any more. Takes root.
    public static func actAs(uid: UInt32, gid: UInt32) throws(SystemError) {
        _ = try check(clinux_result(Int(setgroups(0, nil))), "drop", "supplementary groups")
        _ = try check(clinux_result(Int(setegid(gid))), "set", "effective group id \(gid)")
        _ = try check(clinux_result(Int(seteuid(uid))), "set", "effective user id \(uid)")
    }

    /// The supplementary groups.
    public static func groups() throws(SystemError) -> [UInt32] {
        let count = try check(clinux_result(Int(getgroups(0, nil))), "count", "supplementary groups")
        var groups = [UInt32](repeating: 0, count: count)
        let found = try check(clinux_result(Int(getgroups(CInt(count), &groups))), "get", "supplementary groups")
        return Array(groups.prefix(found))
    }

    /// The command line as bytes, the program's name first: `CommandLine.arguments` repairs what is not UTF-8.
    public static var arguments: [[UInt8]] {
        (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0].map(bytes(of:)) }
    }

    /// `NAME=VALUE` each, in order, as bytes.
    public static var environment: [[UInt8]] {
        guard let entries = clinux_environment() else { return [] }
        return sequence(state: 0) { index -> [UInt8]? in
            defer { index += 1 }
            return entries[index].map(bytes(of:))
        }.map { $0 }
    }

    private static func bytes(of string: UnsafeMutablePointer<CChar>) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: string, count: strlen(string)))
    }

    /// From here on orphaned descendants become children of this process.
    public static func becomeSubreaper() throws(SystemError) {
        _ = try check(controlProcess(PR_SET_CHILD_SUBREAPER, 1), "become", "subreaper")
    }

    /// From here on this process leads a process group of its own.
    public static func leadOwnGroup() throws(SystemError) {
        _ = try check(clinux_result(Int(setpgid(0, 0))), "make", "process group")
    }

    /// From here on this process leads a kernel session of its own, without a controlling terminal; only for a process that
    /// leads no group.
    public static func leadOwnSession() throws(SystemError) {
        _ = try check(clinux_result(Int(setsid())), "make", "kernel session")
    }

    /// What `ps` shows; cut to 15 bytes.
    public static func setName(_ name: String) throws(SystemError) {
        let result = name.withCString { controlProcess(PR_SET_NAME, UInt(bitPattern: $0)) }
        _ = try check(result, "set", "process name")
    }

    /// The signal this process gets when its parent dies; nil for none. A parent that has died before gives no
    /// signal: compare `parent` afterwards. A change of user id, and exec of a set-uid program, clear it.
    public static func setParentDeathSignal(_ signal: Signal?) throws(SystemError) {
        _ = try check(controlProcess(PR_SET_PDEATHSIG, UInt(signal?.rawValue ?? 0)), "set", "parent death signal")
    }

    /// Closes a descriptor whose owner will not: in a process that was forked, and exits without its values being destroyed.
    public static func abandon(_ descriptor: CInt) { _ = clinux_close(descriptor) }

    /// Only for a program of one thread. Fails with EAGAIN or ENOMEM.
    public static func fork() throws(SystemError) -> ForkResult {
        let pid = try check(clinux_fork(), "fork", "")
        return pid == 0 ? .child : .parent(child: pid)
    }

    /// The same, and the parent can watch the child. One that cannot be watched, for want of a descriptor (EMFILE, ENFILE) or
    /// of memory, does nothing, and is not there when this fails.
    public static func forkWatched() throws(SystemError) -> WatchedForkResult {
        let gate = try makePipe()
        switch try fork() {
        case .child:
            waitAtGate(gate.onlyReadEnd())
            return .child
        case .parent(let pid): return try watchChild(pid, gate)
        }
    }

    /// The end of the gate is news that nobody watches, and the child's own write end must not keep that from it.
    private static func waitAtGate(_ gate: consuming Descriptor) {
        // try?: what cannot be read opens for nobody.
        guard let word = try? gate.readSome(atMost: 1), !word.isEmpty else { exit(1) }
    }

    private static func watchChild(_ pid: Int32, _ gate: consuming Pipe) throws(SystemError) -> WatchedForkResult {
        // First: that leaves a descriptor for the handle.
        let opening = gate.onlyWriteEnd()
        do throws(SystemError) {
            // A child's number is its own until it is reaped.
            guard let handle = try ProcessHandle.open(pid: pid) else {
                throw SystemError("open", "process \(pid)", .noSuchProcess)
            }
            try opening.write([1])
            return .parent(child: handle)
        } catch {
            close(opening)
            // All that it does is to exit.
            while try Children.reap(pid: pid) == nil, try Children.peek(pid: pid) != .none { _ = poll(nil, 0, 1) }
            throw error
        }
    }

    private static func close(_ descriptor: consuming Descriptor) {}

    /// Ends at once: nothing is flushed and nothing that was registered runs.
    public static func exit(_ code: Int32) -> Never { _exit(code) }

    /// Stops this process as Ctrl-Z would; returns when it is continued.
    public static func stop() { _ = raise(SIGSTOP) }

    /// The program this process runs.
    public static func executableIdentity() throws(SystemError) -> FileIdentity {
        try FileIdentity.of(path: "/proc/self/exe")
    }

    /// The kernel's audit session; nil when none was set, or the kernel has no audit.
    public static func auditSession() throws(SystemError) -> UInt32? {
        try number(in: "/proc/self/sessionid")
    }

    /// The user id this log-in began with; nil when none was set, or the kernel has no audit.
    public static func loginUID() throws(SystemError) -> UInt32? {
        try number(in: "/proc/self/loginuid")
    }

    /// Begins a new audit session. Fails with EPERM where it was set before and CAP_AUDIT_CONTROL is missing, with
    /// ENOENT where the kernel has no audit.
    public static func setLoginUID(_ uid: UInt32) throws(SystemError) {
        let path = "/proc/self/loginuid"
        let file = Descriptor(adopting: try check(clinux_openat(AT_FDCWD, path, O_WRONLY), "open", path))
        try writeAll(Array(String(uid).utf8), to: file.number, subject: "\(path) (\"\(uid)\")")
    }

    private static func number(in path: String) throws(SystemError) -> UInt32? {
        do throws(SystemError) {
            let value = UInt32(String(decoding: try readFile(path), as: UTF8.self))
            return value == UInt32.max ? nil : value
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }

    /// Different after each boot of the machine.
    public static func bootID() throws(SystemError) -> String {
        let text = try readFile("/proc/sys/kernel/random/boot_id")
        return String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
