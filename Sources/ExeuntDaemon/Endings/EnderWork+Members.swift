// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import LinuxSystem

extension EnderWork {
    /// Who is in the session, and what would happen to each at its end: the same looks and the same rules, and nothing is
    /// done.
    func members() throws -> [MemberDescription] {
        let table = try ProcessTable()
        let ending = try self.ending()
        return try ending.preview(table).map { preview in
            let process = preview.process
            // try?: it is gone meanwhile.
            let usage = try? table.usage(process.identity.pid)
            return MemberDescription(
                pid: process.identity.pid, startTime: process.identity.startTime, parent: process.parent,
                uid: process.owner, name: Escaping.shown(process.name),
                executable: process.executable.map { Escaping.shown($0) }, evidence: process.evidence.words,
                cpuSeconds: usage.map { $0.processor / .seconds(1) }, memoryBytes: usage?.memory,
                seconds: BootTicks.age(of: process.identity.startTime) / .seconds(1),
                action: MemberDescription.Action(rawValue: preview.action.rawValue) ?? .end, rule: preview.rule)
        }
    }
}
