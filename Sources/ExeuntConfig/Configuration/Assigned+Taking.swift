// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Assigned {
    /// Finds the setting of this key and assigns the value; says what is wrong with either.
    mutating func take(
        _ key: String, _ value: String, _ section: Section<Root>, _ place: Place
    ) -> [ConfigurationFault] {
        guard let setting = section.setting(key) else {
            return [ConfigurationFault(place, Self.unknown(key, section))]
        }
        do throws(TextError) {
            try assign(value, to: setting, at: place)
            return []
        } catch {
            return [ConfigurationFault(place, "\(key)=: \(error)\(Self.remark(on: value))")]
        }
    }

    private static func unknown(_ key: String, _ section: Section<Root>) -> String {
        let shown = "unknown key \(Escaping.shown(key.utf8))= in [\(section.title)]; "
        let keys = section.settings.map(\.key)
        if let nearest = Suggestion.nearest(to: key, among: keys) { return shown + "did you mean \(nearest)=?" }
        return shown + "there are \(keys.map { $0 + "=" }.joined(separator: ", "))"
    }

    /// Who writes a comment behind a value is told so: the parser of the value sees odd words only.
    private static func remark(on value: String) -> String {
        value.contains(" #") || value.contains(" ;") ? "; a comment needs a line of its own" : ""
    }
}
