// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Starts a child. The caller is suspended until it runs its program or has failed to (as with vfork), so that no
/// memory is copied and no failure goes unseen.
public func spawn(_ request: SpawnRequest) throws(SpawnError) -> SpawnedProcess {
    let candidates: [[UInt8]]
    if let given = request.candidates {
        candidates = given
    } else {
        let path = CurrentProcess.variable("PATH")
        candidates = try CommandSearch.candidates(for: request.arguments.first ?? [], path: path)
    }
    guard !candidates.isEmpty, !request.arguments.isEmpty else {
        throw CommandSearch.failure([], .noSuchFileOrDirectory)
    }
    return try clone(request, candidates)
}

/// Whether a child with these properties can be made at all: one is, and exits at once without running a program.
/// - Returns: nil when it worked, and the child is gone.
public func probeSpawn(_ request: SpawnRequest) -> SpawnError? {
    do throws(SpawnError) {
        let child = try clone(request, [])
        _ = child.handle.waitForExit(.seconds(5))
        // try?: that a child cannot be reaped here says nothing about whether it could be made.
        _ = try? Children.reap(pid: child.pid)
        return nil
    } catch {
        return error
    }
}

private func clone(_ request: SpawnRequest, _ candidates: [[UInt8]]) throws(SpawnError) -> SpawnedProcess {
    let paths = CStrings(candidates)
    let arguments = CStrings(request.arguments)
    let environment = CStrings(request.environment)
    let shell = CStrings([Array("/bin/sh".utf8), []] + request.arguments.dropFirst())
    let loginUID = CStrings(request.loginUID.map { [Array(String($0).utf8)] } ?? [])
    let ignored = CurrentProcess.ignoredSignals().bits
    var raw = clinux_spawn()
    raw.candidates = UnsafePointer(paths.constant)
    raw.arguments = UnsafePointer(arguments.pointers)
    raw.environment = UnsafePointer(environment.pointers)
    raw.shell_arguments = shell.constant
    raw.login_uid = UnsafePointer(loginUID.pointers[0])
    raw.cgroup = request.cgroup ?? -1
    raw.terminal = request.foregroundTerminal ?? -1
    raw.new_group = request.leadsGroup ? 1 : 0
    raw.death_signal = request.parentDeathSignal?.rawValue ?? 0
    raw.mask = request.signalMask.bits
    raw.to_default = ignored & ~request.ignoredSignals.bits
    raw.to_ignore = request.ignoredSignals.bits & ~ignored
    if let limit = request.descriptorLimit {
        raw.set_limit = 1
        raw.descriptor_limit = rlimit(rlim_cur: rlim_t(limit.soft), rlim_max: rlim_t(limit.hard))
    }
    let pid = clinux_spawn(&raw)
    if pid <= 0 { throw failure(raw, request, candidates) }
    return SpawnedProcess(handle: ProcessHandle(adopting: Descriptor(adopting: raw.pidfd), pid: pid))
}

private func failure(_ raw: clinux_spawn, _ request: SpawnRequest, _ candidates: [[UInt8]]) -> SpawnError {
    let errno = Errno(rawValue: raw.error)
    let failed = { (stage: SpawnError.Stage, operation: String, subject: String) in
        SpawnError(stage: stage, error: SystemError(operation, subject, errno))
    }
    switch clinux_spawn_stage(UInt32(raw.stage)) {
    case CLINUX_SPAWN_CGROUP: return failed(.cgroup, "start", "process in its cgroup")
    case CLINUX_SPAWN_PARENT: return failed(.parentDeathSignal, "set", "parent death signal of child")
    case CLINUX_SPAWN_GROUP: return failed(.group, "make", "process group")
    case CLINUX_SPAWN_TERMINAL: return failed(.terminal, "set", "foreground group of terminal")
    case CLINUX_SPAWN_AUDIT:
        return failed(.audit, "write", "/proc/self/loginuid (\"\(request.loginUID ?? 0)\")")
    case CLINUX_SPAWN_SIGNALS: return failed(.signals, "set", "signals of child")
    case CLINUX_SPAWN_LIMIT: return failed(.descriptorLimit, "set", "limit of descriptors of child")
    case CLINUX_SPAWN_EXECUTE:
        let index = Int(raw.failed_candidate)
        return executeFailure(candidates.indices.contains(index) ? candidates[index] : [], errno)
    default: return failed(.clone, "clone", "process")
    }
}

/// Says more than execve: EACCES for a directory, and ENOENT for a file that is there, would mislead.
private func executeFailure(_ path: [UInt8], _ errno: Errno) -> SpawnError {
    let obstacle = CommandSearch.obstacle(to: path)
    if errno == .permissionDenied, obstacle == .directory { return CommandSearch.failure(path, .isDirectory) }
    guard errno == .noSuchFileOrDirectory, obstacle == nil else { return CommandSearch.failure(path, errno) }
    let subject = "\(String(decoding: path, as: UTF8.self)) (its interpreter)"
    return SpawnError(stage: .execute, error: SystemError("execute", subject, errno))
}
