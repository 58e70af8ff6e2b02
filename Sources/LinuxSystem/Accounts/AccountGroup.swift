// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A group of users as this host's databases (nsswitch.conf) know it.
public struct AccountGroup: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its id.
    public let gid: UInt32

    /// nil when there is no such group. Fails when a database cannot be asked.
    public static func named(_ name: String) throws(SystemError) -> AccountGroup? {
        try find("group \(name)") { entry, room, size, found in getgrnam_r(name, entry, room, size, found) }
    }

    /// nil when no group has this id.
    public static func of(gid: UInt32) throws(SystemError) -> AccountGroup? {
        try find("group \(gid)") { entry, room, size, found in getgrgid_r(gid, entry, room, size, found) }
    }

    private static func find(
        _ subject: @autoclosure () -> String, _ call: DatabaseEntry.Call<group>
    ) throws(SystemError) -> AccountGroup? {
        try DatabaseEntry.find(subject(), group(), call) { entry in
            AccountGroup(
                name: String(decoding: DatabaseEntry.bytes(entry.gr_name), as: UTF8.self), gid: entry.gr_gid)
        }
    }
}
