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

    /// What people read is what is done.
    @Test func theDocumentSaysTheSame() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let document = String(decoding: try readFile("/\(root)/docs/socket.md"), as: UTF8.self)
        let rows = document.split(separator: "\n").filter { row in
            SessionsMethod.allCases.contains { row.hasPrefix("| \($0.rawValue) |") }
        }
        let expected = SessionsMethod.allCases.map { method in
            let row = PermissionTable.PeerClass.allCases.map { PermissionTable.permission(method, $0).rawValue }
            return "| \(method.rawValue) | \(row.joined(separator: " | ")) |"
        }
        #expect(rows.map(String.init) == expected)
        let manual = String(decoding: try readFile("/\(root)/man/exeuntd.8"), as: UTF8.self)
        for row in expected {
            let words = row.split(separator: "|").map { $0.filter { $0 != " " } }
            #expect(manual.contains(".It \(words.joined(separator: " Ta "))\n"))
        }
        #expect(document.contains("```varlink\n\(SessionsInterface.description)```"))
    }
}
