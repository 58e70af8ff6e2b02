// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol

/// Leases, a line for each.
public struct LeaseTable {
    private let leases: [LeaseDescription]
    private let zone: LocalZone

    /// In the order in which they are given.
    public init(_ leases: [LeaseDescription], zone: LocalZone) {
        self.leases = leases
        self.zone = zone
    }

    /// With headings.
    public var lines: [String] {
        var table = TextTable([
            .init("ID"), .init("USER"), .init("SESSION"), .init("PID", isNumber: true), .init("GRANTED"),
            .init("EXPIRES"), .init("REASON"), .init("COMMAND"),
        ])
        for lease in leases {
            table.add([
                .init(ShownText.text(lease.id)), .init(ShownText.text(lease.user)),
                .init(ShownText.text(lease.session)), .init(String(lease.pid)), .init(zone.shown(lease.granted)),
                .init(zone.shown(lease.expires)), .init(ShownText.text(lease.reason)),
                .init(ShownText.text(lease.command)),
            ])
        }
        return table.lines(hasColour: false)
    }
}
