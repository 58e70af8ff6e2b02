// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension LoginScenario: Trial {
    public func run(trace: ((String) -> Void)? = nil) -> Violation? { LoginSimulation(self, trace: trace).run() }

    public var size: Int {
        let parts = logins.reduce(0) { $0 + Self.size($1) }
        return parts + leases.reduce(0) { $0 + ($1.released == nil ? 1 : 2) } + incidents.count + crashes.count
            + faults.present.count + policySize
    }

    private var policySize: Int {
        (policy.mode == .end ? 0 : 1) + (policy.ladder == .payload ? 0 : 1) + (policy.isExcluded ? 1 : 0)
            + policy.hooks.before + policy.hooks.after
    }

    private static func size(_ login: Login) -> Int {
        let children = login.children.reduce(0) { sum, child in
            sum + 1 + (child.stubborn ? 1 : 0) + (child.spared ? 1 : 0) + (child.sleeps > 0 ? 1 : 0)
                + (child.exits == nil ? 0 : 1)
        }
        return 1 + children + (login.waits == nil ? 0 : 1) + (login.isAdopted ? 1 : 0) + (login.isTwice ? 1 : 0)
            + (login.ledBy == nil ? 0 : 1)
    }

    public var reductions: [LoginScenario] {
        // Others are known by their numbers: only the last log-in can go.
        let last = logins.count > 1 ? [changed { $0.dropLastLogin() }] : []
        return last + leases.indices.map { index in changed { $0.leases.remove(at: index) } }
            + incidents.indices.map { index in changed { $0.incidents.remove(at: index) } }
            + crashes.indices.map { index in changed { $0.crashes.remove(at: index) } } + childless
            + faults.present.map { fault in changed { $0.faults = fault.without } } + simpler
    }

    private func changed(_ change: (inout LoginScenario) -> Void) -> LoginScenario {
        var scenario = self
        change(&scenario)
        return scenario
    }

    private mutating func dropLastLogin() {
        let number = logins.count - 1
        logins.removeLast()
        leases.removeAll { $0.login == number }
        incidents.removeAll { incident in
            switch incident.kind {
            case .request(number, _), .enderKilled(number), .transportGone(number): true
            default: false
            }
        }
    }

    private var childless: [LoginScenario] {
        logins.indices.flatMap { login -> [LoginScenario] in
            let last = logins[login].children.count - 1
            guard last >= 0 else { return [] }
            let without = changed { scenario in
                scenario.logins[login].children.removeLast()
                scenario.leases.removeAll { $0.login == login && $0.child == last }
            }
            return [without] + logins[login].children.indices.flatMap { plainer(login, $0) }
        }
    }

    private func plainer(_ login: Int, _ child: Int) -> [LoginScenario] {
        let before = logins[login].children[child]
        var some: [LoginScenario] = []
        if before.stubborn { some.append(changed { $0.logins[login].children[child].stubborn = false }) }
        if before.spared { some.append(changed { $0.logins[login].children[child].spared = false }) }
        if before.sleeps > 0 { some.append(changed { $0.logins[login].children[child].sleeps = 0 }) }
        if before.exits != nil { some.append(changed { $0.logins[login].children[child].exits = nil }) }
        return some
    }

    private var simpler: [LoginScenario] {
        var some: [LoginScenario] = []
        for login in logins.indices {
            if logins[login].waits != nil { some.append(changed { $0.logins[login].waits = nil }) }
            if logins[login].isAdopted { some.append(changed { $0.logins[login].isAdopted = false }) }
            if logins[login].isTwice { some.append(changed { $0.logins[login].isTwice = false }) }
            if logins[login].ledBy != nil { some.append(changed { $0.logins[login].ledBy = nil }) }
        }
        for lease in leases.indices where leases[lease].released != nil {
            some.append(changed { $0.leases[lease].released = nil })
        }
        if policy.mode != .end { some.append(changed { $0.policy.mode = .end }) }
        if policy.ladder != .payload { some.append(changed { $0.policy.ladder = .payload }) }
        if policy.isExcluded { some.append(changed { $0.policy.isExcluded = false }) }
        if policy.hooks.before > 0 { some.append(changed { $0.policy.hooks.before = 0 }) }
        if policy.hooks.after > 0 { some.append(changed { $0.policy.hooks.after = 0 }) }
        return some
    }
}

extension LoginScenario: CustomStringConvertible {
    /// What it holds, a line for each part.
    public var description: String {
        var lines = [
            "\(policy.mode), ladder \(policy.ladder), unkillable \(DurationText.text(policy.unkillable)), "
                + "spared for \(policy.keeps.map(DurationText.text) ?? "ever"), hooks \(policy.hooks.before)+"
                + "\(policy.hooks.after)\(policy.isExcluded ? ", the owner is excluded" : "")"
        ]
        lines += logins.enumerated().map { "log-in \($0): \($1)" }
        lines += leases.map { "\($0)" } + incidents.map { "\($0)" }
        lines += crashes.enumerated().map { "daemon \($0): \($1)" }
        lines += faults.present.map(\.text)
        return Trace.plain(lines.map { "  \($0)" }.joined(separator: "\n")).replacing("LoginScenario.", with: "")
    }
}
