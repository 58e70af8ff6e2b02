// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Reads a small file, such as one of /proc, whole.
/// - Parameter directory: what a relative path starts from.
public func readFile(_ path: String, in directory: CInt = AT_FDCWD) throws(SystemError) -> [UInt8] {
    let file = Descriptor(adopting: try check(clinux_openat(directory, path, O_RDONLY), "open", path))
    do throws(SystemError) {
        return try file.readToEnd()
    } catch {
        throw SystemError(error.operation, path, error.errno)
    }
}

/// One write to a file that is there already, as the kernel's control files want it.
/// - Parameter place: the directory's path, for the error.
func writeControl(_ name: String, _ text: StaticString, in directory: CInt, place: String) throws(SystemError) {
    let subject = { "\(name) (\"\(text)\") in \(place)" }
    let file = Descriptor(
        adopting: try check(clinux_openat(directory, name, O_WRONLY), "write", subject()))
    _ = try check(clinux_write(file.number, text.utf8Start, text.utf8CodeUnitCount), "write", subject())
}
