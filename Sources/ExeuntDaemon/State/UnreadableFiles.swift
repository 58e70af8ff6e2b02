// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import FoundationEssentials
import LinuxSystem

/// Files that should say something to the daemon and do not: they are put aside, and said, so that nothing is lost and
/// nobody stumbles over them again.
final class UnreadableFiles {
    private let directory: StateDirectory

    /// Makes the directory, for root alone.
    init(_ path: String) throws(SystemError) { directory = try StateDirectory(path, mode: 0o700) }

    /// Puts a file aside. One of the same name that was there before is replaced.
    ///
    /// - Parameter error: what is wrong with it.
    /// - Returns: what to say.
    func take(_ name: String, of place: StateDirectory, _ kind: String, _ error: any Error) -> any Error {
        let new = "\(kind)-\(name)"
        do throws(SystemError) {
            try place.move(name, to: directory, as: new)
            return SetAside(error, "the file is put aside as \(directory.path)/\(Escaping.shown(new.utf8))")
        } catch let failure {
            return SetAside(error, "the file is left where it is: \(failure)")
        }
    }
}

/// What is wrong with a file, and what became of it.
private struct SetAside: Error, CustomStringConvertible {
    let description: String

    init(_ error: any Error, _ fate: String) { description = "\(error); \(fate)" }
}

extension Decodable {
    /// The value that a file of JSON has.
    ///
    /// - Throws: `DocumentFault`, which names the file.
    static func decoded(from bytes: [UInt8], of place: String) throws(DocumentFault) -> Self {
        do {
            return try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw DocumentFault(place, error)
        } catch {
            throw DocumentFault(place, "\(error)")
        }
    }
}
