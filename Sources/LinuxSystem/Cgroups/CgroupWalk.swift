// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Goes through the groups below one, without recursion: whoever is delegated a cgroup can nest as deep as he likes.
/// One descriptor is open per level.
struct CgroupWalk: ~Copyable {
    enum Step {
        /// The group's directory, valid until the next step.
        case enter(CInt)
        /// All groups below this one have been left. The parent's directory is valid until the next step.
        case leave(parent: CInt, name: ContiguousArray<CChar>)
    }

    private struct Level {
        let directory: CInt
        let name: ContiguousArray<CChar>
        var subgroups: [ContiguousArray<CChar>]
    }

    private let root: CInt
    private let listing: DirectoryReader
    private var top: [ContiguousArray<CChar>]?
    private var levels: [Level] = []

    init(from root: CInt, _ listing: DirectoryReader) {
        self.root = root
        self.listing = listing
    }

    deinit {
        for level in levels { _ = clinux_close(level.directory) }
    }

    /// The file system counts a group's sub-groups as links of its directory.
    static func hasSubgroups(_ directory: CInt) -> Bool {
        var facts = clinux_file_facts()
        return clinux_file_facts(directory, "", &facts) == 0 && facts.links > 2
    }

    /// nil at the end. Groups that vanish meanwhile are passed over.
    mutating func next() throws(SystemError) -> Step? {
        if top == nil { top = try subgroups(of: root) }
        while let name = takeName() {
            let parent = levels.last?.directory ?? root
            let result = name.withUnsafeBufferPointer {
                clinux_openat(parent, $0.baseAddress, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            }
            if result == -ENOENT || result == -ENODEV { continue }
            let directory = try check(result, "open", "sub-group \(levels.count + 1) levels below a cgroup")
            levels.append(Level(directory: directory, name: name, subgroups: []))
            levels[levels.count - 1].subgroups = try subgroups(of: directory)
            return .enter(directory)
        }
        guard let level = levels.popLast() else { return nil }
        _ = clinux_close(level.directory)
        return .leave(parent: levels.last?.directory ?? root, name: level.name)
    }

    private mutating func takeName() -> ContiguousArray<CChar>? {
        if levels.isEmpty { return top?.popLast() }
        return levels[levels.count - 1].subgroups.popLast()
    }

    private func subgroups(of directory: CInt) throws(SystemError) -> [ContiguousArray<CChar>] {
        guard Self.hasSubgroups(directory) else { return [] }
        var names: [ContiguousArray<CChar>] = []
        try listing.forEachEntry(of: directory, place: "cgroup") { entry in
            guard entry.isDirectory, !entry.isDotOrDotDot else { return }
            names.append(ContiguousArray(UnsafeBufferPointer(start: entry.name, count: entry.length + 1)))
        }
        return names
    }
}
