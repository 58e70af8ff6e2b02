// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ExeuntEngine

@Suite struct EnvironmentFileTests {
    private func parse(_ text: String) throws -> [String] {
        try EnvironmentFile.parse(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func linesAreTakenAsTheyStand() throws {
        #expect(try parse("") == [])
        #expect(try parse("A=1\n\n# B=2\nB= two \"x\" $A \nC=\n_d9==") == ["A=1", "B= two \"x\" $A ", "C=", "_d9=="])
        #expect(try EnvironmentFile.parse([0x41, 0x3D, 0xFF]) == [[0x41, 0x3D, 0xFF]])
    }

    @Test func whatIsNoAssignment() {
        for text in ["A", "=1", "export A=1", " A=1", "1A=1", "A-B=1", "A =1", "\u{e9}=1", "A=\u{0}"] {
            #expect(throws: EnvironmentFile.Fault(line: 3, text: Array(text.utf8)), "\(text)") {
                try parse("A=1\n\n" + text + "\nB=2")
            }
        }
    }
}
