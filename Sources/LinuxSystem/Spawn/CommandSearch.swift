// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Finds what a command's name stands for, as execvp does, and says better than it why there is nothing.
public enum CommandSearch {
    /// What execvp searches when there is no PATH.
    static let defaultPath = Array("/bin:/usr/bin".utf8)

    /// - Parameters:
    ///   - name: searched for in `path` only if it has no slash.
    ///   - path: directories between colons, an empty one is the working directory; nil where PATH is not set.
    /// - Returns: at least one path of a file that seems executable, in the order to be tried.
    /// - Throws: `execute` with ENOENT (nothing is there), EISDIR, or EACCES (may not be executed).
    public static func candidates(for name: [UInt8], path: [UInt8]?) throws(SpawnError) -> [[UInt8]] {
        guard !name.isEmpty else { throw failure(name, .noSuchFileOrDirectory) }
        if name.contains(UInt8(ascii: "/")) {
            if let obstacle = obstacle(to: name) { throw failure(name, obstacle.errno) }
            return [name]
        }
        var found: [[UInt8]] = []
        var refused: [UInt8]?
        for candidate in paths(for: name, path: path) {
            switch obstacle(to: candidate) {
            case nil: found.append(candidate)
            case .refused where refused == nil: refused = candidate
            // As shells do: neither a directory nor a place that the caller cannot look into is what was meant.
            default: break
            }
        }
        if found.isEmpty { throw failure(refused ?? name, refused == nil ? .noSuchFileOrDirectory : .permissionDenied) }
        return found
    }

    /// All paths that the name can stand for, whether there is something or not: for a child that sees and may do
    /// other things than the caller.
    static func paths(for name: [UInt8], path: [UInt8]?) -> [[UInt8]] {
        if name.isEmpty || name.contains(UInt8(ascii: "/")) { return [name] }
        let directories = (path ?? defaultPath).split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return directories.map { $0.isEmpty ? name : $0 + [UInt8(ascii: "/")] + name }
    }

    /// Why a file could not be executed.
    enum Obstacle: Equatable {
        /// There is nothing, or nothing that the caller can see.
        case unseen(Errno)
        case directory
        case refused(Errno)

        var errno: Errno {
            switch self {
            case .unseen(let errno), .refused(let errno): errno
            case .directory: .isDirectory
            }
        }
    }

    /// What stands against executing the file, by the look of it.
    static func obstacle(to path: [UInt8]) -> Obstacle? {
        let text = path + [0]
        return text.withUnsafeBytes { bytes -> Obstacle? in
            guard let path = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
            var facts = clinux_file_facts()
            let looked = clinux_file_facts(AT_FDCWD, path, &facts)
            if looked < 0 { return .unseen(Errno(rawValue: -looked)) }
            if facts.type == .directory { return .directory }
            // With the effective identity, as execve will.
            let allowed = clinux_result(Int(faccessat(AT_FDCWD, path, X_OK, AT_EACCESS)))
            return allowed < 0 ? .refused(Errno(rawValue: CInt(-allowed))) : nil
        }
    }

    static func failure(_ path: [UInt8], _ errno: Errno) -> SpawnError {
        let subject = path.isEmpty ? "\"\"" : String(decoding: path, as: UTF8.self)
        var error = SpawnError(stage: .execute, error: SystemError("execute", subject, errno))
        error.isCommandMissing = errno == .noSuchFileOrDirectory || errno == .notDirectory
        return error
    }
}
