// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import LinuxSystem

/// The configuration files of this host as root reads them: only what nobody else could have written. That goes for
/// directories as well, as whoever may take a file out of one decides, too.
struct TrustedConfigurationSource: ConfigurationSource {
    func names(in directory: String) throws(ConfigurationRefusal) -> [String]? {
        do throws(SystemError) {
            // Most hosts have none, and learn it by one call.
            _ = try FileIdentity.of(path: directory)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw ConfigurationRefusal("\(error)")
        }
        let trusted: TrustedDirectory
        do throws(TrustRefusal) {
            trusted = try TrustedDirectory.open(Array(directory.utf8), .rootOnly)
        } catch {
            throw Self.refusal(error)
        }
        return try Self.names(in: trusted)
    }

    func read(_ path: String) throws(ConfigurationRefusal) -> ConfigurationContent {
        // Its directory was judged when it was listed: only root can have put the link there.
        if symbolicLinkTarget(path) == ConfigurationLoader.mask { return .masked }
        let trusted: TrustedFile
        do throws(TrustRefusal) {
            trusted = try TrustedFile.open(Array(path.utf8), as: .document, .rootOnly)
        } catch {
            if error.rule == .unseen(.noSuchFileOrDirectory) { return .absent }
            throw Self.refusal(error)
        }
        return .bytes(try Self.contents(of: trusted))
    }

    private static func names(in directory: borrowing TrustedDirectory) throws(ConfigurationRefusal) -> [String] {
        do throws(SystemError) {
            return try directory.names().map { String(decoding: $0, as: UTF8.self) }
        } catch {
            throw ConfigurationRefusal("\(error)")
        }
    }

    private static func contents(of file: borrowing TrustedFile) throws(ConfigurationRefusal) -> [UInt8] {
        do throws(SystemError) {
            return try file.contents(limit: ConfigurationLoader.largest)
        } catch {
            throw ConfigurationRefusal("\(error)")
        }
    }

    private static func refusal(_ refusal: TrustRefusal) -> ConfigurationRefusal {
        ConfigurationRefusal("\(refusal); 'exeunt check' says what mends it")
    }
}
