// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// An environment variable whose value tells a session's processes from others.
struct SessionMark {
    let name: [UInt8]
    let value: [UInt8]

    /// The mark for a tracker: the session's id for Exeunt's own variable, else what Exeunt itself was started with.
    init?(_ tracker: Tracker, session id: String) {
        guard case .mark(let name) = tracker else { return nil }
        self.name = Array(name.utf8)
        if name == Tracker.sessionMark {
            value = Array(id.utf8)
        } else {
            guard let inherited = Self.value(of: name) else { return nil }
            value = inherited
        }
    }

    /// The value in Exeunt's own environment; an empty one marks nothing.
    static func value(of name: String) -> [UInt8]? {
        let prefix = Array(name.utf8) + [UInt8(ascii: "=")]
        let entry = CurrentProcess.environment.first { $0.starts(with: prefix) }
        return entry.map { Array($0.dropFirst(prefix.count)) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
