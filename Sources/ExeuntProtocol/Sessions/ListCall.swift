// SPDX-License-Identifier: Apache-2.0

/// Which sessions there are.
public struct ListCall: SessionsCall {
    /// No parameters.
    public enum CodingKeys: CodingKey, CaseIterable {}

    /// Which one.
    public static let method = SessionsMethod.list

    /// Without parameters.
    public init() {}

    /// The sessions that the caller may see.
    public struct Reply: MethodReply {
        /// In the order of the interface.
        public enum CodingKeys: String, CodingKey, CaseIterable { case sessions }

        /// In the order of their opening.
        public var sessions: [SessionDescription]

        /// See the fields.
        public init(sessions: [SessionDescription]) {
            self.sessions = sessions
        }

        /// The parameters as JSON.
        public func encodedParameters() throws -> [UInt8] {
            var writer = JSONWriter()
            writer.object {
                $0.key(CodingKeys.sessions)
                $0.array(sessions) { $0.write(&$1) }
            }
            return writer.bytes
        }
    }
}
