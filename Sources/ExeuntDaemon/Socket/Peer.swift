// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Who has connected, as the kernel knows it; nothing of it was said by the peer.
public final class Peer {
    /// As they were when it connected.
    public let credentials: PeerCredentials
    private let process: ProcessHandle?

    /// - Parameter process: nil when it has been reaped, or lives outside of this pid namespace.
    public init(_ credentials: PeerCredentials, process: consuming ProcessHandle?) {
        self.credentials = credentials
        self.process = process
    }

    /// The effective user id.
    public var uid: UInt32 { credentials.uid }
    /// The effective group id.
    public var gid: UInt32 { credentials.gid }
    /// For people. What is done to a process is done by `processHandle()`.
    public var pid: Int32 { credentials.pid }
    /// Effective user 0.
    public var isRoot: Bool { uid == 0 }

    /// By its effective or a supplementary group.
    public func isIn(group: UInt32) -> Bool { gid == group || credentials.groups.contains(group) }

    /// A handle of one's own of the process that has connected; nil when it is not known. It may have exited.
    public func processHandle() throws(SystemError) -> ProcessHandle? {
        switch process {
        case .some(let process): try process.duplicate()
        case .none: nil
        }
    }
}
