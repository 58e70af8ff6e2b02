// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LinuxSystem

/// - Parameters:
///   - chunk: how much is read at most at once.
private func contains(_ text: String, _ name: String, _ value: String, chunk: Int = 4096) -> Bool {
    let content = bytes(text)
    let reader = EnvironmentReader(proc: -1, name: bytes(name), value: bytes(value), chunk: chunk)
    let outcome = reader.search { base, size, offset in
        let piece = content.dropFirst(Int(offset)).prefix(size)
        base.copyMemory(from: Array(piece), byteCount: piece.count)
        return piece.count
    }
    return outcome == .present
}

extension LinuxSystemSuite {
    @Suite struct EnvironmentText {
        @Test(arguments: [
            ("MARK=a\0", true), ("MARK=a", true), ("X=1\0MARK=a\0", true), ("X=1\0MARK=a\0Y=2\0", true),
            ("X=1\0MARK=a", true), ("\0MARK=a\0", true), ("MARK=b\0MARK=a\0", true),
            ("", false), ("\0", false), ("MARK=ab\0", false), ("XMARK=a\0", false), ("MARK=\0a", false),
            ("MARK=A\0", false), ("X=MARK=a\0", false), ("MARK =a\0", false), ("MARK\0=a\0", false),
        ])
        func onlyTheWholeEntryMatches(text: String, isThere: Bool) {
            #expect(contains(text, "MARK", "a") == isThere)
        }

        @Test(arguments: 1...40) func bordersOfReadsHideNothing(chunk: Int) {
            for before in 0...45 {
                let filling = String(repeating: "F", count: before)
                #expect(contains("\(filling)\0MARK=value\0X=1\0", "MARK", "value", chunk: chunk))
                #expect(contains("\(filling)\0MARK=value", "MARK", "value", chunk: chunk))
                #expect(!contains("\(filling)\0MARK=value2\0X=1\0", "MARK", "value", chunk: chunk))
                #expect(!contains("\(filling)MARK=value\0X=1\0", "MARK", "value", chunk: chunk) || before == 0)
            }
        }

        @Test func whatStandsBeforeAPageThatCannotBeReadIsFound() {
            let reader = EnvironmentReader(proc: -1, name: bytes("MARK"), value: bytes("a"), chunk: 65536)
            let outcome = reader.search { base, size, offset in
                // As the kernel: nothing at all, when the read touches the second page.
                guard offset + Int64(size) <= 4096 else { return 0 }
                let page = bytes("X=1\0MARK=a\0") + [UInt8](repeating: 70, count: 4085)
                base.copyMemory(from: page, byteCount: size)
                return size
            }
            #expect(outcome == .present)
        }

        @Test(arguments: [
            ("S", 1, "140000 140000", EmptyEnvironment.final), ("S", 1, "140000 140008", .hidden),
            ("S", 1, "0 0", .unset), ("Z", 1, "0 0", .final), ("Z", 2, "0 0", .ofMainThread), ("S", 1, "", .final),
        ])
        func whyThereIsNothing(state: String, threads: Int, span: String, expected: EmptyEnvironment) {
            let numbers = String(repeating: "5 ", count: 16) + "\(threads)" + String(repeating: " 6", count: 29)
            var line = "42 (x) S 1) \(state) \(numbers) \(span) 0\n"
            #expect(line.withUTF8 { EmptyEnvironment(stat: UnsafeRawBufferPointer($0)) } == expected)
        }

        @Test(arguments: [(2, EnvironmentOutcome.absent), (3, .absent), (13, .denied), (1, .denied), (5, .failed)])
        func failures(errno: Int, expected: EnvironmentOutcome) {
            let reader = EnvironmentReader(proc: -1, name: bytes("MARK"), value: bytes("a"))
            #expect(reader.search { _, _, _ in -errno } == expected)
        }
    }
}
