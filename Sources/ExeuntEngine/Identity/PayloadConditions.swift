// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// What a payload begins with, where that is not as its caller has it.
public struct PayloadConditions: Sendable {
    /// The directory it begins in.
    public var directory: [UInt8]?
    /// `NAME=VALUE` each, set over whatever else its environment has.
    public var assignments: [[UInt8]] = []
    /// Variables that are kept from the caller's environment where it is made anew.
    public var preserved: [String] = []
    /// Begin as a log-in does: in the home directory, by the log-in shell, which reads its profile.
    public var isLogin = false
    /// Its file mode creation mask.
    public var umask: UInt32?
    /// Its resource limits.
    public var limits: [Resource: ResourceLimit] = [:]
    /// Nothing of it gains privileges from set-uid programs.
    public var noNewPrivileges = false
    /// The only descriptors it has beside 0, 1 and 2. nil: the caller's, or none where the identity changes.
    public var passedDescriptors: [CInt]?

    /// As the caller has it.
    public init() {}
}
