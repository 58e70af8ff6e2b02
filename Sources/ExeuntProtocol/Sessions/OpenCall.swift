// SPDX-License-Identifier: Apache-2.0

/// A log-in begins: the caller is the leader of its session.
public struct OpenCall: SessionsCall {
    /// In the order of the interface.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case session, user, uid, service, tty, display, remoteHost, remoteUser, `class`, type
    }

    /// Which one.
    public static let method = SessionsMethod.open

    /// An id that the caller proposes.
    public var session: String?
    /// The log-in name.
    public var user: String
    /// The PAM service.
    public var service: String
    /// The uid that `user` stands for; nil: it is looked up.
    public var uid: UInt32?
    /// The terminal, or what the service calls one.
    public var tty: String?
    /// The X display.
    public var display: String?
    /// Where somebody has come from.
    public var remoteHost: String?
    /// Who asked there.
    public var remoteUser: String?
    /// `user` where it is not said.
    public var `class`: String?
    /// `unspecified` where it is not said.
    public var type: String?

    /// See the fields.
    public init(
        session: String? = nil, user: String, uid: UInt32? = nil, service: String, tty: String? = nil,
        display: String? = nil,
        remoteHost: String? = nil, remoteUser: String? = nil, class: String? = nil, type: String? = nil
    ) {
        self.session = session
        self.user = user
        self.uid = uid
        self.service = service
        self.tty = tty
        self.display = display
        self.remoteHost = remoteHost
        self.remoteUser = remoteUser
        self.class = `class`
        self.type = type
    }

    /// As the PAM module has it.
    public init?(plain parameters: [String: PlainValue]) {
        var isOther = !parameters.isKnown(CodingKeys.allCases)
        func text(_ key: CodingKeys) -> String? { parameters.text(key, orElse: &isOther) }
        let uid = parameters.number(CodingKeys.uid, orElse: &isOther)
        guard let user = text(.user), let service = text(.service) else { return nil }
        self.init(
            session: text(.session), user: user, uid: uid.flatMap(UInt32.init(exactly:)), service: service,
            tty: text(.tty), display: text(.display), remoteHost: text(.remoteHost), remoteUser: text(.remoteUser),
            class: text(.class), type: text(.type))
        if isOther || self.uid.map(Int64.init) != uid { return nil }
    }

    /// The session that the caller is in now.
    public struct Reply: MethodReply {
        /// In the order of the interface.
        public enum CodingKeys: String, CodingKey, CaseIterable { case session, nested }

        /// Its id.
        public var session: String
        /// It was there before.
        public var nested: Bool

        /// See the fields.
        public init(session: String, nested: Bool) {
            self.session = session
            self.nested = nested
        }

        /// The parameters as JSON.
        public func encodedParameters() throws -> [UInt8] {
            var writer = JSONWriter()
            writer.object {
                $0.member(CodingKeys.nested, nested)
                $0.member(CodingKeys.session, session)
            }
            return writer.bytes
        }
    }
}
