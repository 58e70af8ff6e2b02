// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

extension GlexecMode {
    /// The facility that `syslog_facility` names, with or without `LOG_` before it.
    public var facility: SystemLog.Facility { Self.facility(configuration.syslogFacility) ?? .daemon }

    /// What matters less than this is not logged; nil: nothing is. `log_level` goes from 0, nothing, over 1, errors,
    /// and 2, warnings, to whatever else there is to say.
    public var leastLevel: SystemLog.Level? {
        switch configuration.logLevel {
        case 0: nil
        case 1: .error
        case _ where configuration.logsSilently: .error
        case 2: .warning
        default: .information
        }
    }

    /// What the administrator should know, a line each.
    public var warnings: [String] {
        var warnings = configuration.warnings.map(\.description)
        if configuration.logDestination == .file || configuration.logFile != nil {
            warnings.append("\(path): the log goes to syslog; log_destination and log_file have no part in it")
        }
        if let name = configuration.syslogFacility, Self.facility(name) == nil {
            warnings.append("\(path): '\(name)' is no facility of syslog; daemon is used")
        }
        if !configuration.lingers {
            warnings.append("\(path): linger = no has no effect: to end what a payload leaves somebody has to stay")
        }
        return warnings
    }

    private static func facility(_ name: String?) -> SystemLog.Facility? {
        let word = name?.lowercased() ?? ""
        return SystemLog.Facility(rawValue: word.hasPrefix("log_") ? String(word.dropFirst(4)) : word)
    }
}
