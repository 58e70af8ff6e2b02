// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Opens a file of the caller's for writing from its start, made with the caller's umask if it is not there.
/// Fails with what open(2) fails with.
public func openForWriting(_ path: String) throws(SystemError) -> Descriptor {
    let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0o666)
    if number < 0 { throw SystemError("open", path, Errno(rawValue: errno)) }
    return Descriptor(adopting: number)
}
