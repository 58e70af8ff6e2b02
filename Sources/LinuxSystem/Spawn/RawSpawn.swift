// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A request as the child's path in C reads it, with all the memory it points into.
struct RawSpawn: ~Copyable {
    private var raw = clinux_spawn()
    private let paths: CStrings
    private let arguments: CStrings
    private let environment: CStrings
    private let shell: CStrings
    private let words: CStrings
    private let groups: FixedArray<UInt32>
    private let credentials: FixedArray<clinux_credentials>
    private let limits: FixedArray<clinux_limit>
    private let passed: FixedArray<CInt>

    init(_ request: SpawnRequest, _ candidates: [[UInt8]]) {
        paths = CStrings(candidates)
        arguments = CStrings(request.arguments)
        environment = CStrings(request.environment)
        shell = CStrings([Array("/bin/sh".utf8), []] + request.arguments.dropFirst())
        words = CStrings([Array(String(request.loginUID ?? 0).utf8), request.directory ?? []])
        groups = FixedArray(request.credentials?.groups ?? [])
        let identity = request.credentials ?? Credentials(uid: 0, gid: 0)
        credentials = FixedArray([
            clinux_credentials(uid: identity.uid, gid: identity.gid, groups: groups.pointer, group_count: groups.count)
        ])
        limits = FixedArray(request.sortedLimits.map(\.raw))
        passed = FixedArray((request.passedDescriptors ?? []) + [-1])
        point(to: request)
        set(request)
    }

    private mutating func point(to request: SpawnRequest) {
        raw.candidates = UnsafePointer(paths.constant)
        raw.arguments = UnsafePointer(arguments.pointers)
        raw.environment = UnsafePointer(environment.pointers)
        raw.shell_arguments = shell.constant
        if request.loginUID != nil { raw.login_uid = UnsafePointer(words.pointers[0]) }
        if request.directory != nil { raw.directory = UnsafePointer(words.pointers[1]) }
        if request.credentials != nil { raw.credentials = UnsafePointer(credentials.pointer) }
        if request.passedDescriptors != nil { raw.passed = UnsafePointer(passed.pointer) }
        raw.limits = UnsafePointer(limits.pointer)
        raw.limit_count = CInt(limits.count)
    }

    private mutating func set(_ request: SpawnRequest) {
        let streams = request.standardDescriptors
        let ignored = CurrentProcess.ignoredSignals().bits
        raw.standard = (streams.input ?? -1, streams.output ?? -1, streams.error ?? -1)
        raw.program = request.programDescriptor ?? -1
        raw.report = -1
        raw.cgroup = request.cgroup ?? -1
        raw.terminal = request.foregroundTerminal ?? -1
        raw.new_group = request.leadsGroup ? 1 : 0
        raw.new_session = request.newSession ? 1 : 0
        raw.no_new_privileges = request.noNewPrivileges ? 1 : 0
        raw.umask = request.umask.map { CInt($0 & 0o777) } ?? -1
        raw.death_signal = request.parentDeathSignal?.rawValue ?? 0
        raw.mask = request.signalMask.bits
        raw.to_default = ignored & ~request.ignoredSignals.bits
        raw.to_ignore = request.ignoredSignals.bits & ~ignored
        raw.pidfd = -1
    }

    /// Where a child with memory of its own tells of its failure, a pipe's end.
    mutating func report(to descriptor: CInt) { raw.report = descriptor }

    /// What has failed in a child that shares memory with the caller; error 0 when it runs its program.
    var failure: clinux_spawn_failure { raw.failure }

    /// - Returns: the child, or why the kernel made none.
    mutating func clone() -> Result<SpawnedProcess, Errno> {
        // A handler that ran in the child would run in the caller's memory.
        var before: UInt64 = 0
        let blocked = clinux_change_mask(SIG_SETMASK, .max, &before)
        if blocked < 0 { return .failure(Errno(rawValue: -blocked)) }
        var pid = clinux_clone(&raw, 0)
        // Container run times with an old seccomp profile know no clone3.
        if pid == -Int(ENOSYS) { pid = clinux_clone(&raw, 1) }
        _ = clinux_change_mask(SIG_SETMASK, before, nil)
        if pid < 0 { return .failure(Errno(rawValue: CInt(-pid))) }
        let handle = ProcessHandle(adopting: Descriptor(adopting: raw.pidfd), pid: Int32(pid))
        return .success(SpawnedProcess(handle: handle))
    }
}

extension SpawnRequest {
    /// In the order in which they are set.
    var sortedLimits: [(resource: Resource, raw: clinux_limit)] {
        limits.sorted { $0.key.rawValue < $1.key.rawValue }.map { resource, limit in
            (resource, clinux_limit(resource: resource.rawValue, value: limit.raw))
        }
    }
}
