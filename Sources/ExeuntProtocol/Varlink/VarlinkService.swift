// SPDX-License-Identifier: Apache-2.0

/// The interface that every Varlink service has: what there is here.
public enum VarlinkService {
    /// As it is called.
    public static let name = "org.varlink.service"

    /// What GetInterfaceDescription returns for it.
    public static let description = """
        # What this service is, and which interfaces it has.
        interface org.varlink.service

        # The service, and the names of its interfaces.
        method GetInfo() -> (vendor: string, product: string, version: string, url: string, interfaces: []string)

        # The description of one interface.
        method GetInterfaceDescription(interface: string) -> (description: string)

        error InterfaceNotFound (interface: string)
        error MethodNotFound (method: string)
        error MethodNotImplemented (method: string)
        error InvalidParameter (parameter: string)
        error PermissionDenied ()
        error ExpectedMore ()

        """

    /// Method GetInfo.
    public struct GetInfo: MethodCall {
        /// No parameters.
        public enum CodingKeys: CodingKey, CaseIterable {}

        /// As it is called.
        public static let fullName = VarlinkService.name + ".GetInfo"

        /// Without parameters.
        public init() {}

        /// What the service is.
        public struct Reply: MethodReply {
            /// In the order of the interface.
            public enum CodingKeys: String, CodingKey, CaseIterable { case vendor, product, version, url, interfaces }

            /// Who has made it.
            public var vendor = "Exeunt"
            /// What it is.
            public var product = "exeuntd"
            /// Which one.
            public var version: String
            /// Where more is said.
            public var url: String
            /// What can be called.
            public var interfaces = [VarlinkService.name, SessionsInterface.name]

            /// Of this version.
            public init(version: String, url: String = "") {
                self.version = version
                self.url = url
            }
        }
    }

    /// Method GetInterfaceDescription.
    public struct GetInterfaceDescription: MethodCall {
        /// In the order of the interface.
        public enum CodingKeys: String, CodingKey, CaseIterable { case interface }

        /// As it is called.
        public static let fullName = VarlinkService.name + ".GetInterfaceDescription"

        /// Which one.
        public var interface: String

        /// Of this interface.
        public init(interface: String) { self.interface = interface }

        /// The description.
        public struct Reply: MethodReply {
            /// In the order of the interface.
            public enum CodingKeys: String, CodingKey, CaseIterable { case description }

            /// In Varlink's language.
            public var description: String

            /// This text.
            public init(description: String) { self.description = description }
        }
    }
}
