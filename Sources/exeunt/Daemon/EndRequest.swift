// SPDX-License-Identifier: Apache-2.0
import ExeuntClient
import ExeuntProtocol

/// A request to end a session that was sent, and the answer to which is to come.
struct EndRequest {
    let session: String
    private let client: Result<ControlClient, ClientError>

    /// What went wrong is said by `answer`.
    init(_ session: String, force: Bool, wait: Bool) {
        self.session = session
        client = Result { () throws(ClientError) in
            let client = try ControlClient()
            try client.begin(EndCall(session: session, force: force ? true : nil, wait: wait ? true : nil), more: false)
            return client
        }
    }

    /// Waits for it: an ending takes the time that hooks and ladder have, and the daemon keeps to that.
    func answer() throws(ClientError) -> EndCall.Reply {
        try client.get().next(EndCall.self, patience: .seconds(7 * 86_400)).reply
    }
}
