// SPDX-License-Identifier: Apache-2.0

/// How many connections each user has.
struct ConnectionCount {
    private let limits: ControlLimits
    private var counts: [UInt32: Int] = [:]
    private(set) var others = 0

    init(_ limits: ControlLimits) { self.limits = limits }

    /// All others than root together have as many as they may.
    var isFull: Bool { others >= limits.connectionsOfOthers }

    /// Counts one more, if it may be.
    mutating func add(_ uid: UInt32) -> Bool {
        let count = counts[uid] ?? 0
        guard count < (uid == 0 ? limits.connectionsOfRoot : limits.connections) else { return false }
        if uid != 0 {
            if isFull { return false }
            others += 1
        }
        counts[uid] = count + 1
        return true
    }

    /// Whether this user has as many as it may.
    func isAtLimit(_ uid: UInt32) -> Bool {
        counts[uid] ?? 0 >= (uid == 0 ? limits.connectionsOfRoot : limits.connections)
    }

    /// One that was counted is gone.
    mutating func remove(_ uid: UInt32) {
        guard let count = counts[uid] else { return }
        counts[uid] = count > 1 ? count - 1 : nil
        if uid != 0 { others -= 1 }
    }
}
