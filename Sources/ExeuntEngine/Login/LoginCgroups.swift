// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Where the cgroups of log-ins' sessions and of leases are on this host.
///
/// Without somebody who manages cgroups they are leaves of Exeunt's own, `exeunt/ID` below the root of the hierarchy. Under
/// systemd and elogind a session has one already, which is adopted as it is: look-ups of sessions go by its path.
public struct LoginCgroups {
    /// The directory that the hierarchy, as far as it can be seen here, begins at; nil without cgroup version 2.
    public let root: String?
    /// What `/proc/PID/cgroup` shows before the path below `root`.
    let shownRoot: String
    /// Whether systemd is the one who makes cgroups.
    public let isManaged: Bool
    private let table: ProcessTable

    private static let directory = "exeunt"
    private static let leasePrefix = "lease-"
    private static let leaseScope = "exeunt-lease-"

    /// Looks at the host.
    public static func locate() throws(SystemError) -> LoginCgroups {
        let table = try ProcessTable()
        // try?: whatever is not there for this process manages nothing.
        let isManaged = (try? FileFacts.of("/run/systemd/system").isDirectory) ?? false
        guard let hierarchy = try CgroupHierarchy.locate(), !hierarchy.isReadOnly else {
            return LoginCgroups(root: nil, shownRoot: "", isManaged: isManaged, table: table)
        }
        let own = try table.cgroupPath(CurrentProcess.pid).map { String(decoding: $0, as: UTF8.self) } ?? "/"
        let below = hierarchy.ownPath.dropFirst(hierarchy.mountPoint.count)
        let shown = below.isEmpty || !own.hasSuffix(below) ? "" : String(own.dropLast(below.count))
        return LoginCgroups(root: hierarchy.mountPoint, shownRoot: shown, isManaged: isManaged, table: table)
    }

    private init(root: String?, shownRoot: String, isManaged: Bool, table: ProcessTable) {
        self.root = root
        self.shownRoot = shownRoot
        self.isManaged = isManaged
        self.table = table
    }

    /// The leaf of a session, whether it is there or not; nil where Exeunt makes none.
    public func leaf(of session: String) -> LoginCgroup? { isManaged ? nil : place(session) }

    /// That of a lease, likewise.
    public func leaf(ofLease lease: String) -> LoginCgroup? { isManaged ? nil : place(Self.leasePrefix + lease) }

    /// The scope that systemd has made for a lease.
    public func scope(ofLease lease: String) -> LoginCgroup? {
        foreign(shown: "\(shownRoot)/system.slice/\(Self.leaseScope)\(lease).scope")
    }

    /// The directory that systemd makes scopes of leases in; nil where it makes none.
    public var placeOfLeaseScopes: String? { isManaged ? root.map { "\($0)/system.slice" } : nil }

    /// All scopes there are that are called as a lease's is, by the id in their names.
    public func leaseScopes() throws(SystemError) -> [(id: String, scope: LoginCgroup)] {
        guard let directory = placeOfLeaseScopes else { return [] }
        return try listDirectories(directory).compactMap { name in
            guard name.hasPrefix(Self.leaseScope), name.hasSuffix(".scope") else { return nil }
            let id = String(name.dropFirst(Self.leaseScope.count).dropLast(".scope".count))
            return scope(ofLease: id).map { (id, $0) }
        }
    }

    private func place(_ name: String) -> LoginCgroup? {
        guard let root else { return nil }
        let tail = "/\(Self.directory)/\(name)"
        return LoginCgroup(path: root + tail, shown: shownRoot + tail, isOwn: true)
    }

    /// Makes a leaf, and the directory that holds all of them. One that is there already is what is wanted.
    public func make(_ leaf: LoginCgroup) throws(SystemError) {
        guard let root else { return }
        try Cgroup.ensure(leaf.path, below: "\(root)/\(Self.directory)")
    }

    /// Moves a process into a leaf; its handle is what makes sure that it is the one that is meant.
    public func move(_ process: borrowing ProcessHandle, into leaf: LoginCgroup) throws(SystemError) {
        try Cgroup.open(leaf.path).admit(process)
    }

    /// Back to where no session is.
    public func moveOut(_ process: borrowing ProcessHandle) throws(SystemError) {
        guard let root else { return }
        try Cgroup.open(root).admit(process)
    }

    /// Which of the leaves a process is in.
    public enum Place: Hashable, Sendable {
        /// A session's.
        case session(String)
        /// A lease's.
        case lease(String)
        /// None that is Exeunt's; the path that is shown.
        case other(String)
    }

    /// Where a process is.
    public func place(of pid: Int32) throws(SystemError) -> Place { place(shown: try shownPath(of: pid)) }

    /// The path of a process as `/proc/PID/cgroup` shows it; empty where it shows none.
    public func shownPath(of pid: Int32) throws(SystemError) -> String {
        try table.cgroupPath(pid).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// All leaves there are, by the id of their session or lease.
    public func leaves() throws(SystemError) -> [(id: String, leaf: LoginCgroup)] {
        guard let root, !isManaged else { return [] }
        let names: [String]
        do throws(SystemError) {
            names = try listDirectories("\(root)/\(Self.directory)")
        } catch {
            if error.errno == .noSuchFileOrDirectory { return [] }
            throw error
        }
        return names.compactMap { name in
            let id = name.hasPrefix(Self.leasePrefix) ? String(name.dropFirst(Self.leasePrefix.count)) : name
            return place(name).map { (id, $0) }
        }
    }

    /// Where a path leads.
    public func place(shown path: String) -> Place {
        let prefix = "\(shownRoot)/\(Self.directory)/"
        if path.hasPrefix(prefix) {
            let name = path.dropFirst(prefix.count).prefix { $0 != "/" }
            if name.hasPrefix(Self.leasePrefix) { return .lease(String(name.dropFirst(Self.leasePrefix.count))) }
            return .session(String(name))
        }
        // Only where systemd itself puts it: below her own manager a user gives what names she likes.
        let components = components(of: path)
        if components.count >= 2, components[0] == "system.slice", components[1].hasPrefix(Self.leaseScope) {
            return .lease(String(components[1].dropFirst(Self.leaseScope.count).prefix { $0 != "." }))
        }
        return .other(path)
    }

    func components(of path: String) -> [Substring] {
        path.hasPrefix(shownRoot) ? path.dropFirst(shownRoot.count).split(separator: "/") : []
    }

    /// A cgroup that somebody else has made.
    public func foreign(shown path: String) -> LoginCgroup? {
        guard let root, path.hasPrefix(shownRoot) else { return nil }
        return LoginCgroup(path: root + path.dropFirst(shownRoot.count), shown: path, isOwn: false)
    }

    /// Whether a process is inside this cgroup.
    public func isInside(_ pid: Int32, _ cgroup: LoginCgroup) throws(SystemError) -> Bool {
        let path = try shownPath(of: pid)
        return path == cgroup.shown || path.hasPrefix(cgroup.shown + "/")
    }

    /// Where a process is that something else than its cgroup speaks for.
    enum Standing: Hashable {
        /// Nowhere that says anything else.
        case here
        /// In a unit of its own, which a user's service manager was asked for (`systemd-run --user --scope`): it has left the
        /// session by the front door, and carries the audit session along.
        case ownUnit
        /// In another session, in a lease, in a scope of the host's manager, or among that which manages all of a user's.
        case elsewhere
    }

    /// Where it is, as seen from the session with this cgroup.
    func standing(of pid: Int32, beside cgroup: LoginCgroup?) throws(SystemError) -> Standing {
        let path = try shownPath(of: pid)
        if let cgroup, path == cgroup.shown || path.hasPrefix(cgroup.shown + "/") { return .here }
        guard case .other = place(shown: path), adopted(shown: path) == nil else { return .elsewhere }
        guard isManaged else { return .here }
        let components = components(of: path)
        if components.count >= 3, components[0] == "user.slice", Self.isUserManager(components[2]) {
            // The manager itself, which is everybody's.
            return components.count >= 4 && components[3] != "init.scope" ? .ownUnit : .elsewhere
        }
        return components.contains { $0.hasSuffix(".scope") || Self.isUserManager($0) } ? .elsewhere : .here
    }

    private static func isUserManager(_ name: Substring) -> Bool {
        name.hasPrefix("user@") && name.hasSuffix(".service")
    }
}
