// SPDX-License-Identifier: Apache-2.0

/// Exit codes that are Exeunt's own.
public enum ExitCode {
    /// Something could not be ended.
    public static let survivors: Int32 = 1
    /// The command line is wrong.
    public static let usage: Int32 = 2
    /// Exeunt itself failed.
    public static let failure: Int32 = 125
    /// The command is there and cannot be executed.
    public static let cannotExecute: Int32 = 126
    /// There is no such command.
    public static let notFound: Int32 = 127
    /// A payload that signal n has ended exits with this plus n.
    public static let signalled: Int32 = 128
}
