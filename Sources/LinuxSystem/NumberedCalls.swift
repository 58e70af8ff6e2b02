// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Calls by number, which Glibc's module lacks: the negated errno where they fail. Every descriptor made here is
/// close-on-exec.

func makePipe(_ ends: UnsafeMutablePointer<CInt>) -> Int {
    clinux_call(Int(SYS_pipe2), Int(bitPattern: ends), Int(O_CLOEXEC), 0, 0, 0)
}

func makeEpoll() -> Int { clinux_call(Int(SYS_epoll_create1), Int(O_CLOEXEC), 0, 0, 0, 0) }

/// EPOLL_CTL_DEL
func removeFromEpoll(_ epoll: CInt, _ descriptor: CInt) -> Int {
    clinux_call(Int(SYS_epoll_ctl), Int(epoll), 2, Int(descriptor), 0, 0)
}

/// EPOLL_CTL_MOD
func changeInEpoll(_ epoll: CInt, _ descriptor: CInt, _ events: UInt32, _ id: UInt64) -> Int {
    // struct epoll_event: the events, and the id behind them, without a gap on x86_64 only.
    #if arch(x86_64)
        let place = 4
    #else
        let place = 8
    #endif
    return withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { event in
        event.storeBytes(of: events, as: UInt32.self)
        event.storeBytes(of: id, toByteOffset: place, as: UInt64.self)
        return clinux_call(
            Int(SYS_epoll_ctl), Int(epoll), 3, Int(descriptor), Int(bitPattern: event.baseAddress), 0)
    }
}

/// On CLOCK_MONOTONIC, non-blocking.
func makeTimer() -> Int {
    clinux_call(Int(SYS_timerfd_create), Int(CLOCK_MONOTONIC), Int(O_CLOEXEC | O_NONBLOCK), 0, 0, 0)
}

/// `nanoseconds` on CLOCK_MONOTONIC; 0 disarms.
func setTimer(_ timer: CInt, _ nanoseconds: UInt64) -> Int {
    var when = itimerspec()
    when.it_value = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    // TFD_TIMER_ABSTIME
    return withUnsafePointer(to: &when) {
        clinux_call(Int(SYS_timerfd_settime), Int(timer), 1, Int(bitPattern: $0), 0, 0)
    }
}

/// Non-blocking; the set in the kernel's form, of eight bytes.
func makeSignalDescriptor(_ mask: UInt64) -> Int {
    withUnsafePointer(to: mask) {
        clinux_call(Int(SYS_signalfd4), -1, Int(bitPattern: $0), 8, Int(O_CLOEXEC | O_NONBLOCK), 0)
    }
}

func listDirectory(_ directory: CInt, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    clinux_call(Int(SYS_getdents64), Int(directory), Int(bitPattern: buffer.baseAddress), buffer.count, 0, 0)
}

/// The magic number of the file system that an open file is of.
func fileSystem(of descriptor: CInt) -> Int64 {
    // struct statfs has 120 bytes and begins with it.
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: 32) { room in
        let result = clinux_call(Int(SYS_fstatfs), Int(descriptor), Int(bitPattern: room.baseAddress), 0, 0, 0)
        return result < 0 ? Int64(result) : room[0] & 0xFFFF_FFFF
    }
}

/// openat2(2), Linux 5.6, with RESOLVE_NO_SYMLINKS. ENOSYS where a container's filter does not know it.
func openWithoutLinks(_ path: String, _ flags: CInt, _ mode: UInt64) -> CInt {
    // struct open_how: flags, mode (only for a file that is made), resolve.
    let how: [UInt64] = [UInt64(flags), flags & O_CREAT == 0 ? 0 : mode, 0x04]
    return CInt(
        path.withCString { path in
            how.withUnsafeBytes { how in
                clinux_call(
                    437, Int(AT_FDCWD), Int(bitPattern: path), Int(bitPattern: how.baseAddress), how.count, 0)
            }
        })
}

/// memfd_create(2) with MFD_CLOEXEC and MFD_ALLOW_SEALING.
func makeMemoryFile(_ name: String) -> Int {
    name.withCString { clinux_call(Int(SYS_memfd_create), Int(bitPattern: $0), 3, 0, 0, 0) }
}

/// Nobody writes to it any more, nor changes its length, nor takes that back: F_ADD_SEALS with SEAL, SHRINK, GROW and
/// WRITE of fcntl(2).
func sealMemoryFile(_ file: CInt) -> CInt { clinux_fcntl(file, 1033, 0xF) }

func closeRange(_ first: UInt32, _ last: UInt32) -> Int {
    clinux_call(Int(SYS_close_range), Int(first), Int(last), 0, 0, 0)
}

func openProcess(_ pid: Int32) -> Int { clinux_call(Int(SYS_pidfd_open), Int(pid), 0, 0, 0, 0) }

func sendSignal(_ handle: CInt, _ signal: CInt, _ flags: UInt32) -> Int {
    clinux_call(Int(SYS_pidfd_send_signal), Int(handle), Int(signal), 0, Int(flags), 0)
}

/// prctl(2)
func controlProcess(_ option: CInt, _ value: UInt, _ more: UInt = 0) -> Int {
    clinux_call(Int(SYS_prctl), Int(option), Int(bitPattern: value), Int(bitPattern: more), 0, 0)
}

/// What waitid(2) tells of a child.
struct ChildNews {
    var pid: Int32 = 0
    var code: CInt = 0
    var status: Int32 = 0
}

/// Does not wait. `pid` 0 means any child.
/// - Returns: 1 and a child, 0 when no child has such news, -ECHILD when there is no such child.
func takeNews(of pid: Int32, _ options: CInt, _ news: inout ChildNews) -> Int {
    var found = siginfo_t()
    // __WALL: a child made by clone(2) with an exit signal of its own is a child too.
    let result = clinux_result(
        Int(waitid(pid == 0 ? P_ALL : P_PID, id_t(pid), &found, options | WNOHANG | 0x4000_0000)))
    if result < 0 { return result }
    let child = found._sifields._sigchld
    news = ChildNews(pid: child.si_pid, code: found.si_code, status: child.si_status)
    return child.si_pid == 0 ? 0 : 1
}

/// Room for the first `size` bytes of a file, whose size stays as it is: FALLOC_FL_KEEP_SIZE.
func allocate(in file: CInt, keepingSize size: Int) -> Int {
    clinux_call(Int(SYS_fallocate), Int(file), 1, 0, size, 0)
}
