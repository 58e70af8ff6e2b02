// SPDX-License-Identifier: Apache-2.0

/// What the administrator wants: the values of exeunt.conf(5). A new one holds the defaults.
public struct Configuration: Hashable, Sendable {
    /// `[Payload]`
    public internal(set) var payload = PayloadSettings()
    /// `[Hooks]`
    public internal(set) var hooks = HookSettings()
    /// `[Session]`
    public internal(set) var session = SessionSettings()
    /// `[Rule NAME]`, in the order in which they are tried.
    public internal(set) var rules: [ConfiguredRule] = []
    /// `[Keep]`
    public internal(set) var keep = KeepSettings()

    /// The defaults.
    public init() {}
}
