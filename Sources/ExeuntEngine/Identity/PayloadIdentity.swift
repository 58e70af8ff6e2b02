// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Whom a payload runs as, where that is not simply its caller.
public struct PayloadIdentity: Hashable, Sendable {
    /// The user's account; for a number without one, made up: home `/`, shell `/bin/sh`.
    public let account: Account
    /// All ids it gets.
    public let credentials: Credentials

    /// From what is known already.
    public init(account: Account, credentials: Credentials) {
        self.account = account
        self.credentials = credentials
    }

    /// Finds out who is meant, and whether that may be.
    ///
    /// An account is closed to payloads by its expiry date. A password that is locked (`!`), and a shell such as
    /// nologin, are what pool accounts of batch systems have, and close nothing.
    /// - Parameters:
    ///   - user: a name, or a number; nil: the caller.
    ///   - group: instead of the user's primary group.
    ///   - supplementary: names or numbers; nil: those of the user's log-in.
    public static func resolve(
        user: String?, group: String?, supplementary: [String]?
    ) throws(IdentityError) -> PayloadIdentity {
        guard CurrentProcess.effectiveUID == 0 else { throw .notPermitted }
        let wantedGroup: UInt32?
        if let group { wantedGroup = try gid(of: group) } else { wantedGroup = nil }
        let found = try account(of: user ?? String(CurrentProcess.uid))
        guard let account = found.entry else {
            guard let gid = wantedGroup else { throw .noPrimaryGroup(uid: found.uid) }
            return PayloadIdentity(
                account: Account(name: String(found.uid), uid: found.uid, gid: gid, home: Array("/".utf8), shell: []),
                credentials: Credentials(uid: found.uid, gid: gid, groups: try gids(of: supplementary ?? [])))
        }
        try requireUnexpired(account)
        let gid = wantedGroup ?? account.gid
        let groups: [UInt32]
        if let supplementary { groups = try gids(of: supplementary) } else { groups = account.groups(with: gid) }
        return PayloadIdentity(
            account: account, credentials: Credentials(uid: account.uid, gid: gid, groups: groups))
    }

    /// Whoever has this uid, expired or not: somebody who has logged in. Without an entry the group is `nogroup`'s number.
    static func known(uid: UInt32) throws(IdentityError) -> PayloadIdentity {
        let account: Account?
        do throws(SystemError) {
            account = try Account.of(uid: uid)
        } catch {
            throw .lookUp(error)
        }
        guard let account else {
            return PayloadIdentity(
                account: Account(name: String(uid), uid: uid, gid: 65534, home: Array("/".utf8), shell: []),
                credentials: Credentials(uid: uid, gid: 65534, groups: []))
        }
        return PayloadIdentity(
            account: account,
            credentials: Credentials(uid: uid, gid: account.gid, groups: account.groups(with: account.gid)))
    }

    /// A name comes before a number, as for chown(1). The name is looked for as a whole: no database takes it apart.
    private static func account(of user: String) throws(IdentityError) -> (entry: Account?, uid: UInt32) {
        do throws(SystemError) {
            if let account = try Account.named(user) { return (account, account.uid) }
            if let uid = number(user) { return (try Account.of(uid: uid), uid) }
        } catch {
            throw .lookUp(error)
        }
        throw .noSuchUser(user)
    }

    private static func gid(of group: String) throws(IdentityError) -> UInt32 {
        do throws(SystemError) {
            if let found = try AccountGroup.named(group) { return found.gid }
        } catch {
            throw .lookUp(error)
        }
        guard let gid = number(group) else { throw .noSuchGroup(group) }
        return gid
    }

    private static func gids(of groups: [String]) throws(IdentityError) -> [UInt32] {
        var gids: [UInt32] = []
        for group in groups { gids.append(try gid(of: group)) }
        return gids
    }

    /// The highest number means "leave as it is" to the kernel.
    private static func number(_ text: String) -> UInt32? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return UInt32(text).flatMap { $0 == .max ? nil : $0 }
    }

    private static func requireUnexpired(_ account: Account) throws(IdentityError) {
        let expiry: Int?
        do throws(SystemError) {
            expiry = try account.expiry()
        } catch {
            throw .lookUp(error)
        }
        if let expiry, CivilDay.today >= expiry { throw .expired(user: account.name, day: expiry) }
    }
}
