// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Where the kernel has file handles for processes (pidfs, Linux 6.14), one names the very same process for as long as the
/// machine is up: name_to_handle_at(2).
extension ProcessHandle {
    private static let room = 128

    /// nil where the kernel has none.
    public borrowing func fileHandle() -> [UInt8]? {
        // struct file_handle: room (4 bytes), type (4), the handle itself. The empty path means the descriptor.
        var handle = [UInt32](repeating: 0, count: 2 + Self.room / 4)
        handle[0] = UInt32(Self.room)
        var mount: CInt = 0
        let number = descriptor
        let result = handle.withUnsafeMutableBytes { handle in
            "".withCString { path in
                withUnsafeMutablePointer(to: &mount) { mount in
                    clinux_call(
                        Int(SYS_name_to_handle_at), Int(number), Int(bitPattern: path),
                        Int(bitPattern: handle.baseAddress), Int(bitPattern: mount), 0x1000)
                }
            }
        }
        // Before pidfs all handles of processes were one file, which has no handle.
        guard result == 0, handle[0] <= Self.room, fileSystem(of: number) == pidfsMagic else { return nil }
        return handle.withUnsafeBytes { Array($0.prefix(8 + Int(handle[0]))) }
    }

    /// Opens the process that a handle was made of.
    /// - Returns: nil when it is gone, or the kernel has no such handles.
    public static func reopen(_ fileHandle: [UInt8], pid: Int32) -> ProcessHandle? {
        guard fileHandle.count >= 8, fileHandle.count <= 8 + room else { return nil }
        var bytes = fileHandle
        // Any file of that file system shows where it is.
        let own = openProcess(CurrentProcess.pid)
        guard own >= 0 else { return nil }
        let anchor = Descriptor(adopting: CInt(own))
        let number = anchor.number
        let result = bytes.withUnsafeMutableBytes { handle in
            clinux_call(
                Int(SYS_open_by_handle_at), Int(number), Int(bitPattern: handle.baseAddress), Int(O_CLOEXEC), 0, 0)
        }
        return result < 0 ? nil : ProcessHandle(adopting: Descriptor(adopting: CInt(result)), pid: pid)
    }
}
