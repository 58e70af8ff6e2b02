// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Reads one entry of a database by a call of glibc's `get…_r` kind.
enum DatabaseEntry {
    /// The entry, room for its strings and how much, and where the call says that it has found something.
    typealias Call<Entry> = (
        UnsafeMutablePointer<Entry>, UnsafeMutablePointer<CChar>, Int,
        UnsafeMutablePointer<UnsafeMutablePointer<Entry>?>
    ) -> CInt

    /// More than 65,536 groups' or members' names take.
    private static let mostRoom = 1 << 28

    /// nil when there is no such entry. `read` takes what is wanted from it while its strings are there.
    static func find<Entry, Value>(
        _ subject: @autoclosure () -> String, _ empty: Entry, _ call: Call<Entry>, read: (Entry) -> Value
    ) throws(SystemError) -> Value? {
        var size = 4096
        while true {
            var entry = empty
            var found: UnsafeMutablePointer<Entry>?
            let room = UnsafeMutablePointer<CChar>.allocate(capacity: size)
            defer { room.deallocate() }
            switch call(&entry, room, size, &found) {
            case 0: return found.map { read($0.pointee) }
            // What some of the databases answer instead of 0.
            case ENOENT, ESRCH: return nil
            case ERANGE where size < mostRoom: size *= 4
            case EINTR: continue
            case let error: throw SystemError("look up", subject(), Errno(rawValue: error))
            }
        }
    }

    static func bytes(_ string: UnsafeMutablePointer<CChar>?) -> [UInt8] {
        string.map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? []
    }
}
