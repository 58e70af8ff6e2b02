// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

extension CurrentProcess {
    /// Becomes this program: same process, same descriptors but those that are close-on-exec, same signals. Comes back
    /// only with why it could not, by the rules of execvp(3).
    ///
    /// - Parameters:
    ///   - arguments: the name of the command first, as it was given.
    ///   - candidates: paths that it stands for, in the order to be tried; see `CommandSearch.candidates`.
    ///   - environment: `NAME=VALUE` each.
    public static func execute(
        _ arguments: [[UInt8]], candidates: [[UInt8]], environment: [[UInt8]]
    ) -> SpawnError {
        var refused: SpawnError?
        for candidate in candidates {
            let error = execute(candidate, arguments, environment)
            let failure = CommandSearch.failure(candidate, Errno(rawValue: error))
            switch error {
            // It has gone since it was looked at, or lies where nobody can look now.
            case ENOENT, ENOTDIR, ESTALE, ENODEV, ETIMEDOUT: refused = refused ?? failure
            case EACCES: if refused?.error.errno != .permissionDenied { refused = failure }
            default: return failure
            }
        }
        return refused ?? CommandSearch.failure(arguments.first ?? [], .noSuchFileOrDirectory)
    }

    /// - Returns: errno.
    private static func execute(_ path: [UInt8], _ arguments: [[UInt8]], _ environment: [[UInt8]]) -> CInt {
        let error = executeImage(path, arguments, environment)
        guard error == ENOEXEC else { return error }
        // A script without "#!" goes to the shell.
        let shell = Array("/bin/sh".utf8)
        return executeImage(shell, [shell, path] + arguments.dropFirst(), environment)
    }

    private static func executeImage(_ path: [UInt8], _ arguments: [[UInt8]], _ environment: [[UInt8]]) -> CInt {
        let file = CStrings([path])
        let words = CStrings(arguments)
        let variables = CStrings(environment)
        guard let name = file.pointers[0] else { return ENOENT }
        execve(name, words.pointers, variables.pointers)
        return errno
    }

    /// Where relative paths start from. Fails with ENOENT when that is no directory any more.
    public static func workingDirectory() throws(SystemError) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: 4096)
        while true {
            if getcwd(&buffer, buffer.count) != nil {
                return buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            }
            let error = errno
            guard error == ERANGE else { throw SystemError("find", "working directory", Errno(rawValue: error)) }
            buffer = [CChar](repeating: 0, count: buffer.count * 2)
        }
    }
}
