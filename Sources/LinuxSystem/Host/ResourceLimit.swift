// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A limit of the caller's, getrlimit(2).
public struct ResourceLimit: Hashable, Sendable {
    /// What holds; nil without limit.
    public let soft: UInt64?
    /// How far the caller may raise it; nil without limit.
    public let hard: UInt64?

    /// Open descriptors of one process (RLIMIT_NOFILE).
    public static func descriptors() throws(SystemError) -> ResourceLimit { try read(__RLIMIT_OFILE) }

    /// Processes and threads of the real user (RLIMIT_NPROC). Root is exempt.
    public static func processes() throws(SystemError) -> ResourceLimit { try read(__RLIMIT_NPROC) }

    /// A limit of these values.
    public init(soft: UInt64?, hard: UInt64?) {
        self.soft = soft
        self.hard = hard
    }

    private static func read(_ resource: __rlimit_resource) throws(SystemError) -> ResourceLimit {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else {
            throw SystemError("get", "resource limit \(resource.rawValue)", Errno(rawValue: errno))
        }
        // RLIM_INFINITY.
        return ResourceLimit(
            soft: limit.rlim_cur == .max ? nil : UInt64(limit.rlim_cur),
            hard: limit.rlim_max == .max ? nil : UInt64(limit.rlim_max))
    }
}
