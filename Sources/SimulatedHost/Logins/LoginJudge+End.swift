// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension LoginJudge {
    /// Nothing will happen any more.
    func settled() {
        guard let run else { return }
        guard let daemon = run.daemon else { return fault(.comesToRest, "there is no daemon") }
        if let waiter = daemon.waiting.first { fault(.waitIsAnswered, "waiter \(waiter.serial) of \(waiter.session)") }
        for login in logins.indices where logins[login].isOpen && logins[login].inside == nil { check(login) }
        checkFiles()
        checkLeases()
        for (index, record) in run.files.records.enumerated()
        where run.files.records[..<index].contains(where: { $0.ender == record.ender }) {
            fault(.recordedOnce, "\(record) twice")
        }
    }

    private func isOverForGood(_ login: Int) -> Bool { logins[login].mustEnd || hasLostLeader(login) }

    private func check(_ login: Int) {
        guard let run, isOverForGood(login) else { return }
        for task in run.host.tasks where task.isAlive && task.login == login && !isSpared(task, login) {
            fault(.nothingIsLost, "\(run.name(task.serial)) of log-in \(login) lives")
        }
        let id = session(of: login)
        let count = run.files.records.count { $0.session == id && !$0.isRepeated }
        if count != 1 { fault(.recordedOnce, "\(count) records of the end of \(id)") }
        let hooks = run.scenario.policy.hooks
        guard run.scenario.policy.mode == .end, !logins[login].isInterrupted else { return }
        for phase in [HookPhase.before, .after] where logins[login].hooks[phase, default: []].count != hooks[phase] {
            fault(.hooksRunOnce, "\(logins[login].hooks) instead of \(hooks.before)+\(hooks.after) for \(id)")
        }
    }

    /// Whether something lets it live on for ever.
    private func isSpared(_ task: LoginHost.Task, _ login: Int) -> Bool {
        guard let policy = run?.scenario.policy else { return false }
        if task.place.hasPrefix(LoginHost.leasePrefix) || policy.mode == .report { return true }
        // What the leader has opened a second time is a session for which nobody has asked.
        if policy.isExcluded, !logins[login].isAsked || isClosedFromInside(login) { return true }
        return task.child.spared && policy.keeps == nil
    }

    private func checkFiles() {
        guard let run else { return }
        for (id, session) in run.files.ledger.sorted(by: { $0.key < $1.key }) {
            let place = session.cgroup?.path ?? ""
            switch session.state {
            case .active where session.lease == nil:
                if let login = number(of: id), isOverForGood(login) { fault(.ledgerIsEmpty, "\(id) is active") }
            case .active, .kept: if run.host.isEmpty(place) { fault(.ledgerIsEmpty, "\(id) is \(session.state)") }
            case .ending: fault(.ledgerIsEmpty, "\(id) is ending")
            }
        }
        let files = run.files.endings.keys.sorted() + run.files.notes.keys.sorted() + run.files.closings.sorted()
        if !files.isEmpty { fault(.ledgerIsEmpty, "\(files) are left") }
    }

    private func checkLeases() {
        guard let run else { return }
        let isReport = run.scenario.policy.mode == .report
        for task in run.host.tasks where task.isAlive && !isReport && task.place.hasPrefix(LoginHost.leasePrefix) {
            fault(.leaseHasItsTime, "\(run.name(task.serial)) has outlived \(task.place)")
        }
        // All crashes together keep no daemon away for that long.
        let late: Int64 = 400_000_000_000
        for record in run.files.records where record.reason == .leaseExpired {
            guard let lease = leases[record.session], let back = lease.givenBack,
                let over = logins[owner(of: lease.login)].mayEnd, max(back, over) + late < lease.expires
            else { continue }
            fault(.leaseHasItsTime, "\(record.session) was given back, and went on until it expired")
        }
    }
}
