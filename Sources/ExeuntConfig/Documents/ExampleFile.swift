// SPDX-License-Identifier: Apache-2.0

/// `exeunt.conf.example`: every setting with what it is for, what it accepts and its default, all of it as comments.
public enum ExampleFile {
    /// The whole file.
    public static var text: String {
        let sections = SettingsTable.sections.map { section in
            let head = comment(section.sentence) + [heading(section.name)]
            return (head + section.settings.flatMap { [""] + lines(of: $0) }).joined(separator: "\n")
        }
        return ([introduction] + sections).joined(separator: "\n\n") + "\n"
    }

    /// Sections without a name would not be read, and a rule without an action be refused.
    private static func heading(_ name: String) -> String {
        switch name {
        case SettingsTable.rule.title: "#[Rule example]"
        case SettingsTable.sessionClass.title: "#[Class greeter]"
        default: "[\(name)]"
        }
    }

    private static let introduction = """
        # The configuration of exeunt, exeunt.conf(5). What stands here as a comment is the default: remove the '#' and
        # change it. This file belongs to /etc/exeunt/exeunt.conf; parts of it to /etc/exeunt/exeunt.conf.d/NAME.conf.
        # 'exeunt config' shows what is in force, and where it comes from.
        """

    private static func lines(of setting: SettingDescription) -> [String] {
        let list = setting.isList ? ", separated by blanks" : ""
        return comment(setting.sentence + " Accepts " + setting.accepts + list + ".")
            + ["#\(setting.key)=\(setting.standard)"]
    }

    /// Broken between words, so that it can be read on a terminal.
    private static func comment(_ text: String) -> [String] {
        var lines: [String] = []
        var line = "#"
        for word in text.split(separator: " ") {
            if line.count + 1 + word.count > 100 {
                lines.append(line)
                line = "#"
            }
            line += " " + word
        }
        return lines + [line]
    }
}
