// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol
import LinuxSystem
import Testing

@testable import ExeuntDaemon

@Suite struct PermissionTableTests {
    /// The table of docs/socket.md.
    @Test func whoMayCallWhat() {
        let table = SessionsMethod.allCases.map { method in
            let row = PermissionTable.PeerClass.allCases.map { PermissionTable.permission(method, $0).rawValue }
            return "\(method.rawValue): \(row.joined(separator: " "))"
        }
        #expect(
            table == [
                "Open: allowed refused refused refused",
                "Close: allowed refused refused refused",
                "List: allowed allowed own own",
                "Show: allowed allowed own refused",
                "End: allowed allowed own refused",
                "Keep: own own own own",
                "Leases: allowed allowed own own",
                "Release: allowed allowed own refused",
                "History: allowed allowed own own",
                "Run: allowed own own own",
            ])
    }
}
