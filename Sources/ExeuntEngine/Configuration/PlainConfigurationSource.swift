// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import LinuxSystem

/// The configuration files of this host as an ordinary user reads them, who can harm nobody but herself.
struct PlainConfigurationSource: ConfigurationSource {
    func names(in directory: String) throws(ConfigurationRefusal) -> [String]? {
        do throws(SystemError) {
            return try listDirectory(directory)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw ConfigurationRefusal("\(error)")
        }
    }

    func read(_ path: String) throws(ConfigurationRefusal) -> ConfigurationContent {
        if symbolicLinkTarget(path) == ConfigurationLoader.mask { return .masked }
        do throws(SystemError) {
            return .bytes(try readRegularFile(path, limit: ConfigurationLoader.largest))
        } catch {
            if error.errno == .noSuchFileOrDirectory { return .absent }
            throw ConfigurationRefusal("\(error)")
        }
    }
}
