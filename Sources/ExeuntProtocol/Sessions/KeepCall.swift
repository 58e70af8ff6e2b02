// SPDX-License-Identifier: Apache-2.0

/// A lease for the calling process.
public struct KeepCall: SessionsCall {
    /// In the order of the interface.
    public enum CodingKeys: String, CodingKey, CaseIterable { case seconds, reason, command }

    /// Which one.
    public static let method = SessionsMethod.keep

    /// How long; nil: as long as is permitted.
    public var seconds: Double?
    /// For people.
    public var reason: String?
    /// What the caller is about to execute.
    public var command: [String]

    /// See the fields.
    public init(seconds: Double? = nil, reason: String? = nil, command: [String]) {
        self.seconds = seconds
        self.reason = reason
        self.command = command
    }

    /// The lease.
    public struct Reply: MethodReply {
        /// In the order of the interface.
        public enum CodingKeys: String, CodingKey, CaseIterable { case lease }

        /// What was granted.
        public var lease: LeaseDescription

        /// See the fields.
        public init(lease: LeaseDescription) {
            self.lease = lease
        }
    }
}
