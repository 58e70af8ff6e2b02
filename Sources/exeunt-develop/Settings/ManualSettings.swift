// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig

/// The settings in the man page exeunt.conf(5), as mdoc(7).
enum ManualSettings {
    /// The page with everything between the two markers replaced; nil if it does not have them.
    static func renewed(_ page: String) -> String? {
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let first = lines.firstIndex(of: beginning), let last = lines.lastIndex(of: end), first < last else {
            return nil
        }
        return (lines[...first] + SettingsTable.sections.flatMap(section) + lines[last...]).joined(separator: "\n")
    }

    private static let beginning = #".\" What follows is made from the table of settings: make documents"#
    private static let end = #".\" End of what is made from the table of settings"#

    private static func section(_ section: SectionDescription) -> [String] {
        [".Ss [\(section.name)]"] + sentences(section.sentence) + [".Bl -tag -width Ds"]
            + section.settings.flatMap(setting) + [".El"]
    }

    private static func setting(_ setting: SettingDescription) -> [String] {
        let list = setting.isList ? ", separated by blanks; repeated assignments add up" : ""
        let standard =
            setting.standard.isEmpty ? "It is empty by default." : "The default is\n.Ql \(text(setting.standard)) ."
        return [".It Cm \(setting.key) Ns ="] + sentences(setting.sentence)
            + ["Accepts \(text(setting.accepts))\(list).", standard]
    }

    /// Each on a line of its own, as mdoc wants it.
    private static func sentences(_ text: String) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
            if word.hasSuffix(".") { lines.append("") }
        }
        return lines.filter { !$0.isEmpty }.map(Self.text)
    }

    /// What roff would take for an escape, and typographic quotes.
    private static func text(_ text: String) -> String {
        var shown = text.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\e")
        shown = shown.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\(aq")
        return shown
    }
}
