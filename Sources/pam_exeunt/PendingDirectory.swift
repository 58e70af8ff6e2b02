// SPDX-License-Identifier: Apache-2.0
import CPAM

/// `/run/exeunt/pending`, where exeuntd finds what it has missed. Each directory on the way is opened below the one before
/// and judged by its descriptor: nobody but root can have had a hand in it.
struct PendingDirectory: ~Copyable {
    private let directory: Descriptor

    /// Opens it, and makes what is missing; with `making` false, throws ENOENT instead.
    init(making: Bool) throws(Trouble) {
        let run = try Self.open("/run", in: AT_FDCWD, making: nil)
        // The socket is in there, for everybody.
        let exeunt = try Self.open("exeunt", in: run.number, making: making ? 0o755 : nil)
        directory = try Self.open("pending", in: exeunt.number, making: making ? 0o700 : nil)
    }

    private static func open(_ name: StaticString, in parent: Int32, making mode: mode_t?) throws(Trouble) -> Descriptor
    {
        let made: Bool
        if let mode, mkdirat(parent, name.cString, mode & 0o700) == 0 {
            made = true
        } else if mode != nil, exeunt_errno() != EEXIST {
            throw .now("make /run/exeunt/pending")
        } else {
            made = false
        }
        let directory = try Descriptor(
            exeunt_openat(parent, name.cString, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open /run/exeunt/pending")
        var owner: uid_t = 0
        var permissions: mode_t = 0
        guard exeunt_owner_and_mode(directory.number, &owner, &permissions) == 0 else {
            throw .now("look at /run/exeunt/pending")
        }
        guard owner == 0, permissions & 0o022 == 0 else {
            throw Trouble("others than root could write to /run/exeunt/pending")
        }
        // The caller's umask is not ours to set, and may have taken away what others need.
        if made, let mode, fchmod(directory.number, mode) != 0 { throw .now("make /run/exeunt/pending") }
        return directory
    }

    /// Leaves a note that a session was opened. `parameters` are those of the call that nobody has answered.
    func noteOpening(of id: SessionID, parameters: borrowing ByteBuffer) throws(Trouble) {
        // Beside the parameters and the numbers there is the path of a cgroup, each byte of which may have to be escaped.
        var note = ByteBuffer(capacity: parameters.count &+ 4096)
        try CallingProcess.begin(&note)
        CallingProcess.appendCgroup(to: &note)
        note.appendKey("parameters")
        note.append(parameters)
        note.endObject()
        try write(note, as: Self.name(of: id, suffix: ""), by: Self.name(of: id, prefix: ".", suffix: ".new"))
    }

    /// Leaves a note that a session was closed that exeuntd knows of.
    func noteClosing(of id: SessionID) throws(Trouble) {
        var note = ByteBuffer(capacity: 512)
        try CallingProcess.begin(&note)
        note.endObject()
        try write(
            note, as: Self.name(of: id, suffix: ".closed"), by: Self.name(of: id, prefix: ".", suffix: ".closed.new"))
    }

    /// Whether exeuntd has run since the machine was started: what it locks stays there.
    var hasSeenDaemon: Bool {
        get throws(Trouble) {
            if faccessat(directory.number, "../lock", F_OK, AT_SYMLINK_NOFOLLOW) == 0 { return true }
            guard exeunt_errno() == ENOENT else { throw .now("look for /run/exeunt/lock") }
            return false
        }
    }

    /// False if there was no note of the opening.
    func removeOpening(of id: SessionID) throws(Trouble) -> Bool {
        var name = Self.name(of: id, suffix: "")
        let result = name.withCString { unlinkat(directory.number, $0, 0) }
        if result == 0 { return true }
        guard exeunt_errno() == ENOENT else { throw .now("remove the note") }
        return false
    }

    private static func name(of id: SessionID, prefix: StaticString = "", suffix: StaticString) -> ByteBuffer {
        var name = ByteBuffer(capacity: 64)
        name.append(prefix)
        name.append(id)
        name.append(suffix)
        return name
    }

    /// Whoever looks into the directory sees the whole of a note or none.
    private func write(
        _ note: borrowing ByteBuffer, as name: consuming ByteBuffer, by draft: consuming ByteBuffer
    ) throws(Trouble) {
        guard note.isWhole, name.isWhole, draft.isWhole else { throw Trouble("write the note", ENOMEM) }
        guard exeunt_file_size_limit() >= note.count else { throw Trouble("write the note", EFBIG) }
        do throws(Trouble) {
            try writeDraft(note, &draft)
            let renamed = draft.withCString { from in
                name.withCString { renameat(directory.number, from, directory.number, $0) }
            }
            guard renamed == 0 else { throw .now("rename the note") }
        } catch {
            _ = draft.withCString { unlinkat(directory.number, $0, 0) }
            throw error
        }
    }

    private func writeDraft(_ note: borrowing ByteBuffer, _ draft: inout ByteBuffer) throws(Trouble) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
        let file = try Descriptor(
            draft.withCString { exeunt_openat(directory.number, $0, flags, 0o600) } ?? -1, "make the note")
        // What the caller's umask has taken, too: exeuntd may be a root without the right to pass over permissions.
        guard fchmod(file.number, 0o600) == 0 else { throw .now("make the note") }
        var written = 0
        while written < note.count {
            let length = note.withBytes { bytes in
                uninterrupted {
                    CPAM.write(file.number, bytes.baseAddress.map { $0 + written }, bytes.count &- written)
                }
            }
            guard length > 0 else { throw .now("write the note") }
            written &+= length
        }
    }
}
