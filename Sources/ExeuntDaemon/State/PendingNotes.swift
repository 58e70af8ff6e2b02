// SPDX-License-Identifier: Apache-2.0
import ExeuntEngine
import LinuxSystem

/// What PAM modules have noted while there was no daemon to tell it to.
struct PendingNotes {
    /// In the order in which their leaders were started: whoever has opened a session inside another one comes after it.
    let openings: [PendingNote]
    /// The ids of sessions that were closed.
    let closed: [String]
    private let directory: StateDirectory
    private let names: [String]
    private let unreadable: UnreadableFiles
    private var postponed: Set<String> = []

    private static let suffix = ".closed"

    /// The file that says that a session was closed.
    static func closing(of id: String) -> String { id + suffix }

    /// - Parameters:
    ///   - unreadable: takes what is no note.
    ///   - failed: is told of each such file.
    init(
        _ directory: StateDirectory, _ unreadable: UnreadableFiles, failed: (any Error) -> Void
    ) throws(SystemError) {
        self.directory = directory
        self.unreadable = unreadable
        names = try directory.names(sparing: Self.isDraft).sorted()
        closed = names.filter { $0.hasSuffix(Self.suffix) }.map { String($0.dropLast(Self.suffix.count)) }
        var notes: [PendingNote] = []
        for name in names where !name.hasSuffix(Self.suffix) {
            do {
                notes.append(try PendingNote(name, in: directory))
            } catch {
                if Shortage.isBehind(error) {
                    failed(error)
                    postponed.insert(name)
                } else {
                    failed(unreadable.take(name, of: directory, "note", error))
                }
            }
        }
        openings = notes.sorted { ($0.leader.startTime, $0.leader.pid) < ($1.leader.startTime, $1.leader.pid) }
    }

    /// `.ID.new` and `.ID.closed.new`: a module is about to give it its name.
    private static func isDraft(_ name: String) -> Bool {
        let words = name.split(separator: ".", omittingEmptySubsequences: false)
        return words.count >= 3 && words.last == "new" && SessionID.isValid(String(words[1]))
    }

    /// Whether some of them are to be looked at again: the host was out of something.
    var isIncomplete: Bool { !postponed.isEmpty }

    /// Leaves a note, and what says that its session was closed, for later.
    mutating func postpone(_ id: String) { postponed.insert(id) }

    /// Takes all others away: what they say is in the ledger by now, or is worth nothing.
    func remove(failed: (any Error) -> Void) {
        for name in names where !postponed.contains(name.split(separator: ".").first.map(String.init) ?? name) {
            do throws(SystemError) {
                try directory.remove(name)
            } catch {
                failed(error)
            }
        }
    }
}
