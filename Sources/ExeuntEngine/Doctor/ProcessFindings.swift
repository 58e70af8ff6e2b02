// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

extension HostFacts {
    /// What can be seen of processes.
    var processFindings: [Finding] {
        guard proc.view == .own else { return [procView] }
        return [procView, others, yama].compactMap(\.self)
    }

    private var procView: Finding {
        let obstacle: Obstacle
        switch proc.view {
        case .own:
            return Finding(
                "proc.view", .processes, "/proc", .yes, found: "shows this pid namespace",
                meaning: "The numbers in it are those of the processes around this one.")
        case .absent: obstacle = .noProc
        case .foreign: obstacle = .foreignProc
        }
        return Finding(
            "proc.view", .processes, "/proc", .no, found: obstacle.found,
            meaning: obstacle.meaning, remedies: [obstacle.remedy])
    }

    private var others: Finding {
        let make = { (state: Finding.State, found: String, meaning: String, remedies: [Remedy]) in
            Finding("proc.others", .processes, "others", state, found: found, meaning: meaning, remedies: remedies)
        }
        let remount = Remedy("as root", "mount -o remount,hidepid=0 /proc")
        let hidden = "What a payload runs as another user (sudo, su) is not found by descent, and cannot be described."
        switch proc.others {
        case .seen:
            return make(
                .yes, "processes of other users can be seen", "What a payload runs as another user is found.", [])
        case .unreadable: return make(.partly, "listed, but not to be read (hidepid=1)", hidden, [remount])
        case .unlisted: return make(.partly, "not even listed (hidepid=2)", hidden, [remount])
        case .unknown:
            return make(.yes, "there are none of other users", "Nobody is hidden here as far as can be told.", [])
        }
    }

    private var yama: Finding? {
        guard let scope = proc.ptraceScope else { return nil }
        return Finding(
            "proc.yama", .processes, "Yama", .yes, found: "kernel.yama.ptrace_scope = \(scope)",
            meaning:
                "It forbids debuggers to attach and not to read an environment, so that marks do not suffer from it.")
    }
}
