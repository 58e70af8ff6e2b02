// SPDX-License-Identifier: Apache-2.0

/// Ends a session.
public struct EndCall: SessionsCall {
    /// In the order of the interface.
    public enum CodingKeys: String, CodingKey, CaseIterable { case session, force, wait }

    /// Which one.
    public static let method = SessionsMethod.end

    /// Its id.
    public var session: String
    /// By KILL at once.
    public var force: Bool?
    /// Until it has ended.
    public var wait: Bool?

    /// See the fields.
    public init(session: String, force: Bool? = nil, wait: Bool? = nil) {
        self.session = session
        self.force = force
        self.wait = wait
    }

    /// What is known of the ending.
    public struct Reply: MethodReply {
        /// In the order of the interface.
        public enum CodingKeys: String, CodingKey, CaseIterable { case verdict }

        /// Where it has ended.
        public var verdict: String?
        /// The record, where it has ended.
        public var record: RawJSON? = nil

        /// See the fields.
        public init(verdict: String? = nil, record: RawJSON? = nil) {
            self.verdict = verdict
            self.record = record
        }
    }
}
