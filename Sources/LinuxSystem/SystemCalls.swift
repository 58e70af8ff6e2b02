// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Calls of Glibc in the shape of those of CLinux: the negated errno where they fail.

let cgroup2Magic: Int64 = 0x6367_7270
let pidfsMagic: Int64 = 0x5049_4446
/// PIDFD_SIGNAL_PROCESS_GROUP, Linux 6.9.
let signalProcessGroup: UInt32 = 1 << 2

func makeDirectory(_ directory: CInt, _ name: String, _ mode: mode_t) -> Int {
    clinux_result(Int(mkdirat(directory, name, mode)))
}

func removeDirectory(_ directory: CInt, _ name: UnsafePointer<CChar>?) -> Int {
    guard let name else { return -Int(ENOENT) }
    return clinux_result(Int(unlinkat(directory, name, AT_REMOVEDIR)))
}

/// More than 0 when one of `events`, an error or a hang-up is there, 0 after the time-out.
func pollOne(_ descriptor: CInt, _ events: CInt, milliseconds: CInt) -> Int {
    var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    return clinux_result(Int(poll(&entry, 1, milliseconds)))
}

/// A new pidfd of the other end of a UNIX socket: SO_PEERPIDFD, Linux 6.5.
func peerHandle(_ socket: CInt) -> Int {
    var handle: CInt = -1
    var size = socklen_t(MemoryLayout.size(ofValue: handle))
    let result = clinux_result(Int(getsockopt(socket, SOL_SOCKET, 77, &handle, &size)))
    return result < 0 ? result : Int(handle)
}

/// PIDFD_GET_INFO, Linux 6.13: 0 when the kernel answers for this pidfd.
func requestInformation(_ handle: CInt) -> Int {
    // struct pidfd_info as first published, 64 bytes, with PIDFD_INFO_PID asked for: _IOWR(0xFF, 11, 64 bytes).
    var information: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (1, 0, 0, 0, 0, 0, 0, 0)
    return clinux_result(Int(ioctl(handle, 0xC040_FF0B, &information)))
}
