// SPDX-License-Identifier: Apache-2.0

/// What the kernel limits for a process, getrlimit(2). The numbers of x86_64 and aarch64 are the same.
public enum Resource: Int32, CaseIterable, Sendable {
    // In the kernel's order, named as in limits.conf(5) and prlimit(1).
    case cpu, fsize, data, stack, core, rss, nproc, nofile, memlock, `as`, locks, sigpending, msgqueue, nice, rtprio
    case rttime

    /// Such as `nofile`, for RLIMIT_NOFILE.
    public var name: String { "\(self)" }

    /// From its name, in lower case and without `RLIMIT_`.
    public init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }
}
