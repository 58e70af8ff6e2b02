// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// The directories in a directory, likewise.
public func listDirectories(_ path: String) throws(SystemError) -> [String] {
    let directory = Descriptor(adopting: try check(clinux_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY), "list", path))
    var names: [String] = []
    try DirectoryReader().forEachEntry(of: directory.number, place: path) { entry in
        if entry.isDirectory, !entry.isDotOrDotDot { names.append(String(cString: entry.name)) }
    }
    return names
}

/// The names in a directory without `.` and `..`, in no order; bytes that are not UTF-8 are repaired.
/// Fails with what opening it fails with: ENOENT, ENOTDIR, EACCES.
public func listDirectory(_ path: String) throws(SystemError) -> [String] {
    let directory = Descriptor(adopting: try check(clinux_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY), "list", path))
    var names: [String] = []
    try DirectoryReader().forEachEntry(of: directory.number, place: path) { entry in
        if !entry.isDotOrDotDot { names.append(String(cString: entry.name)) }
    }
    return names
}
