// SPDX-License-Identifier: Apache-2.0

/// Which files make a configuration: the main file of the first directory that has one, then the drop-ins of all
/// directories by their names, where a name that several directories have counts in the first one only. That is
/// systemd's rule, systemd.unit(5) and logind.conf(5).
public struct ConfigurationFiles: Sendable {
    /// Of the main file; drop-ins are in `NAME.d` beside it.
    public let name: String
    /// From the administrator's to the vendor's.
    public let directories: [String]

    /// exeunt.conf(5).
    public static let exeunt = ConfigurationFiles(
        name: "exeunt.conf", directories: ["/etc/exeunt", "/usr/lib/exeunt"])

    /// logind.conf(5).
    public static let logind = ConfigurationFiles(
        name: "logind.conf",
        directories: ["/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd"])

    /// The same of elogind, which is logind without systemd.
    public static let elogind = ConfigurationFiles(
        name: "logind.conf", directories: ["/etc/elogind", "/run/elogind", "/usr/lib/elogind"])

    /// The paths that count, in the order in which they are read.
    /// - Parameter listing: the names in a directory; none if there is no such directory.
    public func paths(listing: (String) throws(ConfigurationFaults) -> [String]) throws(ConfigurationFaults) -> [String]
    {
        var main: String?
        var dropIns: [String: String] = [:]
        for directory in directories {
            let names = try listing(directory)
            if main == nil, names.contains(name) { main = "\(directory)/\(name)" }
            guard names.contains(name + ".d") else { continue }
            for name in try listing("\(directory)/\(name).d") where Self.isDropIn(name) && dropIns[name] == nil {
                dropIns[name] = "\(directory)/\(self.name).d/\(name)"
            }
        }
        return (main.map { [$0] } ?? []) + dropIns.sorted { Self.precedes($0.key, $1.key) }.map(\.value)
    }

    /// All files that count, in the order in which they count.
    ///
    /// - Throws: whatever cannot be read, or must not be believed.
    public func read(from source: some ConfigurationSource) throws(ConfigurationFaults) -> [ConfigurationFile] {
        let paths = try paths { directory throws(ConfigurationFaults) in
            do throws(ConfigurationRefusal) {
                return try source.names(in: directory) ?? []
            } catch {
                throw ConfigurationFaults([ConfigurationFault(error)])
            }
        }
        var files: [ConfigurationFile] = []
        var faults: [ConfigurationFault] = []
        for path in paths {
            do throws(ConfigurationRefusal) {
                switch try source.read(path) {
                case .bytes(let bytes): files.append(ConfigurationFile(path: path, bytes: bytes))
                case .masked: break
                case .absent:
                    throw ConfigurationRefusal("\(path) is listed in its directory, and cannot be found")
                }
            } catch {
                faults.append(ConfigurationFault(error))
            }
        }
        if !faults.isEmpty { throw ConfigurationFaults(faults) }
        return files
    }

    private static func isDropIn(_ name: String) -> Bool { name.hasSuffix(".conf") && !name.hasPrefix(".") }

    /// As bytes: the order must not depend on a language.
    private static func precedes(_ one: String, _ other: String) -> Bool {
        one.utf8.lexicographicallyPrecedes(other.utf8)
    }
}
