// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import SimulatedHost

/// `exeunt-develop simulate`: endings, and the daemon, on a simulated host, each from its seed.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Try endings, and the daemon, on a simulated host.",
        discussion: """
            Every seed is a host, a payload and what goes wrong; and once more a daemon, log-ins, leases, and who is \
            killed when. A seed that breaks a promise is printed with the \
            smallest part of it that still does; '--seed N --trace' shows what happens, step by step.
            """)

    @Option(help: "How many seeds.")
    var seeds: UInt64 = 20_000

    @Option(help: "The first seed.")
    var from: UInt64 = 1

    @Option(help: "One seed alone.")
    var seed: UInt64?

    /// What is simulated.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case payloads, logins
    }

    @Option(help: "One kind alone: payloads or logins.")
    var only: Kind?

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
            let isExplained = failed < Self.mostExplained
            let isSilent = [
                only == .logins || keepsPromises(Scenario(seed: seed), "payloads", isExplained),
                only == .payloads || keepsPromises(LoginScenario(seed: seed), "logins", isExplained),
            ]
            if isSilent.allSatisfy(\.self) { passed += 1 } else { failed += 1 }
        }
        print("simulate: \(passed) passed, \(failed) failed")
        if failed > 0 { throw ExitCode.failure }
    }

    private func keepsPromises(_ trial: some Trial, _ kind: String, _ isExplained: Bool) -> Bool {
        guard let violation = Simulator.run(trial) else {
            if trace { _ = Simulator.run(trial) { print($0) } }
            return true
        }
        if isExplained { explain(trial, kind, violation) }
        return false
    }

    private func explain(_ trial: some Trial, _ kind: String, _ violation: Violation) {
        print("seed \(trial.seed) of \(kind): \(violation)")
        let smallest = Simulator.shrink(trial, breaking: violation.promise)
        print("shrunk from \(trial.size) parts to \(smallest.size):\n\(smallest)")
        if trace {
            _ = Simulator.run(whole ? trial : smallest) { print($0) }
        } else {
            if let shrunk = Simulator.run(smallest) { print("  \(shrunk)") }
            print("  to see it: exeunt-develop simulate --only \(kind) --seed \(trial.seed) --trace")
        }
    }
}
