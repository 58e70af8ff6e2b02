// SPDX-License-Identifier: Apache-2.0

/// A NULL-terminated array of C strings, as exec takes them, in memory that stays where it is.
struct CStrings: ~Copyable {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let bytes: UnsafeMutablePointer<CChar>

    init(_ strings: [[UInt8]]) {
        pointers = .allocate(capacity: strings.count + 1)
        bytes = .allocate(capacity: strings.reduce(1) { $0 + $1.count + 1 })
        var end = bytes
        for (index, string) in strings.enumerated() {
            pointers[index] = end
            for byte in string {
                end.pointee = CChar(bitPattern: byte)
                end += 1
            }
            end.pointee = 0
            end += 1
        }
        pointers[strings.count] = nil
    }

    deinit {
        pointers.deallocate()
        bytes.deallocate()
    }

    /// The array as one of constant strings.
    var constant: UnsafeMutablePointer<UnsafePointer<CChar>?> {
        UnsafeMutableRawPointer(pointers).assumingMemoryBound(to: UnsafePointer<CChar>?.self)
    }
}
