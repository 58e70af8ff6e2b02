// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import SimulatedHost

/// The daemon and log-ins, a few hundred seeds; `exeunt-develop simulate` tries as many as one likes.
struct LoginSimulationTests {
    @Test(arguments: Array(stride(from: UInt64(1), to: 1_600, by: 400)))
    func everyPromiseIsKept(from first: UInt64) {
        for seed in first..<first + 400 {
            let violation = Simulator.run(LoginScenario(seed: seed))
            #expect(violation == nil, "seed \(seed)")
        }
    }

    @Test func aSeedIsTheSameTwice() {
        for seed in UInt64(1)...40 {
            var traces: [[String]] = [[], []]
            for run in 0..<2 { _ = Simulator.run(LoginScenario(seed: seed)) { traces[run].append($0) } }
            #expect(traces[0] == traces[1])
            #expect(!traces[0].isEmpty)
        }
    }

    @Test func seedsDiffer() {
        #expect(Set((UInt64(1)...50).map { LoginScenario(seed: $0).description }).count == 50)
    }

    @Test func everyReductionIsSmaller() {
        for seed in UInt64(1)...40 {
            let scenario = LoginScenario(seed: seed)
            for smaller in scenario.reductions { #expect(smaller.size < scenario.size, "seed \(seed)") }
        }
    }

    /// The judge is only worth something if it notices: the daemon is built wrongly, one way after the other. The number is
    /// a seed near which that shows.
    @Test(arguments: [
        (LoginSabotage.storesLate, Violation.Promise.oneEnder, UInt64(142)),
        (.orphansTakeFilesAway, .hooksRunOnce, 1),
        (.storesLate, .hooksRunOnce, 3891),
        (.storesLate, .ledgerIsEmpty, 2558),
        (.removesFileFirst, .oneEnder, 42),
        (.takesNoLock, .oneEnder, 177),
        (.runsHooksAgain, .hooksRunOnce, 21),
        (.forgetsFirstEnding, .hooksRunOnce, 2),
        (.orphansBegin, .oneEnder, 1007),
        (.appendsAlways, .recordedOnce, 19),
        (.ignoresStartTimes, .nothingIsLost, 57),
        (.endsLeases, .leaseHasItsTime, 11),
        (.setsTimerOnce, .timerIsRight, 11),
        (.answersNobody, .waitIsAnswered, 220),
        (.readsNotesOnce, .nothingIsLost, 6107),
        (.readsNotesOnce, .ledgerIsEmpty, 8),
        (.dropsClosings, .nothingIsLost, 26),
        (.closingUndoesOpening, .recordedOnce, 1),
        (.keepsNotes, .oneEnder, 17940),
        (.asksTheLeader, .nothingIsLost, 170),
        (.admitsOnlyWithLeader, .nothingIsLost, 93),
        (.forgetsReleases, .leaseHasItsTime, 536),
    ])
    func isNoticed(sabotage: LoginSabotage, promise: Violation.Promise, near seed: UInt64) throws {
        let seeds = max(seed, 11) - 10...seed + 20_000
        let scenario = try #require(
            seeds.lazy.map { LoginScenario(seed: $0) }.first { scenario in
                LoginSimulation(scenario, sabotage: sabotage).run()?.promise == promise
            })
        // It is the sabotage that fails, not the seed.
        #expect(Simulator.run(scenario) == nil)
    }

    @Test func whatFailsIsShrunkAndFailsStill() throws {
        func fails(_ scenario: LoginScenario) -> Bool {
            LoginSimulation(scenario, sabotage: .takesNoLock).run()?.promise == .oneEnder
        }
        let scenario = try #require((UInt64(170)...5_000).lazy.map { LoginScenario(seed: $0) }.first(where: fails))
        let smallest = Simulator.shrink(scenario, while: fails)
        #expect(fails(smallest))
        #expect(smallest.size < scenario.size)
        #expect(!smallest.reductions.contains(where: fails))
    }
}
