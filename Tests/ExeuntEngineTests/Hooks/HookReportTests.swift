// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

@testable import ExeuntEngine

struct HookReportTests {
    static let path = Array("/etc/exeunt/after.d/10-x".utf8)

    static let full: HookOutcome = {
        var outcome = HookOutcome(phase: .after, path: path, end: .exited(3))
        outcome.file = ExecutableIdentity(device: .max, inode: 1 << 63)
        outcome.took = .milliseconds(12_345)
        outcome.isTimedOut = true
        outcome.leftOvers = [
            .init(pid: .max, name: Array("x) S 1".utf8), isGone: true), .init(pid: 2, name: [0, 255], isGone: false),
        ]
        outcome.output = HookOutcome.Output(bytes: (0..<70_000).map { UInt8($0 % 256) }, omitted: 1 << 40)
        return outcome
    }()

    static let outcomes: [HookOutcome] =
        [full]
        + [.exited(0), .exited(255), .signalled(64), .notRun("why"), .notRun(""), .unknown("\u{fffd}\n")].map {
            HookOutcome(phase: .after, path: path, end: $0)
        }

    private func decoded(_ bytes: [UInt8]) -> HookReport? { HookReport(bytes, phase: .after, path: Self.path) }

    @Test(arguments: outcomes, [false, true])
    func roundTrip(_ outcome: HookOutcome, _ again: Bool) {
        var report = HookReport(outcome)
        report.mayBeTriedAgain = again
        let read = decoded(report.bytes)
        #expect(read?.outcome == outcome)
        #expect(read?.mayBeTriedAgain == again)
    }

    @Test(arguments: outcomes)
    func whatIsCutShortIsNoReport(_ outcome: HookOutcome) {
        let bytes = HookReport(outcome).bytes
        for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 500)) {
            #expect(decoded(Array(bytes[..<count])) == nil, "\(count) of \(bytes.count)")
        }
        #expect(decoded(Array(bytes.dropLast())) == nil)
    }

    @Test func whatFollowsAReportMakesItNone() {
        #expect(decoded(HookReport(Self.full).bytes + [0]) == nil)
    }

    @Test func anythingElseIsNoReportAndNoTrap() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var bytes = HookReport(Self.outcomes.randomElement(using: &generator) ?? Self.full).bytes
            let place = Int.random(in: 0..<min(bytes.count, 120), using: &generator)
            for index in place..<min(bytes.count, place + 8) { bytes[index] = [0, 1, 0x7f, 0xff].randomElement() ?? 0 }
            _ = decoded(bytes)
        }
    }
}
