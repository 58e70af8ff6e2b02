// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntClient
import ExeuntProtocol

/// What a shell completes ids with. Whatever goes wrong is silent there.
enum KnownIDs {
    static let sessions = CompletionKind.custom { _, _, _ in
        ids(ListCall()) { $0.sessions.map(\.id) }
    }

    static let leases = CompletionKind.custom { _, _, _ in
        ids(LeasesCall()) { $0.leases.map(\.id) }
    }

    private static func ids<Call: MethodCall>(_ call: Call, _ read: (Call.Reply) -> [String]) -> [String] {
        // try?: there is nobody to tell, and somebody waits at a prompt.
        (try? ControlClient(patience: .seconds(1)).call(call)).map(read) ?? []
    }
}
