// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig

func file(_ text: String, _ path: String = "f") -> ConfigurationFile {
    ConfigurationFile(path: path, bytes: Array(text.utf8))
}

func read(_ texts: String...) throws(ConfigurationFaults) -> EffectiveConfiguration {
    try ConfigurationReader.read(texts.enumerated().map { file($1, $0 == 0 ? "f" : "f\($0)") })
}

/// One line for each fault of a configuration; none if it is right.
func faults(of files: ConfigurationFile...) -> [String] {
    do throws(ConfigurationFaults) {
        _ = try ConfigurationReader.read(files)
        return []
    } catch {
        return error.all.map(\.description)
    }
}

extension EffectiveConfiguration {
    func setting(_ section: String, _ key: String) -> EffectiveSetting? {
        sections.first { $0.name == section }?.settings.first { $0.key == key }
    }

    func origins(_ section: String, _ key: String) -> [String]? {
        setting(section, key)?.origins.map(\.description)
    }
}

/// Directories and files that are only values.
struct ListedFiles: ConfigurationSource {
    var contents: [String: ConfigurationContent] = [:]
    var refused: Set<String> = []
    let asked = Asked()

    final class Asked {
        var paths: [String] = []
    }

    func names(in directory: String) throws(ConfigurationRefusal) -> [String]? {
        asked.paths.append(directory)
        if refused.contains(directory) { throw ConfigurationRefusal("\(directory) must not be believed") }
        let below = contents.keys.filter { $0.hasPrefix(directory + "/") }
        let names = Set(below.map { String($0.dropFirst(directory.count + 1).prefix { $0 != "/" }) })
        return names.isEmpty ? nil : names.sorted(by: >)
    }

    func read(_ path: String) throws(ConfigurationRefusal) -> ConfigurationContent {
        asked.paths.append(path)
        if refused.contains(path) { throw ConfigurationRefusal("\(path) must not be believed") }
        return contents[path] ?? .absent
    }
}
