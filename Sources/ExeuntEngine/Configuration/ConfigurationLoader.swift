// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import LinuxSystem

/// Reads exeunt.conf(5).
public enum ConfigurationLoader {
    /// What is in force on this host. Where there is no configuration at all it costs one failed call for each of the
    /// two directories that could hold one.
    ///
    /// - Throws: everything that is wrong with any file; then nothing of the configuration is in force.
    public static func load() throws(ConfigurationFaults) -> EffectiveConfiguration {
        try ConfigurationReader.read(try files())
    }

    /// The same without where each value comes from. Where there is no file, the table of settings is not built, which
    /// takes longer than the rest of it.
    public static func values() throws(ConfigurationFaults) -> Configuration {
        let files = try files()
        return files.isEmpty ? Configuration() : try ConfigurationReader.read(files).values
    }

    /// What is in force for the sessions of log-ins: the same, with what logind.conf(5) says beneath it.
    ///
    /// - Throws: also what is wrong with logind's files as files. To go on without one that must not be believed could
    ///   end what its administrator wants to live.
    /// - Returns: the configuration, and what logind passes over in its own, for the log.
    public static func loadForLogins()
        throws(ConfigurationFaults) -> (configuration: EffectiveConfiguration, remarks: [ConfigurationFault])
    {
        let configuration = try load()
        guard configuration.values.session.usesLogindConf else { return (configuration, []) }
        let logind = LogindConfiguration.read(try files(.logind))
        return (configuration.over(logind), logind.remarks)
    }

    private static func files(
        _ files: ConfigurationFiles = .exeunt
    ) throws(ConfigurationFaults) -> [ConfigurationFile] {
        CurrentProcess.effectiveUID == 0
            ? try files.read(from: TrustedConfigurationSource())
            : try files.read(from: PlainConfigurationSource())
    }

    /// What this file alone would make, whoever it belongs to.
    ///
    /// - Throws: everything that is wrong with it.
    public static func examine(_ path: String) throws(ConfigurationFaults) -> EffectiveConfiguration {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try readRegularFile(path, limit: largest)
        } catch {
            throw ConfigurationFaults([ConfigurationFault(ConfigurationRefusal("\(error)"))])
        }
        return try ConfigurationReader.read([ConfigurationFile(path: path, bytes: bytes)])
    }

    /// No configuration is near this, and nobody's file may fill the memory.
    static let largest = 1 << 20
    /// What a link points to that stands for no file.
    static let mask = "/dev/null"
}
