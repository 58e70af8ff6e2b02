// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ExeuntReports

@Suite struct TextTests {
    @Test func columnsLineUp() {
        var table = TextTable([.init("ID"), .init("CPU", isNumber: true), .init("STATE"), .init("LAST")])
        table.add(["abc", "1s", TextTable.Cell("active", .green), "x"])
        table.add(["", "100s", TextTable.Cell("ending", .yellow), ""])
        #expect(
            table.lines(hasColour: false) == [
                "ID    CPU  STATE   LAST", "abc    1s  active  x", "-    100s  ending  -",
            ])
        #expect(table.lines(hasColour: true)[1] == "abc    1s  \u{1B}[32mactive\u{1B}[0m  x")
    }

    @Test(
        arguments: [
            (0, "0s"), (7, "7s"), (60, "1min"), (312, "5min 12s"), (183_700, "2d 3h"), (86_401, "1d"), (-4, "0s"),
            (.infinity, "0s"), (.nan, "0s"),
        ] as [(Double, String)])
    func ages(_ seconds: Double, _ text: String) { #expect(QuantityText.age(seconds) == text) }

    @Test(arguments: [(0, "0.00s"), (0.25, "0.25s"), (59.999, "60.00s"), (90, "1min 30s")] as [(Double, String)])
    func processorTimes(_ seconds: Double, _ text: String) { #expect(QuantityText.processorTime(seconds) == text) }

    @Test(
        arguments: [
            (0, "0"), (1023, "1023"), (1024, "1.0K"), (10 << 20, "10M"), (1 << 20 - 1, "1.0M"), (3 << 29, "1.5G"),
            (.max, "16E"),
        ] as [(UInt64, String)])
    func memory(_ bytes: UInt64, _ text: String) { #expect(QuantityText.memory(bytes) == text) }

    @Test func whatIsEscapedStaysSo() {
        #expect(ShownText.text("a\\x0ab") == "a\\x0ab")
        #expect(ShownText.text("a\nb\u{1B}[2J") == "a\\x0ab\\x1b[2J")
    }
}
