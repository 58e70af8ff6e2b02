// SPDX-License-Identifier: Apache-2.0

extension [Rule] {
    /// The rules as they are this long after the session's end: whoever a rule has kept for its time is ended by it.
    public func after(_ elapsed: Duration) -> [Rule] {
        map { rule in
            guard rule.action == .keep, let lasting = rule.lasting, lasting <= elapsed else { return rule }
            var expired = rule
            expired.action = .end
            expired.lasting = nil
            return expired
        }
    }

    /// When, counted from the session's end, the next of them will have kept for its time; nil if none will.
    ///
    /// - Parameter names: only these rules, if not nil: those that do keep somebody.
    public func nextExpiry(after elapsed: Duration, of names: Set<String>? = nil) -> Duration? {
        compactMap { rule in
            guard rule.action == .keep, let lasting = rule.lasting, lasting > elapsed else { return nil }
            return names?.contains(rule.name) ?? true ? lasting : nil
        }.min()
    }

    /// Whether somebody has to find out which files processes run.
    public var askForPrograms: Bool { contains { $0.programs != nil } }

    /// Whether somebody has to find out whose mounts processes see, and what their paths are worth.
    public var askForPaths: Bool { contains { $0.programs?.paths.isEmpty == false } }

    /// Whether somebody has to find out how long processes have lived.
    public var askForAges: Bool { contains { $0.minimumAge != nil } }
}
