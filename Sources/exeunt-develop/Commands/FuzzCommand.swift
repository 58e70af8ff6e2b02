// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntCore
import LinuxSystem

/// `exeunt-develop fuzz`: what others have written, changed at random, is read.
struct FuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz", abstract: "Read what was changed at random.",
        discussion: """
            Every reader gets an input for every seed. One that traps, or does not end, is found: its seed is printed, \
            and '--seed N --target NAME' reads it again.
            """)

    @Option(help: "How many seeds.")
    var seeds: UInt64 = 20_000

    @Option(help: "The first seed.")
    var from: UInt64 = 1

    @Option(help: "One seed alone, in this process: a debugger sees it.")
    var seed: UInt64?

    @Option(help: "One reader alone.")
    var target: String?

    private static let batch: UInt64 = 2000
    private static let patience = Duration.seconds(60)

    func validate() throws {
        if let target, !FuzzTarget.all.contains(where: { $0.name == target }) {
            let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
            throw ValidationError("There is no '\(target)'; there are \(names).")
        }
        let (_, overflow) = from.addingReportingOverflow(seeds)
        if overflow { throw ValidationError("There are no seeds beyond \(UInt64.max).") }
    }

    func run() throws {
        let targets = FuzzTarget.all.filter { target == nil || $0.name == target }
        if let seed {
            for target in targets { read(target, seed, shows: true) }
            return
        }
        var failed = 0
        for target in targets {
            var next = from
            while next < from + seeds {
                let end = min(next + Self.batch, from + seeds)
                if try !survives(target, next..<end) { failed += try explain(target, next..<end) }
                next = end
            }
        }
        print("fuzz: \(targets.count) readers, \(seeds) seeds each, \(failed) failed")
        if failed > 0 { throw ExitCode.failure }
    }

    private func read(_ target: FuzzTarget, _ seed: UInt64, shows: Bool = false) {
        let input = Mutation(of: target.samples, seed: seed).input
        if shows { print("\(target.name): \(Escaping.shown(input))") }
        target.read(input)
    }

    /// In a child: a trap is the end of it alone.
    private func survives(_ target: FuzzTarget, _ seeds: Range<UInt64>) throws -> Bool {
        guard case .parent(let child) = try CurrentProcess.fork() else {
            for seed in seeds { read(target, seed) }
            CurrentProcess.exit(0)
        }
        guard let handle = try ProcessHandle.open(pid: child) else { return false }
        if !handle.waitForExit(Self.patience) {
            _ = handle.send(.kill)
            _ = handle.waitForExit(Self.patience)
        }
        return try Children.reap(pid: child) == .exited(0)
    }

    /// - Returns: how many of the seeds fail.
    private func explain(_ target: FuzzTarget, _ seeds: Range<UInt64>) throws -> Int {
        var failed = 0
        for seed in seeds where try !survives(target, seed..<(seed + 1)) {
            failed += 1
            print("\(target.name): seed \(seed)")
            print("  to see it: exeunt-develop fuzz --target \(target.name) --seed \(seed)")
        }
        // It takes more than one of them, or more time than there was.
        if failed == 0 { print("\(target.name): seeds \(seeds.lowerBound) to \(seeds.upperBound - 1) together") }
        return max(1, failed)
    }
}
