// SPDX-License-Identifier: Apache-2.0

/// One word of a list of users: a user, all members of a group, or everybody.
public enum UserMatch: Hashable, Sendable, CustomStringConvertible {
    /// One user, by name; whether there is such a user is found out when it is needed.
    case name(String)
    /// One user, by number.
    case uid(UInt32)
    /// The members of the group of this name.
    case group(String)
    /// Everybody.
    case everybody

    /// As it is written: `alice`, `1000`, `@staff`, `*`.
    public var description: String {
        switch self {
        case .name(let name): name
        case .uid(let uid): String(uid)
        case .group(let name): "@\(name)"
        case .everybody: "*"
        }
    }

    /// Whether this user is meant.
    ///
    /// - Throws: if the accounts would have to say, and cannot.
    public func means(_ uid: UInt32, _ accounts: some AccountLookup) throws(LookupFailure) -> Bool {
        switch self {
        case .name(let name): try accounts.uid(ofUser: name) == uid
        case .uid(let number): number == uid
        case .group(let name): try accounts.isUser(uid, inGroup: name)
        case .everybody: true
        }
    }
}

extension [UserMatch] {
    /// The first word that means this user.
    ///
    /// One that cannot be looked up is passed over as long as another one means the user.
    ///
    /// - Throws: the first failure, where no word is known to mean the user and one of them may.
    public func first(
        meaning uid: UInt32, _ accounts: some AccountLookup
    ) throws(LookupFailure) -> UserMatch? {
        var failure: LookupFailure?
        for word in self {
            do throws(LookupFailure) {
                if try word.means(uid, accounts) { return word }
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return nil
    }
}
