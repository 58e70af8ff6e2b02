// SPDX-License-Identifier: Apache-2.0

/// A log-in ends.
public struct CloseCall: SessionsCall {
    /// In the order of the interface.
    public enum CodingKeys: String, CodingKey, CaseIterable { case session, wait }

    /// Which one.
    public static let method = SessionsMethod.close

    /// nil: the one that the caller leads.
    public var session: String?
    /// How many seconds to wait at most for its end.
    public var wait: Double?

    /// See the fields.
    public init(session: String? = nil, wait: Double? = nil) {
        self.session = session
        self.wait = wait
    }

    /// As the PAM module has it.
    public init?(plain parameters: [String: PlainValue]) {
        var isOther = !parameters.isKnown(CodingKeys.allCases)
        self.init(
            session: parameters.text(CodingKeys.session, orElse: &isOther),
            wait: parameters.number(CodingKeys.wait, orElse: &isOther).map(Double.init))
        if isOther { return nil }
    }

    /// What became of it, as far as was waited.
    public struct Reply: MethodReply {
        /// In the order of the interface.
        public enum CodingKeys: String, CodingKey, CaseIterable { case session, empty, verdict }

        /// Its id; nil when the caller leads none.
        public var session: String?
        /// Nobody but the caller is left.
        public var empty: Bool
        /// Where it has ended.
        public var verdict: String?

        /// See the fields.
        public init(session: String? = nil, empty: Bool, verdict: String? = nil) {
            self.session = session
            self.empty = empty
            self.verdict = verdict
        }

        /// The parameters as JSON.
        public func encodedParameters() throws -> [UInt8] {
            var writer = JSONWriter()
            writer.object {
                $0.member(CodingKeys.empty, empty)
                $0.member(CodingKeys.session, session)
                $0.member(CodingKeys.verdict, verdict)
            }
            return writer.bytes
        }
    }
}
