// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// Reads `glexec.conf`: `key = value` in one section.
public struct GlexecReader {
    private var configuration = Assigned<GlexecConfiguration>()
    private var faults: [ConfigurationFault] = []
    private var warnings: [ConfigurationFault] = []
    private var foreign: [(key: String, place: Place)] = []
    private var hasSection = false

    private init() {}

    /// The configuration; what it warns of is among its values.
    ///
    /// - Throws: everything that is wrong.
    public static func read(_ file: ConfigurationFile) throws(ConfigurationFaults) -> GlexecConfiguration {
        var reader = GlexecReader()
        reader.take(file)
        reader.check(file)
        if !reader.faults.isEmpty { throw ConfigurationFaults(reader.faults) }
        var configuration = reader.configuration.root
        configuration.warnings = reader.warnings
        return configuration
    }

    private mutating func take(_ file: ConfigurationFile) {
        var section: String?
        for statement in Lexer.read(file, hasContinuations: false) {
            switch statement.kind {
            case .section(let name):
                section = name
                if name == GlexecTable.section.title {
                    hasSection = true
                } else if !name.isEmpty {
                    let shown = Escaping.shown(name.utf8)
                    warn(statement.place, "section [\(shown)] is passed over; settings belong to [glexec]")
                }
            case .assignment(let key, let value):
                if section == nil { fault(statement.place, "\(Escaping.shown(key.utf8)) stands before [glexec]") }
                guard section == GlexecTable.section.title else { continue }
                assign(key, value, statement.place)
            case .fault(let message): fault(statement.place, message)
            }
        }
    }

    private mutating func assign(_ key: String, _ value: String, _ place: Place) {
        if GlexecTable.isForeign(key) {
            foreign.append((key, place))
            return
        }
        let found = configuration.take(key, value, GlexecTable.section, place)
        // gLExec passes over keys it does not know; here somebody is told.
        if GlexecTable.section.setting(key) == nil { warnings += found } else { faults += found }
    }

    private mutating func check(_ file: ConfigurationFile) {
        // Who is told that the file cannot be read need not be told what is missing in it.
        if !hasSection && faults.isEmpty { fault(Place(file: file.path, line: 0), "there is no section [glexec]") }
        let root = configuration.root
        if let place = configuration.origins["epilogue"]?.first, !root.lingers {
            fault(place, "epilogue would never be run with linger = no: expected linger = yes")
        }
        for key in ["epilogue_user", "epilogue_group"] where root.switcher != .glexec {
            guard let place = configuration.origins[key]?.first else { continue }
            fault(place, "\(key) needs user_identity_switch_by = glexec")
        }
        if let first = foreign.first {
            let keys = Set(foreign.map(\.key)).sorted().map { Escaping.shown($0.utf8) }
            warn(first.place, "Exeunt has no part for \(keys.joined(separator: ", ")), and goes on without")
        }
    }

    private mutating func fault(_ place: Place, _ message: String) {
        faults.append(ConfigurationFault(place, message))
    }

    private mutating func warn(_ place: Place, _ message: String) {
        warnings.append(ConfigurationFault(place, message))
    }
}
