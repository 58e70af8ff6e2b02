// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import SimulatedHost

/// `exeunt-develop simulate`: endings on a simulated host, each from its seed.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Try endings on a simulated host.",
        discussion: """
            Every seed is a host, a payload and what goes wrong. A seed that breaks a promise is printed with the \
            smallest part of it that still does; '--seed N --trace' shows what happens, step by step.
            """)

    @Option(help: "How many seeds.")
    var seeds: UInt64 = 20_000

    @Option(help: "The first seed.")
    var from: UInt64 = 1

    @Option(help: "One seed alone.")
    var seed: UInt64?

    @Flag(help: "Print everything that happens; for a seed that fails, in the smallest part of it.")
    var trace = false

    @Flag(help: "With --trace: everything of a seed that fails.")
    var whole = false

    /// More failures than this are counted, not explained.
    private static let mostExplained = 5

    func validate() throws {
        if trace && seed == nil { throw ValidationError("'--trace' needs '--seed'.") }
        if whole && !trace { throw ValidationError("'--whole' needs '--trace'.") }
        let (_, overflow) = from.addingReportingOverflow(seeds)
        if overflow { throw ValidationError("There are no seeds beyond \(UInt64.max).") }
    }

    func run() throws {
        let range = seed.map { $0...$0 } ?? from...(from + max(1, seeds) - 1)
        var passed = 0
        var failed = 0
        for seed in range {
            let scenario = Scenario(seed: seed)
            guard let violation = Simulator.run(scenario) else {
                passed += 1
                if trace { _ = Simulator.run(scenario) { print($0) } }
                continue
            }
            failed += 1
            if failed <= Self.mostExplained { explain(scenario, violation) }
        }
        print("simulate: \(passed) passed, \(failed) failed")
        if failed > 0 { throw ExitCode.failure }
    }

    private func explain(_ scenario: Scenario, _ violation: Violation) {
        print("seed \(scenario.seed): \(violation)")
        let smallest = Simulator.shrink(scenario, breaking: violation.promise)
        print("shrunk from \(scenario.size) parts to \(smallest.size):\n\(smallest)")
        if trace {
            _ = Simulator.run(whole ? scenario : smallest) { print($0) }
        } else {
            if let shrunk = Simulator.run(smallest) { print("  \(shrunk)") }
            print("  to see it: exeunt-develop simulate --seed \(scenario.seed) --trace")
        }
    }
}
