// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Short texts for a trace.
enum Trace {
    /// The text without the names of modules and types, which only make it long.
    static func plain(_ text: String) -> String {
        ["ExeuntCore.", "SimulatedHost.", "SignalName.", "Program.", "CgroupPlace.", "Mark."].reduce(text) {
            text, name in
            text.replacing(name, with: "")
        }
    }

    static func text(_ session: Session) -> String {
        if case .beforeHooks(let running, _) = session.state { return "before-hook \(running)" }
        if case .afterHooks(let running, _) = session.state { return "after-hook \(running)" }
        return switch session.ending.state {
        case .idle: session.reason == nil ? "active" : "ending"
        case .leaderFirst(let until): "leader first until \(Host.shown(until.nanoseconds))"
        case .rung(let index, let until): "rung \(index)" + (until.map { " until \(Host.shown($0.nanoseconds))" } ?? "")
        case .kill(let until): "kill until \(Host.shown(until.nanoseconds))"
        case .vacant(let until): "vacant until \(Host.shown(until.nanoseconds))"
        case .reporting: "reporting"
        case .ended(let verdict): "ended, \(verdict)"
        }
    }

    static func text(_ event: SessionEvent) -> String {
        switch event {
        case .ending(.observed(let observation)):
            "observed \(observation.members.map { text($0.identity) })\(observation.isCertain ? ", certain" : "")"
        case .ending(.exited(let process, let killed)): "exited \(text(process.identity))\(killed ? " by KILL" : "")"
        case .ending(.signalled(let signals, let receipts)):
            "signalled \(signals) \(receipts.map { "\(text($0.identity)) \($0.result)" })"
        case .started(let leader): "started \(text(leader))"
        default: "\(event)"
        }
    }

    static func text(_ actions: [SessionAction]) -> String {
        let texts = actions.map { action in
            switch action {
            case .ending(.signal(let signals, let receivers)): "signal \(signals) to \(receivers.map(text))"
            case .ending(.setTimer(let time)): "timer \(Host.shown(time.nanoseconds))"
            case .ending(let action): "\(action)"
            case .forward, .runHook, .stopHook: "\(action)"
            }
        }
        return texts.isEmpty ? "nothing" : texts.joined(separator: ", ")
    }

    private static func text(_ identity: ProcessIdentity) -> String { "\(identity.pid)" }
}

extension Trace {
    static func text(_ event: RegistryEvent) -> String {
        switch event {
        case .opened(let session): "opened \(session.id)"
        case .recovered(let session, let finding): "recovered \(session.id), \(session.state), \(finding)"
        default: "\(event)"
        }
    }

    static func text(_ action: RegistryAction) -> String {
        switch action {
        case .setTimer(let instant): "timer \(instant.map { Host.shown($0.nanoseconds) } ?? "off")"
        default: "\(action)"
        }
    }
}
