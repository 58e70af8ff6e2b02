// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// The hooks of a run: which files they are was found out, and each was trusted, before its payload was started.
struct HookList: Sendable {
    /// Those before the ladder, in their order.
    let before: [[UInt8]]
    /// Those after it.
    let after: [[UInt8]]

    static let none = HookList(before: [], after: [])

    private init(before: [[UInt8]], after: [[UInt8]]) {
        self.before = before
        self.after = after
    }

    /// Fails with a `TrustRefusal` or a `SystemError`.
    init(_ setup: HookSetup) throws {
        before = try Self.paths(setup.before, .before, setup)
        after = try Self.paths(setup.after, .after, setup)
    }

    /// The same for a session that ends whether its hooks are in order or not: what cannot be run is a hook of its path,
    /// and its outcome says why.
    init(whateverIsWrongWith setup: HookSetup) {
        before = Self.pathsOrPath(setup.before, .before, setup)
        after = Self.pathsOrPath(setup.after, .after, setup)
    }

    private static func pathsOrPath(_ path: [UInt8]?, _ phase: HookPhase, _ setup: HookSetup) -> [[UInt8]] {
        do {
            return try paths(path, phase, setup)
        } catch {
            return path.map { [$0] } ?? []
        }
    }

    subscript(phase: HookPhase) -> [[UInt8]] {
        switch phase {
        case .before: before
        case .after: after
        }
    }

    private static func paths(_ path: [UInt8]?, _ phase: HookPhase, _ setup: HookSetup) throws -> [[UInt8]] {
        guard let path else { return [] }
        let rules = setup[rules: phase]
        do throws(TrustRefusal) {
            _ = try TrustedFile.open(path, as: .program, rules)
            return [path]
        } catch {
            guard setup.takesDirectories, error.rule == .notFile, error.component == path else { throw error }
        }
        let directory = try TrustedDirectory.open(path, rules)
        return try directory.hooks().names.map { name in
            _ = try directory.file(name, as: .program)
            return directory.place(of: name)
        }
    }
}
