// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import ExeuntProtocol

/// The configuration in force as text for people, or as JSON.
struct ConfigurationReport {
    private let configuration: EffectiveConfiguration

    init(_ configuration: EffectiveConfiguration) { self.configuration = configuration }

    func json() throws -> [UInt8] {
        let sections = configuration.sections.map { section in
            ConfigurationDocument.Section(
                name: section.name,
                settings: section.settings.map { setting in
                    ConfigurationDocument.Setting(
                        key: setting.key, value: setting.value,
                        origins: setting.origins.map { ConfigurationDocument.Origin(file: $0.file, line: $0.line) })
                })
        }
        return try ConfigurationDocument(files: configuration.files, sections: sections).encoded()
    }

    /// Without a line feed at the end.
    func text() -> [UInt8] {
        let sections = configuration.sections
        let width = sections.flatMap(\.settings).map { Self.assignment($0).count }.max() ?? 0
        var lines = [headline]
        for section in sections {
            lines += ["", "[\(Self.shown(section.name))]"]
            for setting in section.settings {
                let assignment = Self.assignment(setting)
                // One long value must not push all origins out of the window.
                let column = max(assignment.count, min(width, 48))
                lines.append(
                    assignment + String(repeating: " ", count: column - assignment.count + 2) + Self.origin(setting))
            }
        }
        return Array(lines.joined(separator: "\n").utf8)
    }

    private var headline: String {
        let files = configuration.files.map { Escaping.shown($0.utf8) }
        return files.isEmpty ? "no file: every setting has its default" : "files: \(files.joined(separator: ", "))"
    }

    private static func assignment(_ setting: EffectiveSetting) -> String { "\(setting.key)=\(shown(setting.value))" }

    private static func origin(_ setting: EffectiveSetting) -> String {
        setting.origins.isEmpty ? "default" : setting.origins.map(\.description).joined(separator: ", ")
    }

    /// A backslash stays one: it is part of names and quotations, and what could follow it is escaped anyhow.
    private static func shown(_ text: String) -> String {
        text.split(separator: "\\", omittingEmptySubsequences: false).map { Escaping.shown($0.utf8) }
            .joined(separator: "\\")
    }
}
