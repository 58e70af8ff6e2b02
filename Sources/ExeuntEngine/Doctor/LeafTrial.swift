// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// A leaf made as a session's would be, a child born in it, and the leaf removed.
struct LeafTrial: Sendable {
    enum Outcome: Hashable, Sendable {
        /// There was nowhere to make one.
        case untried
        case born
        /// It could not be made.
        case refused(SystemError)
        /// It was made, but no process can be in it.
        case barren(SystemError)
    }

    var outcome = Outcome.untried
    /// What keeps it from being killed at one stroke; nil when nothing does, or it was not tried.
    var killObstacle: SystemError?
    /// The path of the leaf if it could not be removed.
    var leftBehind: String?

    static func run() -> LeafTrial {
        var trial = LeafTrial()
        // A signal that ended this process now would leave the leaf behind.
        // try?, twice: a mask of valid signals cannot be refused.
        let mask = try? CurrentProcess.setSignalMask(SignalSet(bits: .max))
        do throws(SystemError) {
            trial.examine(try TrackerChoice.makeLeaf(session: SessionID.make()))
        } catch {
            trial.outcome = .refused(error)
        }
        if let mask { _ = try? CurrentProcess.setSignalMask(mask) }
        return trial
    }

    private mutating func examine(_ leaf: Cgroup) {
        if let obstacle = KernelFeatures.obstacleToBirth(in: leaf) {
            outcome = .barren(obstacle.error)
        } else {
            outcome = .born
            do throws(SystemError) {
                // Nobody is in it any more.
                try leaf.kill()
            } catch {
                killObstacle = error
            }
        }
        // try?: whatever the reason, it is still there.
        if (try? leaf.remove(patience: .seconds(1))) != true { leftBehind = leaf.path }
    }
}
