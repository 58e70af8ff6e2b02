// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// The databases of users and groups of this host, nsswitch.conf(5). They may ask a server and wait for it: nobody who must
/// not wait may ask.
public struct HostAccounts: AccountLookup {
    /// Asked anew each time.
    public init() {}

    /// As `AccountLookup` has it.
    public func uid(ofUser name: String) throws(LookupFailure) -> UInt32? {
        do throws(SystemError) {
            return try Account.named(name)?.uid
        } catch {
            throw LookupFailure("user \(name)")
        }
    }

    /// As `AccountLookup` has it.
    public func isUser(_ uid: UInt32, inGroup name: String) throws(LookupFailure) -> Bool {
        do throws(SystemError) {
            guard let group = try AccountGroup.named(name), let account = try Account.of(uid: uid) else { return false }
            return account.groups(with: account.gid).contains(group.gid)
        } catch {
            throw LookupFailure("group \(name)")
        }
    }

    /// As `AccountLookup` has it.
    public func name(ofUser uid: UInt32) throws(LookupFailure) -> String? {
        do throws(SystemError) {
            return try Account.of(uid: uid)?.name
        } catch {
            throw LookupFailure("user \(uid)")
        }
    }
}
