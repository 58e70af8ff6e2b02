// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import LinuxSystem

/// What a JSON user record says, where there is one in a file: `NAME.user` in the directories of nss-systemd(8).
enum UserRecord {
    private static let directories = ["/etc/userdb", "/run/userdb", "/run/host/userdb", "/usr/lib/userdb"]
    private static let largest = 1 << 20

    private struct Contents: Decodable {
        let killProcesses: Bool?
    }

    /// Whether what this user leaves behind is ended; nil where no record says so. A record that somebody else than root
    /// could have written says nothing.
    static func killProcesses(of user: String) -> Bool? {
        guard !user.isEmpty, !user.contains("/"), !user.hasPrefix(".") else { return nil }
        for directory in directories {
            let path = "\(directory)/\(user).user"
            // Absent in nearly every case, which a single call finds out; how to get there is judged only if it is not.
            if (try? FileFacts.of(path)) == nil { continue }
            do {
                let file = try TrustedFile.open(Array(path.utf8), as: .document, .rootOnly)
                let bytes = try file.contents(limit: largest)
                return try JSONDecoder().decode(Contents.self, from: Data(bytes)).killProcesses
            } catch {
                continue
            }
        }
        return nil
    }
}
