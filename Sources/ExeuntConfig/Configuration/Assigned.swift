// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Settings while they are read: their values so far, and where each of them comes from.
struct Assigned<Root: Settings>: Sendable {
    private(set) var root: Root
    /// By key; of a list that was added to, all places. What is not here has its default.
    private(set) var origins: [String: [Place]] = [:]

    init(_ root: Root = Root()) { self.root = root }

    /// Carries an assignment out as systemd.syntax(7) says: an empty value resets, lists add up, later ones win.
    mutating func assign(_ value: String, to setting: Setting<Root>, at place: Place) throws(TextError) {
        if value.isEmpty {
            setting.reset(&root)
            // An emptied list is not the default: somebody wants it empty.
            origins[setting.key] = setting.isList ? [place] : nil
            return
        }
        let addsUp = setting.isList && origins[setting.key] != nil
        try setting.assign(value, addsUp, &root)
        if addsUp {
            origins[setting.key, default: []].append(place)
        } else {
            origins[setting.key] = [place]
        }
    }

    /// Changes what no assignment has been about, as if these places had said it.
    mutating func put(_ key: String, from places: [Place], _ change: (inout Root) -> Void) {
        guard origins[key] == nil else { return }
        change(&root)
        origins[key] = places
    }

    /// The section as it is now.
    func effective(_ name: String, _ section: Section<Root>) -> EffectiveSection {
        EffectiveSection(
            name: name,
            settings: section.settings.map { setting in
                EffectiveSetting(key: setting.key, value: setting.text(root), origins: origins[setting.key] ?? [])
            })
    }
}
