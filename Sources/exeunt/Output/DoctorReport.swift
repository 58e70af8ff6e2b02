// SPDX-License-Identifier: Apache-2.0
import ExeuntEngine
import ExeuntProtocol

/// An examination as text for people, or as JSON.
struct DoctorReport {
    /// How text is laid out.
    struct Style {
        var hasColour: Bool
        /// Characters in a line; sentences are broken there, commands never.
        let width: Int

        init(hasColour: Bool = false, width: Int? = nil) {
            self.hasColour = hasColour
            // Longer lines are hard to read, shorter ones have no room.
            self.width = min(120, max(60, width ?? 100))
        }
    }

    private let examination: Examination

    init(_ examination: Examination) { self.examination = examination }

    func json() throws -> [UInt8] {
        let document = DoctorDocument(
            uid: examination.uid, trackers: examination.trackers.map(\.description), isStrong: examination.isStrong,
            findings: examination.findings.map { finding in
                DoctorDocument.Entry(
                    id: finding.id, area: finding.area.rawValue, name: finding.name, state: finding.state.rawValue,
                    isStrong: finding.isStrong, found: finding.found, meaning: finding.meaning,
                    remedies: finding.remedies.map { DoctorDocument.Remedy(what: $0.what, command: $0.command) })
            })
        return try document.encoded()
    }

    /// Without a line feed at the end.
    func text(_ style: Style) -> [UInt8] {
        var lines = [headline]
        let column = 10 + (examination.findings.map(label).map(\.count).max() ?? 0)
        for area in Finding.Area.allCases {
            let findings = examination.findings.filter { $0.area == area }
            if findings.isEmpty { continue }
            lines += ["", bold(Self.title(of: area), style)]
            for finding in findings { lines += self.lines(of: finding, column, style) }
        }
        return Array(lines.joined(separator: "\n").utf8)
    }

    private var headline: String {
        guard !examination.trackers.isEmpty else { return "'exeunt run' cannot keep a session here." }
        let words = examination.trackers.map(\.description).joined(separator: " ")
        return "'exeunt run' tracks by: \(words)"
    }

    private static func title(of area: Finding.Area) -> String {
        switch area {
        case .trackers: "Trackers"
        case .cgroups: "Control groups"
        case .kernel: "Kernel"
        case .processes: "Other processes"
        case .host: "Host"
        }
    }

    private func label(_ finding: Finding) -> String {
        finding.name + (finding.isStrong.map { $0 ? " (strong)" : " (weak)" } ?? "")
    }

    private func lines(of finding: Finding, _ column: Int, _ style: Style) -> [String] {
        let state = finding.state.rawValue
        let head = "  " + coloured(state, finding.state, style) + Self.blanks(8 - state.count) + label(finding)
        let margin = Self.blanks(column + 2)
        var lines = wrap(finding.found, style.width - column - 2) + wrap(finding.meaning, style.width - column - 2)
        for remedy in finding.remedies {
            lines += wrap("-> " + remedy.what + (remedy.command == nil ? "" : ":"), style.width - column - 2)
            if let command = remedy.command { lines.append("   " + command) }
        }
        return lines.enumerated().map { index, line in
            index == 0 ? head + Self.blanks(column - 8 - label(finding).count) + line : margin + line
        }
    }

    /// Broken between words; a word that is longer than a line stays whole.
    private func wrap(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty && line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + [line]
    }

    private func coloured(_ text: String, _ state: Finding.State, _ style: Style) -> String {
        guard style.hasColour else { return text }
        let colour =
            switch state {
            case .yes: 32
            case .partly: 33
            case .no: 31
            }
        return "\u{1B}[\(colour)m\(text)\u{1B}[0m"
    }

    private func bold(_ text: String, _ style: Style) -> String {
        style.hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    }

    private static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
