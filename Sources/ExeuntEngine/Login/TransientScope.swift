// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// A scope that systemd is asked for, so that a process lives on when its session's scope is ended: systemd.scope(5), and
/// `StartTransientUnit` of org.freedesktop.systemd1(5).
public enum TransientScope {
    private static let program = Array("/usr/bin/busctl".utf8)
    /// systemd answers when the job is queued, and moves the process soon after that.
    private static let patience = Duration.seconds(5)

    /// Moves the process into a new scope of this lease.
    public static func make(
        forLease lease: String, _ process: borrowing ProcessHandle, _ cgroups: LoginCgroups
    ) throws {
        let unit = unit(lease)
        let words = [
            "busctl", "--quiet", "call", "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
            "org.freedesktop.systemd1.Manager", "StartTransientUnit", "ssa(sv)a(sa(sv))", unit, "fail", "3",
            "PIDs", "au", "1", String(process.pid), "Description", "s", "Exeunt lease \(lease)", "CollectMode", "s",
            "inactive-or-failed", "0",
        ]
        try run(words)
        let deadline = MonotonicInstant.now() + patience
        while MonotonicInstant.now() < deadline, !process.hasExited {
            if let scope = cgroups.scope(ofLease: lease), try cgroups.isInside(process.pid, scope) { return }
            _ = process.waitForExit(.milliseconds(5))
        }
        throw SystemError("wait for", "systemd to make \(unit)", .timedOut)
    }

    private static func run(_ words: [String]) throws {
        let null = try CurrentProcess.openNull()
        var request = SpawnRequest(
            arguments: words.map { Array($0.utf8) }, environment: [Array("PATH=/usr/bin:/bin".utf8)])
        request.candidates = [program]
        request.standardDescriptors = StandardStreams(input: null.number, output: null.number, error: null.number)
        let child = try spawn(request)
        guard child.handle.waitForExit(patience) else {
            _ = child.handle.send(.kill)
            _ = child.handle.waitForExit(.seconds(1))
            _ = try Children.reap(pid: child.pid)
            throw SystemError("call", "systemd by busctl", .timedOut)
        }
        guard case .exited(0)? = try Children.reap(pid: child.pid) else {
            throw SystemError("call", "StartTransientUnit of systemd by busctl", .ioError)
        }
    }

    private static func unit(_ lease: String) -> String { "exeunt-lease-\(lease).scope" }
}
