// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
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

    /// Whom the epilogue runs as, and whom hooks are trusted to, as this host knows them.
    func resolve(_ setup: inout HookSetup) throws(IdentityError) {
        if let epilogueUser {
            let identity = try PayloadIdentity.resolve(user: epilogueUser, group: nil, supplementary: [])
            setup.afterIdentity = identity
            setup.rules = TrustRules(users: [identity.credentials.uid])
        } else if CurrentProcess.effectiveUID != 0 {
            // Nobody gains anything by a hook of one's own, which runs as oneself.
            setup.rules = TrustRules(users: [CurrentProcess.effectiveUID])
        }
    }

    /// What these options ask for; nil without any hook.
    func setup() throws -> HookSetup? {
        if before == nil && epilogue == nil {
            for (option, isGiven) in [
                ("--hook-timeout", hookTimeout != nil), ("--epilogue-user", epilogueUser != nil),
                ("--capture-output", captureOutput),
            ] where isGiven {
                throw ValidationError("\(option) needs a hook: --before or --epilogue")
            }
            return nil
        }
        var setup = HookSetup(before: before.map { Array($0.utf8) }, after: epilogue.map { Array($0.utf8) })
        if let hookTimeout { setup.timeout = try timeout(hookTimeout) }
        setup.capturesOutput = captureOutput
        return setup
    }

    private func timeout(_ text: String) throws -> Duration {
        do throws(TextError) {
            let timeout = try DurationText.parse(text)
            if timeout > .zero { return timeout }
        } catch {
            throw ValidationError("--hook-timeout: \(error)")
        }
        throw ValidationError("--hook-timeout: a hook needs some time; '\(text)' is none")
    }
}
