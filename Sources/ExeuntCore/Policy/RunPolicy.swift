// SPDX-License-Identifier: Apache-2.0

/// `[Run]`: who may have the daemon run a payload as whom.
public struct RunPolicy: Hashable, Sendable {
    /// One pair.
    public struct Pair: Hashable, Sendable, CustomStringConvertible {
        /// Who may ask.
        public var caller: UserMatch
        /// As whom the payload runs.
        public var target: UserMatch

        /// `caller` may run something as `target`.
        public init(caller: UserMatch, target: UserMatch) {
            self.caller = caller
            self.target = target
        }

        /// As it is written: `@grid:pool01`.
        public var description: String { "\(caller):\(target)" }
    }

    /// The pairs that are allowed; nothing else is.
    public var allowed: [Pair] = []

    /// Nobody may do anything.
    public init() {}

    /// The pair that allows this caller to run a payload as this user; nil if none does. Nobody may become root.
    ///
    /// - Throws: if no pair is known to allow it, and one may.
    public func pair(
        caller: UInt32, target: UInt32, _ accounts: some AccountLookup
    ) throws(LookupFailure) -> Pair? {
        if target == 0 { return nil }
        var failure: LookupFailure?
        for pair in allowed {
            do throws(LookupFailure) {
                if try pair.caller.means(caller, accounts), try pair.target.means(target, accounts) { return pair }
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return nil
    }
}
