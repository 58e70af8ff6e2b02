// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import SimulatedHost

/// The judge is only worth something if it notices: the core is driven wrongly, one way after the other.
struct SabotageTests {
    @Test(arguments: [
        (Sabotage.trustsOneLook, Violation.Promise.verdictIsTrue),
        (.ignoresStartTimes, .foreignUntouched),
        (.countsWeakEvidenceAcrossUsers, .foreignUntouched),
        (.skipsGraces, .graceIsGiven),
        (.losesFamilies, .sparedUntouched),
        (.looksOnce, .rosterIsTrue),
    ])
    func isNoticed(sabotage: Sabotage, promise: Violation.Promise) throws {
        let scenario = try #require(
            (UInt64(1)...2_000).lazy.map(Self.crowded).first { scenario in
                Simulation(scenario, sabotage: sabotage).run()?.promise == promise
            })
        // It is the sabotage that fails, not the seed.
        #expect(Simulator.run(scenario) == nil)
    }

    /// Few pids and slow signals: a number is often somebody else's by the time it is signalled.
    private static func crowded(seed: UInt64) -> Scenario {
        var scenario = Scenario(seed: seed)
        scenario.pidSpace = 48
        scenario.faults.signalCost = 50_000
        return scenario
    }

    @Test func whatFailsIsShrunkAndFailsStill() throws {
        func fails(_ scenario: Scenario) -> Bool {
            Simulation(scenario, sabotage: .skipsGraces).run()?.promise == .graceIsGiven
        }
        let scenario = try #require((UInt64(1)...500).lazy.map { Scenario(seed: $0) }.first(where: fails))
        let smallest = Simulator.shrink(scenario, while: fails)
        #expect(fails(smallest))
        #expect(smallest.size < scenario.size / 2)
        #expect(smallest.seed == scenario.seed)
        // Nothing can be left out any more, and shrinking the same again gives the same.
        #expect(!smallest.reductions.contains(where: fails))
        #expect(Simulator.shrink(scenario, while: fails).description == smallest.description)
    }

    @Test func whatNeverFailsIsNotShrunk() {
        let scenario = Scenario(seed: 1)
        #expect(Simulator.shrink(scenario) { _ in false }.size == scenario.size)
        #expect(Simulator.shrink(scenario) { _ in true }.size < scenario.size)
    }

    @Test func everyReductionIsSmaller() {
        for seed in UInt64(1)...20 {
            let scenario = Scenario(seed: seed)
            for smaller in scenario.reductions { #expect(smaller.size < scenario.size, "seed \(seed)") }
        }
    }
}
