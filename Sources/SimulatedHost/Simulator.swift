// SPDX-License-Identifier: Apache-2.0

/// Runs scenarios, and makes those that fail smaller.
public enum Simulator {
    /// More runs than this a scenario is not worth.
    static let mostRuns = 3_000

    /// Runs a scenario; nil when every promise was kept.
    ///
    /// - Parameter trace: gets a line for everything that happens.
    public static func run(_ scenario: Scenario, trace: ((String) -> Void)? = nil) -> Violation? {
        Simulation(scenario, trace: trace).run()
    }

    /// The smallest scenario found that still breaks the same promise as `scenario`.
    public static func shrink(_ scenario: Scenario, breaking promise: Violation.Promise) -> Scenario {
        shrink(scenario) { run($0)?.promise == promise }
    }

    /// Leaves parts out for as long as `fails` says that what is left still fails.
    static func shrink(_ scenario: Scenario, while fails: (Scenario) -> Bool) -> Scenario {
        var smallest = scenario
        var runs = 0
        var hasShrunk = true
        while hasShrunk {
            hasShrunk = false
            for candidate in smallest.reductions {
                runs += 1
                if runs > mostRuns { return smallest }
                if fails(candidate) {
                    smallest = candidate
                    hasShrunk = true
                    break
                }
            }
        }
        return smallest
    }
}
