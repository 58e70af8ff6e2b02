// SPDX-License-Identifier: Apache-2.0

extension Rule {
    /// Programs that a rule is about.
    public struct Programs: Hashable, Sendable {
        /// The files, as they were when the rule was made.
        public var identities: Set<ExecutableIdentity>
        /// Paths, for a program whose file has been replaced since it was started.
        public var paths: Set<[UInt8]>

        /// These files, and whatever is known to have been started from one of these paths.
        public init(identities: Set<ExecutableIdentity> = [], paths: Set<[UInt8]> = []) {
            self.identities = identities
            self.paths = paths
        }

        /// Whether the process runs one of them.
        ///
        /// In mounts of its own, which every user can make in a user namespace, any file can stand at any path; so a
        /// path counts only for those who see the mounts that Exeunt sees.
        public func include(_ process: ObservedProcess) -> Bool {
            if let identity = process.executableIdentity, identities.contains(identity) { return true }
            guard process.sharesMounts == true, let path = process.executable else { return false }
            return paths.contains(path.ends(with: Self.deleted) ? path.dropLast(Self.deleted.count) : path)
        }

        /// What the kernel puts behind the path of a file that is gone, proc_pid_exe(5).
        private static let deleted = Array(" (deleted)".utf8)
    }
}

extension Sequence where Element: Equatable {
    fileprivate func ends(with suffix: [Element]) -> Bool { reversed().starts(with: suffix.reversed()) }
}
