// SPDX-License-Identifier: Apache-2.0

/// What a machine did when it was given an event: a row of the table, and perhaps an arrow of the diagram.
struct Transition {
    /// The state, and what distinguishes this one from others of the same name.
    let state: String
    let circumstance: String
    let event: String
    let next: String
    let actions: [String]

    var doesNothing: Bool { next == state && actions.isEmpty }

    /// A section of the document: the diagram of the arrows, and the table of everything.
    static func section(_ title: String, _ introduction: String, _ transitions: [Transition]) -> String {
        var lines = ["## \(title)", "", introduction, "", "```mermaid", "stateDiagram-v2"]
        lines += arrows(transitions)
        lines += ["```", "", "| state | event | next state | actions, in order |", "|---|---|---|---|"]
        lines += rows(transitions)
        lines += ["", "Nothing happens for:", ""]
        lines += silent(transitions)
        return lines.joined(separator: "\n") + "\n"
    }

    private var place: String { circumstance.isEmpty ? state : "\(state): \(circumstance)" }

    private var row: String {
        let after = next == state ? "" : next
        let what = actions.isEmpty ? (doesNothing ? "nothing" : "") : actions.map { "`\($0)`" }.joined(separator: ", ")
        return "| \(place) | \(event) | \(after) | \(what) |"
    }

    /// The first circumstance of a state in full, of the others what differs from it.
    private static func rows(_ transitions: [Transition]) -> [String] {
        transitions.compactMap { transition in
            guard let first = first(of: transition, in: transitions) else { return nil }
            let isFirst = first.circumstance == transition.circumstance
            let isSame = first.next == transition.next && first.actions == transition.actions
            return (isFirst ? transition.doesNothing : isSame) ? nil : transition.row
        }
    }

    private static func first(of transition: Transition, in transitions: [Transition]) -> Transition? {
        transitions.first { $0.state == transition.state && $0.event == transition.event }
    }

    private static func arrows(_ transitions: [Transition]) -> [String] {
        var labels: [String: [String]] = [:]
        var order: [String] = []
        for transition in transitions where transition.next != transition.state {
            let arrow = "\(identifier(transition.state)) --> \(identifier(transition.next))"
            if labels[arrow] == nil { order.append(arrow) }
            let label = transition.event
            if labels[arrow]?.contains(label) != true { labels[arrow, default: []].append(label) }
        }
        // A colon or semicolon would end the label.
        return order.map { arrow in
            let label = (labels[arrow] ?? []).joined(separator: ", ").filter { $0 != ":" && $0 != ";" }
            return "    \(arrow): \(label)"
        }
    }

    private static func identifier(_ state: String) -> String {
        state.map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    }

    private static func silent(_ transitions: [Transition]) -> [String] {
        var events: [String: [String]] = [:]
        var order: [String] = []
        for transition in transitions where transition.doesNothing {
            guard first(of: transition, in: transitions)?.circumstance == transition.circumstance else { continue }
            if events[transition.place] == nil { order.append(transition.place) }
            events[transition.place, default: []].append(transition.event)
        }
        return order.map { "- \($0): \((events[$0] ?? []).joined(separator: "; "))" }
    }
}
