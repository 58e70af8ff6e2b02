// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// One of each, with everything that can be absent absent.
enum Samples {
    static let session = SessionDescription(
        id: "0123456789ab", owner: 1000, user: "anna", class: "user", type: "tty", service: "sshd", leader: 42,
        state: .active, opened: "2026-01-31T12:00:00.000Z", seconds: 1.5, trackers: ["cgroup"])
    static let member = MemberDescription(
        pid: 43, startTime: 7, parent: 42, name: "vim", evidence: ["cgroup"], action: .end)
    static let lease = LeaseDescription(
        id: "ba9876543210", owner: 1000, user: "anna", pid: 43, command: "tmux", granted: "2026-01-31T12:00:00.000Z",
        expires: "2026-02-01T12:00:00.000Z")
    static let run = RunCall(user: "anna", command: ["true"])
}
