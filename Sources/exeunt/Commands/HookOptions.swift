// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntConfig
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// The options of `exeunt run` about hooks.
struct HookOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Run this trusted program, or those of this directory, before what is left is told to go.",
            valueName: "path"))
    var before: String?

    @Option(
        help: ArgumentHelp(
            "Run this trusted program, or those of this directory, when nothing is left any more.", valueName: "path"))
    var epilogue: String?

    @Option(help: ArgumentHelp("How long each of them may run.", valueName: "duration"))
    var hookTimeout: String?

    @Option(help: ArgumentHelp("Run the epilogue as this user instead of root.", valueName: "user"))
    var epilogueUser: String?

    @Flag(help: "Keep what hooks write in the record, 64 KiB of each.")
    var captureOutput = false

    @Option(
        help: ArgumentHelp(
            """
            Do as gLExec does, by this glexec.conf: its epilogue, environment and exit codes. The file follows '='; \
            without it, it is \(GlexecMode.defaultPath).
            """, valueName: "file"))
    var glexec: String?

    /// The words of a command line, with the file that a lone `--glexec` stands for. ArgumentParser has options that
    /// can do without a value, but 1.8.2 does without it as well where it is given and another option follows.
    static func completed(_ words: [String]) -> [String] {
        words.map { $0 == "--glexec" ? "--glexec=\(GlexecMode.defaultPath)" : $0 }
    }

    /// What exit codes mean to whoever wrote this command line, be it wrong or right.
    static func convention(_ words: [[UInt8]]) -> ExitConvention {
        let isGlexec = words.prefix { $0 != Array("--".utf8) }.contains { word in
            word == Array("--glexec".utf8) || word.starts(with: "--glexec=".utf8)
        }
        return isGlexec ? .glexec : .native
    }

    /// Those that are given, by name.
    var given: [String] {
        [
            ("--before", before != nil), ("--epilogue", epilogue != nil), ("--hook-timeout", hookTimeout != nil),
            ("--epilogue-user", epilogueUser != nil),
        ].filter(\.1).map(\.0)
    }

    /// What can be told to be wrong without a look at the host.
    func validate() throws {
        if let hookTimeout { _ = try timeout(hookTimeout) }
        guard let glexec else { return }
        if let option = given.first { throw ValidationError("\(option) and --glexec exclude each other") }
        guard glexec.hasPrefix("/") else {
            throw ValidationError(
                "--glexec: '\(Escaping.shown(glexec.utf8))' is no absolute path; a command follows '--'")
        }
    }

    /// The hooks of the command line, and those of the configuration where it names none; nil without any.
    func setup(_ settings: HookSettings) throws -> HookSetup? {
        let paths = (before: before ?? settings.before, after: epilogue ?? settings.after)
        if paths.before == nil && paths.after == nil {
            guard let option = given.first ?? (captureOutput ? "--capture-output" : nil) else { return nil }
            throw ValidationError("\(option) needs a hook: --before or --epilogue")
        }
        var setup = HookSetup(before: paths.before.map { Array($0.utf8) }, after: paths.after.map { Array($0.utf8) })
        setup.timeout = try hookTimeout.map(timeout) ?? settings.timeout
        setup.capturesOutput = captureOutput || settings.capturesOutput
        if let user = epilogueUser ?? (settings.account == .name("root") ? nil : settings.account.description) {
            let identity = try PayloadIdentity.resolve(user: user, group: nil, supplementary: [])
            setup.afterIdentity = identity
            // Hooks before the ladder do not run as this user, who must not be able to change them.
            setup.afterRules = TrustRules(users: [identity.credentials.uid])
        } else if CurrentProcess.effectiveUID != 0 {
            // Nobody gains anything by a hook of one's own, which runs as oneself.
            setup.rules = TrustRules(users: [CurrentProcess.effectiveUID])
        }
        return setup
    }

    private func timeout(_ text: String) throws -> Duration {
        let timeout = try UsageError.reading("--hook-timeout", text, DurationText.parse)
        if timeout > .zero { return timeout }
        throw ValidationError("--hook-timeout: a hook needs some time; '\(Escaping.shown(text.utf8))' is none")
    }
}
