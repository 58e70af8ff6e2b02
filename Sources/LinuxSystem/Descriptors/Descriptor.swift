// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A file descriptor with one owner: closed when its owner goes, close-on-exec always.
public struct Descriptor: ~Copyable, Sendable {
    /// Good only as long as this value lives.
    public let number: CInt

    /// Takes over a descriptor that nobody else closes.
    public init(adopting number: CInt) { self.number = number }

    deinit { _ = clinux_close(number) }

    /// Gives the descriptor up: the caller closes it.
    public consuming func release() -> CInt {
        let number = number
        discard self
        return number
    }

    /// A second descriptor of the same open file. Fails with EMFILE.
    public borrowing func duplicate() throws(SystemError) -> Descriptor {
        Descriptor(adopting: try check(clinux_fcntl(number, F_DUPFD_CLOEXEC, 3), "duplicate", "descriptor \(number)"))
    }

    /// From here on, and for everybody who shares the open file, calls fail with EAGAIN instead of waiting.
    public borrowing func setNonblocking() throws(SystemError) {
        let flags = try check(clinux_fcntl(number, F_GETFL, 0), "get flags of", "descriptor \(number)")
        _ = try check(clinux_fcntl(number, F_SETFL, flags | O_NONBLOCK), "set flags of", "descriptor \(number)")
    }

    /// One read of at most the buffer's size.
    /// - Returns: the number of bytes, 0 at the end of file, nil when a non-blocking descriptor has none now.
    public borrowing func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int? {
        while true {
            let count = clinux_read(number, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if count == -Int(EAGAIN) { return nil }
            if count != -Int(EINTR) { _ = try check(count, "read", "descriptor \(number)") }
        }
    }

    /// One read of at most so many bytes.
    /// - Returns: none at the end of file, nil when a non-blocking descriptor has none now.
    public borrowing func readSome(atMost limit: Int) throws(SystemError) -> [UInt8]? {
        var failure: SystemError?
        var isThere = true
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            do throws(SystemError) {
                let found = try read(into: UnsafeMutableRawBufferPointer(buffer))
                isThere = found != nil
                count = found ?? 0
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return isThere ? bytes : nil
    }

    /// Everything up to the end of file. Only for a descriptor that blocks.
    public borrowing func readToEnd() throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let chunk = try readSome(atMost: 16384), !chunk.isEmpty { bytes += chunk }
        return bytes
    }

    /// Writes all of it. Only for a descriptor that blocks; SIGPIPE is the caller's to block or ignore.
    public borrowing func write(_ bytes: some Collection<UInt8>) throws(SystemError) {
        try writeAll(Array(bytes), to: number, subject: "descriptor \(number)")
    }
}

/// Fails with EBADF where this descriptor is closed or only for reading.
public func requireWritable(_ descriptor: CInt, subject: String) throws(SystemError) {
    let flags = try check(clinux_fcntl(descriptor, F_GETFL, 0), "write", subject)
    if flags & O_ACCMODE == O_RDONLY { throw SystemError("write", subject, .badFileDescriptor) }
}

/// `subject` is what an error says the bytes went to.
public func writeAll(
    _ bytes: [UInt8], to descriptor: CInt, subject: @autoclosure () -> String
) throws(SystemError) {
    var written = 0
    while written < bytes.count {
        let count = bytes.withUnsafeBytes { buffer in
            clinux_write(descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written)
        }
        if count == -Int(EINTR) { continue }
        written += try check(count, "write", subject())
    }
}
