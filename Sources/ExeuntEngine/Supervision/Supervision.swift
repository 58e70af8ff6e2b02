// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Runs a payload as a session and ends what it leaves.
///
/// Two processes share the work. The *front* is the one the caller started: it passes signals on and waits. The
/// *keeper*, its child, is the payload's parent and does everything else. Both are subreapers, and each notices the
/// other's death: whoever of them is killed, the other one has the orphans and ends the session. As pid 1 there is no
/// front, since the kernel ends the whole pid namespace with it. `docs/architecture.md` has the picture.
public enum Supervision {
    /// What a run tells whoever asked for it.
    public protocol Audience {
        /// A session is about to be opened, under this id.
        func opened(_ session: String)
        /// An ending on which somebody waits goes on.
        func progress(_ progress: EndingProgress)
        /// The session is over. Called in the process that kept it, which may be a child of the caller.
        ///
        /// - Returns: false if the record could not be delivered to where it was wanted.
        func over(_ record: EndingRecord) -> Bool
        /// The record as a hook is to read it.
        func document(_ record: EndingRecord) throws -> [UInt8]
        /// Something failed, and the run goes on as well as it can.
        func failed(_ error: any Error)
        /// The payload could not be started: there is no session and will be no record.
        func notStarted(_ error: any Error)
        /// The payload was started, and its session could not be kept to its end: there will be no record.
        func gaveUp(_ error: any Error)
    }

    /// Runs the request to its end.
    ///
    /// - Returns: the exit code for the caller.
    public static func run(_ request: RunRequest, for audience: some Audience) -> Int32 {
        do {
            let prepared = try PreparedRun(request)
            audience.opened(prepared.id)
            if CurrentProcess.pid == 1 {
                return Keeper.keep(prepared, front: nil, audience)
            }
            return try Front.run(prepared, audience)
        } catch {
            audience.notStarted(error)
            return request.exitCodes.code(for: error)
        }
    }
}
