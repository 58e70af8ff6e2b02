// SPDX-License-Identifier: Apache-2.0

/// What the administrator wants: the values of exeunt.conf(5). A new one holds the defaults.
public struct Configuration: Hashable, Sendable {
    /// `[Payload]`
    public var payload = PayloadSettings()
    /// `[Hooks]`
    public var hooks = HookSettings()
    /// `[Session]`
    public var session = SessionSettings()
    /// `[Rule NAME]`, in the order in which they are tried.
    public var rules: [ConfiguredRule] = []
    /// `[Keep]`
    public var keep = KeepSettings()

    /// The defaults.
    public init() {}
}
