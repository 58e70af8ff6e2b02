// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What the caller may do with a file. Only for questions whose answer is checked again by doing it.
public enum FileAccess {
    /// Fails as opening the file for writing would: EACCES, ENOENT, EROFS. Effective ids count.
    public static func requireWritable(_ path: String) throws(SystemError) {
        guard faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 else {
            throw SystemError("write", path, Errno(rawValue: errno))
        }
    }
}
