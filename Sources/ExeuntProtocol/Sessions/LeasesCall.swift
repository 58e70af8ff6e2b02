// SPDX-License-Identifier: Apache-2.0

/// Which leases there are.
public struct LeasesCall: SessionsCall {
    /// No parameters.
    public enum CodingKeys: CodingKey, CaseIterable {}

    /// Which one.
    public static let method = SessionsMethod.leases

    /// Without parameters.
    public init() {}

    /// The leases that the caller may see.
    public struct Reply: MethodReply {
        /// In the order of the interface.
        public enum CodingKeys: String, CodingKey, CaseIterable { case leases }

        /// In the order of their expiry.
        public var leases: [LeaseDescription]

        /// See the fields.
        public init(leases: [LeaseDescription]) {
            self.leases = leases
        }

        /// The parameters as JSON.
        public func encodedParameters() throws -> [UInt8] {
            var writer = JSONWriter()
            writer.object {
                $0.key(CodingKeys.leases)
                $0.array(leases) { $0.write(&$1) }
            }
            return writer.bytes
        }
    }
}
