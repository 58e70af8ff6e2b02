// SPDX-License-Identifier: Apache-2.0

/// The processes that no evidence makes a member: the rule "never" of the safety rules.
public struct Protection: Sendable {
    /// Exeunt's own processes and all their ancestors.
    public let exempt: Set<ProcessIdentity>
    /// The uid of the session's owner: weak evidence counts for no other.
    public let owner: UInt32

    /// Protects `exempt`, pid 1 and kernel threads, and everybody else's processes from weak evidence.
    public init(exempt: Set<ProcessIdentity>, owner: UInt32) {
        self.exempt = exempt
        self.owner = owner
    }

    /// Whether `process` may count as a member on the evidence it carries.
    ///
    /// - Parameter otherSession: true when strong evidence puts the process into another session.
    public func admits(_ process: ObservedProcess, otherSession: Bool = false) -> Bool {
        if process.identity.pid <= 1 || process.isKernelThread || exempt.contains(process.identity) { return false }
        if process.evidence.hasStrong { return true }
        // That it is root's says nothing: so is the whole host.
        let evidence = owner == 0 ? process.evidence.subtracting(.user) : process.evidence
        return !evidence.isEmpty && !otherSession && process.owner == owner
    }
}
