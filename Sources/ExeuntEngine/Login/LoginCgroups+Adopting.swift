// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// What systemd-logind and elogind have given to log-ins.
extension LoginCgroups {
    /// Where either of them keeps its list.
    private static let list = "/run/systemd/sessions"

    /// The cgroup that somebody who manages cgroups has given to a log-in: systemd's `session-N.scope`, elogind's `/N`.
    public func adopted(shown path: String) -> LoginCgroup? {
        let components = components(of: path)
        // Only where systemd itself puts it: below her own manager a user gives what names she likes.
        let isScope =
            components.count >= 3 && components[0] == "user.slice" && components[1].hasPrefix("user-")
            && components[2].hasPrefix("session-") && components[2].hasSuffix(".scope")
        guard let root, isScope || isElogind(components) else { return nil }
        let tail = "/" + components.prefix(isScope ? 3 : 1).joined(separator: "/")
        return LoginCgroup(path: root + tail, shown: shownRoot + tail, isOwn: false)
    }

    /// elogind calls a session by its audit session, or `c` and a number, and its cgroup likewise, right below the root.
    private func isElogind(_ components: [Substring]) -> Bool {
        guard !isManaged, let name = components.first else { return false }
        let digits = name.hasPrefix("c") ? name.dropFirst() : name
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return false }
        // try?: there is nobody who keeps such a list.
        return (try? FileFacts.of(Self.list).isDirectory) ?? false
    }

    /// That of this leader's log-in, with its path as it is shown; nil where it has only come into somebody else's, as by a
    /// service that was started by hand in a session: neither logind nor elogind makes a session inside of another one.
    public func given(to leader: Int32, shown path: String) -> LoginCgroup? {
        guard let cgroup = adopted(shown: path) else { return nil }
        let known = self.leader(ofAdopted: cgroup)
        // systemd makes scopes for nothing else. That a cgroup right below the root is elogind's, only elogind can say.
        return known == leader || known == nil && isManaged ? cgroup : nil
    }

    /// Who has opened the session with this cgroup, as logind or elogind has it; nil where it has forgotten the session.
    public func leader(ofAdopted cgroup: LoginCgroup) -> Int32? {
        guard let session = session(ofAdopted: cgroup),
            // try?: it is forgotten.
            let bytes = try? readFile("\(Self.list)/\(session)")
        else { return nil }
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: Array("LEADER=".utf8)) {
            return Int32(String(decoding: line.dropFirst("LEADER=".utf8.count), as: UTF8.self))
        }
        return nil
    }

    /// Whose slice an adopted scope lies in; nil for one that lies in nobody's.
    public func owner(ofAdopted scope: LoginCgroup) -> UInt32? {
        let components = components(of: scope.shown)
        guard components.count >= 2, components[1].hasPrefix("user-"), components[1].hasSuffix(".slice") else {
            return nil
        }
        return UInt32(components[1].dropFirst("user-".count).dropLast(".slice".count))
    }

    /// What the session with this cgroup is called; nil for a name that is not given.
    private func session(ofAdopted cgroup: LoginCgroup) -> String? {
        guard let name = components(of: cgroup.shown).last else { return nil }
        let isScope = name.hasPrefix("session-") && name.hasSuffix(".scope")
        let session = isScope ? name.dropFirst("session-".count).dropLast(".scope".count) : name
        // Beside the files there are pipes, NAME.ref, which to open would wait.
        return session.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } ? String(session) : nil
    }
}
