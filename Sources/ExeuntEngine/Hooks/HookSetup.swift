// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import LinuxSystem

/// The hooks that were asked for, and how they run.
public struct HookSetup: Sendable {
    /// A program, or a directory of programs, that runs before the ladder; nil: none. As the session's owner.
    public var before: [UInt8]?
    /// Likewise after the ladder.
    public var after: [UInt8]?
    /// Whether a path may name a directory of hooks.
    public var takesDirectories = true
    /// The longest a hook may run.
    public var timeout: Duration
    /// Whom hooks after the ladder run as; nil: whoever runs Exeunt.
    public var afterIdentity: PayloadIdentity?
    /// Who may be able to change a hook.
    public var rules: TrustRules
    /// The same for hooks after the ladder, where they run as somebody whom the others do not trust.
    public var afterRules: TrustRules?
    /// Whether what a hook writes comes into the record.
    public var capturesOutput: Bool
    /// What a hook has in its environment beside PATH and `EXEUNT_…`.
    public var variables: any HookVariables

    /// Hooks of these paths, if any.
    public init(
        before: [UInt8]? = nil, after: [UInt8]? = nil, timeout: Duration = .seconds(30),
        afterIdentity: PayloadIdentity? = nil, rules: TrustRules = .rootOnly, capturesOutput: Bool = false,
        variables: any HookVariables = NoHookVariables()
    ) {
        self.before = before
        self.after = after
        self.timeout = timeout
        self.afterIdentity = afterIdentity
        self.rules = rules
        self.capturesOutput = capturesOutput
        self.variables = variables
    }

    /// The hooks that root has configured; whom those after the ladder run as is looked up.
    public init(_ settings: HookSettings) throws(IdentityError) {
        self.init(before: settings.before.map { Array($0.utf8) }, after: settings.after.map { Array($0.utf8) })
        timeout = settings.timeout
        capturesOutput = settings.capturesOutput
        guard settings.account != .name("root") else { return }
        let identity = try PayloadIdentity.resolve(
            user: settings.account.description, group: nil, supplementary: [])
        afterIdentity = identity
        // Hooks before the ladder do not run as this user, who must not be able to change them.
        afterRules = TrustRules(users: [identity.credentials.uid])
    }

    /// Who may be able to change a hook of this phase.
    subscript(rules phase: HookPhase) -> TrustRules { phase == .after ? afterRules ?? rules : rules }
}

/// What a convention older than Exeunt puts into the environment of a hook.
public protocol HookVariables: Sendable {
    /// `NAME=VALUE` each.
    func variables(for facts: HookFacts) -> [[UInt8]]
    /// Those that are left out, all of them, where the kernel would not take them (E2BIG).
    func spareVariables(for facts: HookFacts) -> [[UInt8]]
}

/// Nothing.
public struct NoHookVariables: HookVariables {
    /// Nothing.
    public init() {}
    /// Nothing.
    public func variables(for facts: HookFacts) -> [[UInt8]] { [] }
    /// Nothing.
    public func spareVariables(for facts: HookFacts) -> [[UInt8]] { [] }
}
