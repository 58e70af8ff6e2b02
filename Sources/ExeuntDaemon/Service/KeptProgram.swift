// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// The programs that `Exe=` of `[Keep]` allows. Whoever asks for a lease says what it is going to execute; what it has
/// executed is the kernel's to say, a moment later.
struct KeptProgram {
    private let allowed: [String]

    /// How long after the grant it is looked at what has been executed.
    static let delay = Duration.seconds(2)

    init(_ policy: KeepPolicy) { allowed = policy.executables }

    /// Whether anything but all is allowed.
    var isLimited: Bool { !allowed.isEmpty }

    /// The allowed path that leads to the same file as this one, else the path itself.
    func named(_ path: String?) -> String? {
        guard let path, let file = Self.identity(path) else { return path }
        return allowed.first { Self.identity($0) == file } ?? path
    }

    /// Whether this process runs one of them; of one that is gone, whether somebody in its cgroup does.
    func isRun(
        by leader: ProcessIdentity, in place: LoginCgroup?, _ table: ProcessTable
    ) throws(SystemError) -> Bool {
        if try table.stat(leader.pid)?.startTime == leader.startTime, let file = table.executableIdentity(leader.pid) {
            return includes(file)
        }
        var pids: [Int32] = []
        try place?.open()?.processes(into: &pids)
        return pids.isEmpty || pids.contains { table.executableIdentity($0).map(includes) ?? false }
    }

    private func includes(_ file: FileIdentity) -> Bool { allowed.contains { Self.identity($0) == file } }

    /// try?: what is not there is no file.
    private static func identity(_ path: String) -> FileIdentity? { try? FileIdentity.of(path: path) }
}
