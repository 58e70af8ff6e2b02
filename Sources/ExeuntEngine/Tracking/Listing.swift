// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Pids with the evidence that was found for them, and when the finding began.
///
/// A pid in a list is only a number. It is turned into an identity by `MemberReader`, which needs to know whether the
/// process that has the number later already had it when the evidence was taken: it had if it was started before.
struct Listing {
    /// Clock ticks after boot at which the first evidence was read.
    let began: UInt64
    private(set) var pids: [Int32] = []
    private(set) var evidence: [Int32: Evidence] = [:]

    init(began: UInt64) { self.began = began }

    mutating func add(_ pid: Int32, _ found: Evidence) {
        if let known = evidence[pid] {
            evidence[pid] = known.union(found)
        } else {
            evidence[pid] = found
            pids.append(pid)
        }
    }
}
