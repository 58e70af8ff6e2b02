// SPDX-License-Identifier: Apache-2.0

/// A process that belongs to a session, and what would happen to it.
public struct MemberDescription: Codable, Hashable, Sendable {
    /// In the order of the interface.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case pid, startTime, parent, uid, name, executable, evidence, cpuSeconds, memoryBytes, seconds, action, rule
    }

    /// For people.
    public var pid: Int32
    /// In clock ticks since the boot.
    public var startTime: UInt64
    /// Its parent's pid.
    public var parent: Int32
    /// Its effective user id.
    public var uid: UInt32?
    /// As it calls itself.
    public var name: String
    /// What it runs.
    public var executable: String?
    /// Why it belongs to the session.
    public var evidence: [String]
    /// User and system time.
    public var cpuSeconds: Double?
    /// Resident.
    public var memoryBytes: UInt64?
    /// Since it was started.
    public var seconds: Double?
    /// What happens to it at the end.
    public var action: Action
    /// The rule that says so.
    public var rule: String?

    /// See the fields.
    public init(
        pid: Int32, startTime: UInt64, parent: Int32, uid: UInt32? = nil, name: String, executable: String? = nil,
        evidence: [String], cpuSeconds: Double? = nil, memoryBytes: UInt64? = nil, seconds: Double? = nil,
        action: Action, rule: String? = nil
    ) {
        self.pid = pid
        self.startTime = startTime
        self.parent = parent
        self.uid = uid
        self.name = name
        self.executable = executable
        self.evidence = evidence
        self.cpuSeconds = cpuSeconds
        self.memoryBytes = memoryBytes
        self.seconds = seconds
        self.action = action
        self.rule = rule
    }

    /// What happens to a process at the end of its session.
    public enum Action: String, Codable, Hashable, Sendable { case end, keep, report }

    func write(_ writer: inout JSONWriter) {
        writer.member(CodingKeys.pid, pid)
        writer.member(CodingKeys.startTime, startTime)
        writer.member(CodingKeys.parent, parent)
        writer.member(CodingKeys.uid, uid)
        writer.member(CodingKeys.name, name)
        writer.member(CodingKeys.executable, executable)
        writer.member(CodingKeys.evidence, evidence)
        writer.member(CodingKeys.cpuSeconds, cpuSeconds)
        writer.member(CodingKeys.memoryBytes, memoryBytes)
        writer.member(CodingKeys.seconds, seconds)
        writer.member(CodingKeys.action, action.rawValue)
        writer.member(CodingKeys.rule, rule)
    }
}
