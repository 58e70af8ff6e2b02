// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Where the symbolic link at `path` points to, as it is written in it; nil if there is none, or it cannot be read.
public func symbolicLinkTarget(_ path: String) -> String? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &target, target.count)
    return count < 0 ? nil : String(decoding: target.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
}
