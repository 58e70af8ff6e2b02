// SPDX-License-Identifier: Apache-2.0

/// `[Hooks]`: the programs that are run at an ending.
public struct HookSettings: Settings, Hashable {
    /// A program or a directory of programs, to be run before the ladder.
    public var before: String?
    /// A program or a directory of programs, to be run after it.
    public var after: String?
    /// Whether there is one.
    public var areAny: Bool { before != nil || after != nil }
    /// How long each may run.
    public var timeout = Duration.seconds(30)
    /// Who runs the after-hooks.
    public var account = Account.name("root")
    /// Whether their output goes to the record.
    public var capturesOutput = false

    /// The defaults.
    public init() {}
}
