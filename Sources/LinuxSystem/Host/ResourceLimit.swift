// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A limit of a process, getrlimit(2), in the unit of its resource.
public struct ResourceLimit: Hashable, Sendable {
    /// What holds; nil without limit.
    public let soft: UInt64?
    /// How far the process may raise it; nil without limit.
    public let hard: UInt64?

    /// A limit of these values.
    public init(soft: UInt64?, hard: UInt64?) {
        self.soft = soft
        self.hard = hard
    }

    /// The caller's. That of processes (`nproc`) does not hold for root.
    public static func current(_ resource: Resource) throws(SystemError) -> ResourceLimit {
        var limit = rlimit()
        let result = clinux_result(Int(getrlimit(__rlimit_resource_t(UInt32(resource.rawValue)), &limit)))
        _ = try check(result, "get", "limit \(resource.name)")
        // RLIM_INFINITY.
        return ResourceLimit(
            soft: limit.rlim_cur == .max ? nil : UInt64(limit.rlim_cur),
            hard: limit.rlim_max == .max ? nil : UInt64(limit.rlim_max))
    }

    /// Gives this process the limits that a process of root's begins with on a host that is configured in no special
    /// way, as far as it may raise them: beyond the hard limit that takes CAP_SYS_RESOURCE, which containers lack.
    public static func restoreDefaults() {
        let none = ResourceLimit(soft: nil, hard: nil)
        let defaults: [(Resource, ResourceLimit)] = [
            (.cpu, none), (.fsize, none), (.data, none), (.rss, none), (.nproc, none), (.as, none), (.locks, none),
            (.rttime, none), (.stack, ResourceLimit(soft: 8 << 20, hard: nil)),
            (.core, ResourceLimit(soft: 0, hard: nil)),
            (.nofile, ResourceLimit(soft: 1024, hard: 512 << 10)),
        ]
        for (resource, limit) in defaults {
            do throws(SystemError) {
                try limit.apply(to: resource)
            } catch {
                // try?: a limit that cannot even be read stays.
                guard let hard = try? current(resource).hard else { continue }
                try? ResourceLimit(soft: min(limit.soft ?? hard, hard), hard: hard).apply(to: resource)
            }
        }
    }

    /// Makes it the caller's. Fails with EPERM where that would raise the hard limit and takes root.
    func apply(to resource: Resource) throws(SystemError) {
        var limit = raw
        let result = clinux_result(Int(setrlimit(__rlimit_resource_t(UInt32(resource.rawValue)), &limit)))
        _ = try check(result, "set", "limit \(resource.name)")
    }

    /// In the kernel's form.
    var raw: rlimit { rlimit(rlim_cur: rlim_t(soft ?? .max), rlim_max: rlim_t(hard ?? .max)) }
}
