// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A directory that only trusted users can change, reached through such directories only, and held by a descriptor:
/// what happens to its name afterwards does not matter.
public struct TrustedDirectory: ~Copyable, Sendable {
    /// As it was asked for.
    public let path: [UInt8]
    /// Whom it was judged by; what is opened in it is judged likewise.
    public let rules: TrustRules
    private let component: TrustedComponent

    private init(path: [UInt8], rules: TrustRules, component: consuming TrustedComponent) {
        self.path = path
        self.rules = rules
        self.component = component
    }

    /// Opens every component by itself, from the root on, and judges it before anything in it is looked up.
    public static func open(_ path: [UInt8], _ rules: TrustRules) throws(TrustRefusal) -> TrustedDirectory {
        try open(components(of: path)[...], of: path, rules)
    }

    /// A file in it. Never waits for one: a FIFO or a device is refused without being opened.
    /// - Parameter name: one component.
    public borrowing func file(_ name: [UInt8], as role: TrustRules.Role) throws(TrustRefusal) -> TrustedFile {
        TrustedFile(path: place(of: name), component: try entry(name, as: role))
    }

    /// Which directory it is.
    public var identity: FileIdentity { component.facts.identity }

    /// Opened with O_PATH.
    var descriptor: CInt { component.descriptor.number }

    /// The way down `names`, which are components of `path`.
    static func open(_ names: ArraySlice<[UInt8]>, of path: [UInt8], _ rules: TrustRules) throws(TrustRefusal)
        -> TrustedDirectory
    {
        do throws(TrustRefusal) {
            var directory = try root(rules)
            for name in names {
                let component = try directory.entry(name, as: .directory)
                directory = TrustedDirectory(path: directory.place(of: name), rules: rules, component: component)
            }
            return directory
        } catch {
            throw TrustRefusal(path: path, component: error.component, rule: error.rule)
        }
    }

    /// - Returns: none for the root itself.
    static func components(of path: [UInt8]) throws(TrustRefusal) -> [[UInt8]] {
        let slash = UInt8(ascii: "/")
        if path == [slash] { return [] }
        let names = path.split(separator: slash, omittingEmptySubsequences: false).map(Array.init).dropFirst()
        let isCanonical =
            path.first == slash && !path.contains(0)
            && names.allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
        guard isCanonical else { throw TrustRefusal(path: path, component: path, rule: .notCanonical) }
        return Array(names)
    }

    /// Its mount is not judged: whoever could choose the root has chosen every program as well.
    private static func root(_ rules: TrustRules) throws(TrustRefusal) -> TrustedDirectory {
        let path = [UInt8(ascii: "/")]
        do throws(TrustRule) {
            let component = try TrustedComponent.open(path, in: AT_FDCWD, from: nil, as: .directory, rules)
            return TrustedDirectory(path: path, rules: rules, component: component)
        } catch {
            throw TrustRefusal(path: path, component: path, rule: error)
        }
    }

    private borrowing func entry(_ name: [UInt8], as role: TrustRules.Role) throws(TrustRefusal) -> TrustedComponent {
        do throws(TrustRule) {
            return try TrustedComponent.open(name, in: descriptor, from: component.facts.mount, as: role, rules)
        } catch {
            throw TrustRefusal(path: place(of: name), component: place(of: name), rule: error)
        }
    }

    /// The path of an entry.
    public borrowing func place(of name: [UInt8]) -> [UInt8] {
        (path.count == 1 ? [] : path) + [UInt8(ascii: "/")] + name
    }
}
