// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A user as this host's databases (nsswitch.conf) know it.
public struct Account: Hashable, Sendable {
    /// The log-in name.
    public let name: String
    /// The user id.
    public let uid: UInt32
    /// The primary group.
    public let gid: UInt32
    /// The home directory; it need not exist.
    public let home: [UInt8]
    /// The log-in shell; `/bin/sh` where none is entered.
    public let shell: [UInt8]

    /// An account of these values, which is looked up nowhere.
    public init(name: String, uid: UInt32, gid: UInt32, home: [UInt8], shell: [UInt8]) {
        self.name = name
        self.uid = uid
        self.gid = gid
        self.home = home
        self.shell = shell.isEmpty ? Array("/bin/sh".utf8) : shell
    }

    /// nil when there is no such user. Fails when a database cannot be asked.
    public static func named(_ name: String) throws(SystemError) -> Account? {
        try find("user \(name)") { entry, room, size, found in getpwnam_r(name, entry, room, size, found) }
    }

    /// nil when no user has this id; several may: it is the first one.
    public static func of(uid: UInt32) throws(SystemError) -> Account? {
        try find("user \(uid)") { entry, room, size, found in getpwuid_r(uid, entry, room, size, found) }
    }

    private static func find(
        _ subject: @autoclosure () -> String, _ call: DatabaseEntry.Call<passwd>
    ) throws(SystemError) -> Account? {
        try DatabaseEntry.find(subject(), passwd(), call) { entry in
            Account(
                name: String(decoding: DatabaseEntry.bytes(entry.pw_name), as: UTF8.self), uid: entry.pw_uid,
                gid: entry.pw_gid, home: DatabaseEntry.bytes(entry.pw_dir), shell: DatabaseEntry.bytes(entry.pw_shell))
        }
    }

    /// The groups of a log-in, as initgroups(3) finds them.
    /// - Parameter gid: the primary group, which is one of them.
    public func groups(with gid: UInt32) -> [UInt32] {
        var count: CInt = 64
        while true {
            var room = CInt(count)
            let groups = [UInt32](unsafeUninitializedCapacity: Int(room)) { buffer, used in
                let result = buffer.baseAddress.map { getgrouplist(name, gid, $0, &room) } ?? -1
                used = result < 0 ? 0 : Int(room)
            }
            if !groups.isEmpty { return groups }
            // It says how many there are; somebody may be adding to them.
            count = max(room, count * 2)
        }
    }

    /// The first day, counted from 1970-01-01, on which nobody may use the account any more (shadow(5)); nil where
    /// none is set, or the user is in no shadow database. Takes root.
    public func expiry() throws(SystemError) -> Int? {
        try DatabaseEntry.find("expiry of user \(name)", spwd()) { entry, room, size, found in
            getspnam_r(name, entry, room, size, found)
        } read: { entry in
            entry.sp_expire < 0 ? nil : Int(entry.sp_expire)
        }.flatMap { $0 }
    }
}
