// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import LinuxSystem

/// `exeunt-develop scan-mark`: the scan of a mark tracker alone, so that it can be measured.
struct ScanMarkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan-mark", abstract: "Print the pids of one's own processes whose environment holds NAME=VALUE.")

    @Argument(help: ArgumentHelp("The variable and its value.", valueName: "NAME=VALUE"))
    var mark: String

    func validate() throws {
        guard let place = mark.firstIndex(of: "="), place != mark.startIndex, mark.index(after: place) != mark.endIndex
        else { throw ValidationError("'\(mark)' is not NAME=VALUE.") }
    }

    func run() throws {
        let parts = Array(mark.utf8).split(separator: UInt8(ascii: "="), maxSplits: 1)
        var pids: [Int32] = []
        try ProcessTable().allPIDs(into: &pids)
        let found = try EnvironmentScan.run(
            pids: pids, name: Array(parts[0]), value: Array(parts[1]), sameUID: CurrentProcess.uid)
        for pid in found.matches { print(pid) }
    }
}
