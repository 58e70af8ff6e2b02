// SPDX-License-Identifier: Apache-2.0
@_exported import struct SystemPackage.Errno

/// What the kernel refused: which operation, on what, and its errno.
///
/// Rendered as `write cgroup.kill ("1") in /sys/fs/cgroup/x: permission denied [EACCES]`.
public struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A verb: `open`, `write`, `clone`.
    public let operation: String
    /// The path with the attempted data, the process, or the purpose of the descriptor.
    public let subject: String
    /// Why.
    public let errno: Errno

    /// In the order it is read.
    public init(_ operation: String, _ subject: String, _ errno: Errno) {
        self.operation = operation
        self.subject = subject
        self.errno = errno
    }

    /// `operation subject: message [NAME]`
    public var description: String {
        "\(operation)\(subject.isEmpty ? "" : " ")\(subject): \(errno.message) [\(errno.name)]"
    }
}

/// Turns the negated errno of a CLinux function into an error. The texts are made only when it failed.
@inline(__always)
func check<Number: SignedInteger>(
    _ result: Number, _ operation: @autoclosure () -> String, _ subject: @autoclosure () -> String
) throws(SystemError) -> Number {
    if result >= 0 { return result }
    throw SystemError(operation(), subject(), Errno(rawValue: CInt(truncatingIfNeeded: -result)))
}
