// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import LinuxSystem

/// `exeunt-develop race`: opens hooks and executes them as often as it is told, while somebody else changes what their
/// paths stand for.
struct RaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "race", abstract: "Open trusted programs and execute them, again and again.",
        discussion: """
            Prints how many there were of each outcome: 'trusted' (exit code 42), 'untrusted' (66), 'refused RULE', \
            'failed WHY'. Run it with Tests/Scenarios/run race, which makes the paths and the adversary.
            """)

    @Option(help: "How many times, in all.")
    var count = 1000

    @Flag(help: "Execute by path after the check: the race is then lost, which shows that it can be.")
    var sabotage = false

    @Argument(help: "Programs, taken in turn.")
    var paths: [String]

    func validate() throws {
        if count < 1 { throw ValidationError("--count must be at least 1.") }
    }

    func run() throws {
        let paths = self.paths.map { Array($0.utf8) }
        var outcomes: [String: Int] = [:]
        for turn in 0..<count { outcomes[try outcome(of: paths[turn % paths.count]), default: 0] += 1 }
        for (outcome, times) in outcomes.sorted(by: { $0.key < $1.key }) { print(outcome, times) }
    }

    private func outcome(of path: [UInt8]) throws -> String {
        do throws(TrustRefusal) {
            let file = try TrustedFile.open(path, as: .program, .rootOnly)
            return end(of: file)
        } catch {
            return "refused \(error.rule.name)"
        }
    }

    private func end(of file: borrowing TrustedFile) -> String {
        var request = SpawnRequest(arguments: [file.path], environment: [Array("PATH=/usr/bin:/bin".utf8)])
        if sabotage { request.candidates = [file.path] } else { request.programDescriptor = file.descriptor }
        do {
            let child = try spawn(request)
            guard child.handle.waitForExit(.seconds(30)) else { return "failed hung" }
            switch try Children.reap(pid: child.pid) {
            case .exited(42): return "trusted"
            case .exited(66): return "untrusted"
            case let status: return "failed \(status.map { "\($0)" } ?? "lost")"
            }
        } catch {
            return "failed \((error as? SpawnError)?.error.errno.name ?? "\(error)")"
        }
    }
}
