// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import SimulatedHost

/// A few hundred seeds; `exeunt-develop simulate` tries as many as one likes.
struct SimulationTests {
    @Test(arguments: Array(stride(from: UInt64(1), to: 240, by: 40)))
    func everyPromiseIsKept(from first: UInt64) {
        for seed in first..<first + 40 {
            let violation = Simulator.run(Scenario(seed: seed))
            #expect(violation == nil, "seed \(seed)")
        }
    }

    @Test func aSeedIsTheSameTwice() {
        for seed in UInt64(1)...20 {
            var traces: [[String]] = [[], []]
            for run in 0..<2 { _ = Simulator.run(Scenario(seed: seed)) { traces[run].append($0) } }
            #expect(traces[0] == traces[1])
            #expect(!traces[0].isEmpty)
        }
    }

    @Test func seedsDiffer() {
        #expect(Set((UInt64(1)...50).map { Scenario(seed: $0).description }).count == 50)
    }

    /// The numbers that the author of the generator publishes for this seed.
    @Test func theGeneratorIsTheSameOnEveryMachine() {
        var generator = SeededGenerator(seed: 1_234_567)
        let numbers = (0..<5).map { _ in generator.next() }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test func numbersStayInTheirRange() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<1_000 {
            #expect((0..<7).contains(generator.below(7)))
            #expect((3...5).contains(generator.between(3, 5)))
            #expect((10...1_000).contains(generator.span(10, 1_000)))
        }
        #expect(!generator.chance(0) && generator.chance(100))
    }
}
