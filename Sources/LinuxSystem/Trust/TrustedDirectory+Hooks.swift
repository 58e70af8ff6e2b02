// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

extension TrustedDirectory {
    /// What a directory of hooks holds.
    public struct Hooks: Hashable, Sendable {
        /// Names of those that are to run, in the order of their bytes.
        public var names: [[UInt8]] = []
        /// What is left alone, likewise ordered.
        public var skipped: [Skipped] = []
    }

    /// An entry that is no hook.
    public struct Skipped: Hashable, Sendable {
        /// Why it is none.
        public enum Reason: Hashable, Sendable {
            /// Something other than letters, digits, `_` and `-` is in its name.
            case name
            case directory
            /// A regular file that nobody may execute: the usual way to switch a hook off.
            case notExecutable
        }

        /// One component.
        public let name: [UInt8]
        /// Why it is none.
        public let reason: Reason
    }

    /// The rule of run-parts(8) where no option changes it: what packagers and editors leave beside a file
    /// (`x.dpkg-old`, `x~`) is no hook.
    public static func isHookName(_ name: some Collection<UInt8>) -> Bool {
        !name.isEmpty
            && name.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// Lists the directory that is held. What is to run is judged when it is opened with `file(_:as:)`.
    public borrowing func hooks() throws(SystemError) -> Hooks {
        var hooks = Hooks()
        for name in try names().sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            if let reason = reasonToSkip(name) {
                hooks.skipped.append(Skipped(name: name, reason: reason))
            } else {
                hooks.names.append(name)
            }
        }
        return hooks
    }

    /// Lists the directory that is held, in no order, without `.` and `..`.
    public borrowing func names() throws(SystemError) -> [[UInt8]] {
        let place = String(decoding: path, as: UTF8.self)
        // "." below the descriptor is the directory that was judged; O_PATH itself lists nothing.
        let listed = Descriptor(
            adopting: try check(clinux_openat(descriptor, ".", O_RDONLY | O_DIRECTORY), "list", place))
        var names: [[UInt8]] = []
        try DirectoryReader(capacity: 8192).forEachEntry(of: listed.number, place: place) { entry in
            if entry.isDotOrDotDot { return }
            names.append(Array(UnsafeRawBufferPointer(start: entry.name, count: entry.length)))
        }
        return names
    }

    /// nil too for what cannot be looked at or is no file: it is refused when it is opened, and not in silence.
    private borrowing func reasonToSkip(_ name: [UInt8]) -> Skipped.Reason? {
        guard Self.isHookName(name) else { return .name }
        var facts = clinux_file_facts()
        let text = String(decoding: name, as: UTF8.self)
        guard clinux_file_facts(descriptor, text, &facts) == 0 else { return nil }
        if facts.type == .directory { return .directory }
        return facts.type == .regular && facts.mode & 0o111 == 0 ? .notExecutable : nil
    }
}
