// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Starts a child. The caller is suspended until it runs its program or has failed to, so that no failure goes unseen.
///
/// Without credentials the two share memory until then (as with vfork), and nothing is copied. With credentials the
/// child has memory of its own: whoever has its new uid can stop it, and a caller that shared its memory would hang for
/// as long. Such a child has `spawnPatience`; then it is killed.
public func spawn(_ request: SpawnRequest) throws(SpawnError) -> SpawnedProcess {
    let candidates = try candidates(of: request)
    guard !request.arguments.isEmpty else { throw CommandSearch.failure([], .noSuchFileOrDirectory) }
    return try clone(request, candidates)
}

/// How long a child that changes its identity may take until it runs its program.
public let spawnPatience = Duration.seconds(10)

/// Whether a child with these properties can be made at all: one is, and exits at once without running a program.
/// - Returns: nil when it worked, and the child is gone.
public func probeSpawn(_ request: SpawnRequest) -> SpawnError? {
    do throws(SpawnError) {
        remove(try clone(request, []), killing: false)
        return nil
    } catch {
        return error
    }
}

private func candidates(of request: SpawnRequest) throws(SpawnError) -> [[UInt8]] {
    if request.programDescriptor != nil { return [] }
    if let given = request.candidates {
        guard !given.isEmpty else { throw CommandSearch.failure([], .noSuchFileOrDirectory) }
        return given
    }
    let variable = Array("PATH=".utf8)
    let path = request.environment.first { $0.starts(with: variable) }.map { Array($0.dropFirst(variable.count)) }
    let name = request.arguments.first ?? []
    // What the child finds there, only the child can say: the caller may see more, or stand somewhere else.
    let isElsewhere = request.credentials != nil || request.directory != nil
    return isElsewhere
        ? CommandSearch.paths(for: name, path: path) : try CommandSearch.candidates(for: name, path: path)
}

private func clone(_ request: SpawnRequest, _ candidates: [[UInt8]]) throws(SpawnError) -> SpawnedProcess {
    var raw = RawSpawn(request, candidates)
    if request.credentials != nil { return try cloneApart(&raw, request, candidates) }
    let child = try started(raw.clone(), request)
    guard raw.failure.error != 0 else { return child }
    remove(child, killing: false)
    throw SpawnError(raw.failure, request, candidates)
}

private func cloneApart(
    _ raw: inout RawSpawn, _ request: SpawnRequest, _ candidates: [[UInt8]]
) throws(SpawnError) -> SpawnedProcess {
    let pipe: Pipe
    do throws(SystemError) {
        pipe = try makePipe()
    } catch {
        throw SpawnError(stage: .clone, error: error)
    }
    raw.report(to: pipe.writeEnd.number)
    let child = try started(raw.clone(), request)
    // The child has a writing end of its own: when it runs its program, there is no other.
    let answer = pipe.onlyReadEnd()
    guard let failure = report(from: answer) else {
        remove(child, killing: true)
        let name = String(decoding: request.arguments.first ?? [], as: UTF8.self)
        throw SpawnError(
            stage: .silent,
            error: SystemError("start", "\(name) within \(spawnPatience.components.seconds) s", .timedOut))
    }
    guard failure.error != 0 else { return child }
    // Having told of its failure it may have been stopped too.
    remove(child, killing: true)
    throw SpawnError(failure, request, candidates)
}

private func started(
    _ result: consuming Result<SpawnedProcess, Errno>, _ request: SpawnRequest
) throws(SpawnError) -> SpawnedProcess {
    do throws(Errno) {
        return try result.get()
    } catch {
        // What clone3 answers when the cgroup, and not the fork, was refused.
        let ofCgroup = [EACCES, EPERM, EBUSY, EOPNOTSUPP, ENODEV, EBADF, ENOENT]
        if request.cgroup != nil, ofCgroup.contains(error.rawValue) {
            throw SpawnError(stage: .cgroup, error: SystemError("start", "process in its cgroup", error))
        }
        throw SpawnError(stage: .clone, error: SystemError("clone", "process", error))
    }
}

/// What the child says went wrong: error 0 when it executes its program, or was killed before; nil when it says
/// nothing for too long.
private func report(from answer: borrowing Descriptor) -> clinux_spawn_failure? {
    let deadline = MonotonicInstant.now() + spawnPatience
    var failure = clinux_spawn_failure()
    while true {
        let rest = max(.zero, deadline - .now())
        let ready = pollOne(answer.number, POLLIN, milliseconds: rest.millisecondsRoundedUp)
        if ready == 0 { return nil }
        if ready < 0 { continue }  // EINTR
        let size = MemoryLayout.size(ofValue: failure)
        return clinux_read(answer.number, &failure, size) == size ? failure : clinux_spawn_failure()
    }
}

/// Takes the exit of a child that has failed, so that nothing of it is left.
private func remove(_ child: consuming SpawnedProcess, killing: Bool) {
    if killing { _ = child.handle.send(.kill) }
    // Bounded, though nothing but a file system that hangs can keep it.
    _ = child.handle.waitForExit(.seconds(5))
    // try?: that it cannot be reaped is nothing that the failure at hand would be helped by.
    _ = try? Children.reap(pid: child.pid)
}
