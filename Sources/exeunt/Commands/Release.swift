// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntClient
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

/// `exeunt release`: a lease is not needed any more.
struct Release: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End leases, and what runs under them.",
        discussion: """
            What runs under the lease is told to go, and made to go, as what a session leaves behind is. The exit code is \
            1 when a lease could not be released.
            """)

    @Flag(help: "Send KILL at once.")
    var force = false

    @Argument(help: ArgumentHelp("The ids of the leases.", valueName: "id"), completion: KnownIDs.leases)
    var leases: [String]

    func run() throws {
        var isRefused = false
        for lease in leases {
            do throws(ClientError) {
                _ = try DaemonCall.ask(ReleaseCall(lease: lease, force: force ? true : nil))
            } catch {
                guard case .refused(let refusal) = error else { throw error }
                isRefused = true
                Console.message(Escaping.shown(DaemonCall.text(refusal).utf8))
            }
        }
        if isRefused { CurrentProcess.exit(ExitCode.survivors) }
    }
}
