// SPDX-License-Identifier: Apache-2.0

/// One session.
public struct ShowCall: SessionsCall {
    /// In the order of the interface.
    public enum CodingKeys: String, CodingKey, CaseIterable { case session }

    /// Which one.
    public static let method = SessionsMethod.show

    /// Its id.
    public var session: String

    /// See the fields.
    public init(session: String) {
        self.session = session
    }

    /// The session, and who belongs to it.
    public struct Reply: MethodReply {
        /// In the order of the interface.
        public enum CodingKeys: String, CodingKey, CaseIterable { case session, members, action, why }

        /// Itself.
        public var session: SessionDescription
        /// Who belongs to it now.
        public var members: [MemberDescription]
        /// What happens to members that no rule is about.
        public var action: MemberDescription.Action?
        /// What has decided that, such as `KillExcludeUsers=root`.
        public var why: String?

        /// See the fields.
        public init(
            session: SessionDescription, members: [MemberDescription], action: MemberDescription.Action? = nil,
            why: String? = nil
        ) {
            self.session = session
            self.members = members
            self.action = action
            self.why = why
        }

        /// The parameters as JSON.
        public func encodedParameters() throws -> [UInt8] {
            var writer = JSONWriter()
            writer.object {
                $0.key(CodingKeys.session)
                $0.object { session.write(&$0) }
                $0.key(CodingKeys.members)
                $0.array(members) { $0.write(&$1) }
                $0.member(CodingKeys.action, action?.rawValue)
                $0.member(CodingKeys.why, why)
            }
            return writer.bytes
        }
    }
}
