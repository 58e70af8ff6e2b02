// SPDX-License-Identifier: Apache-2.0
import CLinux

extension SpawnError {
    /// What the child told.
    init(_ failure: clinux_spawn_failure, _ request: SpawnRequest, _ candidates: [[UInt8]]) {
        let errno = Errno(rawValue: failure.error)
        switch clinux_spawn_stage(UInt32(failure.stage)) {
        case CLINUX_SPAWN_CGROUP: self.init(.cgroup, "start", "process in its cgroup", errno)
        case CLINUX_SPAWN_PARENT: self.init(.parentDeathSignal, "set", "parent death signal of child", errno)
        case CLINUX_SPAWN_GROUP:
            self.init(.group, "make", request.newSession ? "kernel session" : "process group", errno)
        case CLINUX_SPAWN_TERMINAL: self.init(.terminal, "set", "foreground group of terminal", errno)
        case CLINUX_SPAWN_AUDIT:
            self.init(.audit, "write", "/proc/self/loginuid (\"\(request.loginUID ?? 0)\")", errno)
        case CLINUX_SPAWN_SIGNALS: self.init(.signals, "set", "signals of child", errno)
        case CLINUX_SPAWN_DESCRIPTORS: self.init(.descriptors, "set", "descriptors of child", errno)
        case CLINUX_SPAWN_LIMIT: self.init(.limit, "set", Self.limit(at: failure.index, request), errno)
        case CLINUX_SPAWN_DIRECTORY:
            self.init(.directory, "enter", Self.text(request.directory ?? []) + Self.whom(request), errno)
        case CLINUX_SPAWN_EXECUTE: self.init(executing: failure, request, candidates)
        default: self.init(credentials: failure, request)
        }
    }

    private init(_ stage: Stage, _ operation: String, _ subject: String, _ errno: Errno) {
        self.init(stage: stage, error: SystemError(operation, subject, errno))
    }

    private init(credentials failure: clinux_spawn_failure, _ request: SpawnRequest) {
        let wanted = request.credentials ?? Credentials(uid: 0, gid: 0)
        let (operation, subject) =
            switch clinux_spawn_stage(UInt32(failure.stage)) {
            case CLINUX_SPAWN_GROUPS: ("set", "\(wanted.groups.count) supplementary groups")
            case CLINUX_SPAWN_GID: ("set", "gid \(wanted.gid)")
            case CLINUX_SPAWN_UID: ("set", "uid \(wanted.uid)")
            case CLINUX_SPAWN_VERIFY: ("verify", "uid \(wanted.uid) and gid \(wanted.gid)")
            default: ("drop", "privileges")
            }
        self.init(.credentials, operation, "\(subject) of child", Errno(rawValue: failure.error))
    }

    /// Says more than execve: EACCES for a directory, and ENOENT for a file that is there, would mislead.
    private init(executing failure: clinux_spawn_failure, _ request: SpawnRequest, _ candidates: [[UInt8]]) {
        let errno = Errno(rawValue: failure.error)
        let name = request.arguments.first ?? []
        let path = candidates.indices.contains(Int(failure.index)) ? candidates[Int(failure.index)] : name
        let isThere = failure.mode != 0 || request.programDescriptor != nil
        if errno == .permissionDenied, FileType(mode: failure.mode) == .directory {
            self = CommandSearch.failure(path, .isDirectory)
        } else if errno == .noSuchFileOrDirectory, isThere {
            self.init(.execute, "execute", "\(Self.text(path)) (its interpreter)", errno)
        } else if failure.mode == 0, request.candidates == nil, candidates.count > 1 {
            // Nothing in any directory of PATH that it may look into.
            self = CommandSearch.failure(name, .noSuchFileOrDirectory)
        } else {
            self = CommandSearch.failure(path, errno)
        }
    }

    private static func limit(at index: Int32, _ request: SpawnRequest) -> String {
        let limits = request.sortedLimits
        return limits.indices.contains(Int(index)) ? "limit \(limits[Int(index)].resource.name) of child" : "limits"
    }

    private static func whom(_ request: SpawnRequest) -> String {
        request.credentials.map { " as uid \($0.uid)" } ?? ""
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
