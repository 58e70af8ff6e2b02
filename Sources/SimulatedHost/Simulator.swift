// SPDX-License-Identifier: Apache-2.0

/// Runs trials, and makes those that fail smaller.
public enum Simulator {
    /// More runs than this a trial is not worth.
    static let mostRuns = 3_000

    /// Runs a trial; nil when every promise was kept.
    ///
    /// - Parameter trace: gets a line for everything that happens.
    public static func run(_ trial: some Trial, trace: ((String) -> Void)? = nil) -> Violation? {
        trial.run(trace: trace)
    }

    /// The smallest trial found that still breaks the same promise.
    public static func shrink<Kind: Trial>(_ trial: Kind, breaking promise: Violation.Promise) -> Kind {
        shrink(trial) { run($0)?.promise == promise }
    }

    /// Leaves parts out for as long as `fails` says that what is left still fails.
    static func shrink<Kind: Trial>(_ trial: Kind, while fails: (Kind) -> Bool) -> Kind {
        var smallest = trial
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
