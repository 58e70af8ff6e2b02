// SPDX-License-Identifier: Apache-2.0

/// Ends a lease.
public struct ReleaseCall: SessionsCall {
    /// In the order of the interface.
    public enum CodingKeys: String, CodingKey, CaseIterable { case lease, force }

    /// Which one.
    public static let method = SessionsMethod.release

    /// Its id.
    public var lease: String
    /// By KILL at once.
    public var force: Bool?

    /// See the fields.
    public init(lease: String, force: Bool? = nil) {
        self.lease = lease
        self.force = force
    }

    /// It is being ended.
    public struct Reply: MethodReply {
        /// In the order of the interface.
        public enum CodingKeys: String, CodingKey, CaseIterable { case lease }

        /// Its id.
        public var lease: String

        /// See the fields.
        public init(lease: String) {
            self.lease = lease
        }
    }
}
