// SPDX-License-Identifier: Apache-2.0

/// How sessions have ended.
public struct HistoryCall: SessionsCall {
    /// In the order of the interface.
    public enum CodingKeys: String, CodingKey, CaseIterable { case since, limit }

    /// Which one.
    public static let method = SessionsMethod.history

    /// As `CivilText` has it; nil: all.
    public var since: String?
    /// The newest so many.
    public var limit: Int?

    /// See the fields.
    public init(since: String? = nil, limit: Int? = nil) {
        self.since = since
        self.limit = limit
    }

    /// One record.
    public struct Reply: MethodReply {
        /// No parameters.
        public enum CodingKeys: CodingKey, CaseIterable {}

        /// nil when there is none.
        public var record: RawJSON? = nil

        /// See the fields.
        public init(record: RawJSON? = nil) {
            self.record = record
        }
    }
}
