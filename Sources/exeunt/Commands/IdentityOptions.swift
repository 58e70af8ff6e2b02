// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// The options of `exeunt run` that say whom the payload runs as, and what it begins with.
struct IdentityOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Run the payload as this user, by name or number. Takes root, or exeuntd and its permission.",
            valueName: "user"))
    var user: String?

    @Option(help: ArgumentHelp("Its group, instead of the user's primary one.", valueName: "group"))
    var group: String?

    @Option(
        help: ArgumentHelp(
            "Its supplementary groups, between commas; '' for none. Default: those of the user's log-in.",
            valueName: "groups"))
    var supplementaryGroups: String?

    @Flag(help: "Begin as a log-in: in the home directory, by the user's shell, which runs COMMAND if there is one.")
    var login = false

    @Option(help: ArgumentHelp("Begin in this directory, entered as the user.", valueName: "directory"))
    var chdir: String?

    @Option(
        help: ArgumentHelp(
            "Set the variables of this file, NAME=VALUE on each line. Can be given several times.", valueName: "file"))
    var envFile: [String] = []

    @Option(
        help: ArgumentHelp(
            "With --user, keep these variables of the caller's, between commas. Can be given several times.",
            valueName: "names"))
    var preserveEnv: [String] = []

    @Option(
        help: ArgumentHelp(
            "A resource limit, such as nofile=1024:4096. Can be given several times.", valueName: "name=soft[:hard]"))
    var limit: [String] = []

    @Option(help: ArgumentHelp("The file mode creation mask, in octal.", valueName: "mask"))
    var umask: String?

    @Flag(help: "Let set-uid programs and file capabilities give the payload nothing.")
    var noNewPrivileges = false

    @Option(
        help: ArgumentHelp(
            "Leave the payload this descriptor, and beside 0-2 no other. Can be given several times.",
            valueName: "number"))
    var passFd: [CInt] = []

    /// Whether the payload is given an identity.
    var changesIdentity: Bool { user != nil || group != nil || supplementaryGroups != nil }

    /// What the command line says, without a look at users and files; what is wrong with it is a usage error.
    func conditions() throws -> PayloadConditions {
        if login && user == nil { throw ValidationError("--login needs --user") }
        if !preserveEnv.isEmpty && !changesIdentity { throw ValidationError("--preserve-env needs --user") }
        if chdir?.isEmpty == true { throw ValidationError("--chdir: '' is not a directory") }
        var conditions = PayloadConditions()
        conditions.directory = chdir.map { Array($0.utf8) }
        conditions.preserved = try preservedNames()
        conditions.isLogin = login
        conditions.umask = try umask.map(mask)
        conditions.noNewPrivileges = noNewPrivileges
        for text in limit {
            let (resource, limit) = try UsageError.reading("--limit", text, LimitText.parse)
            conditions.limits[resource] = limit
        }
        for number in passFd where number > 2 && !CurrentProcess.hasInherited(number) {
            throw ValidationError("--pass-fd: descriptor \(number) is not open")
        }
        if let number = passFd.first(where: { $0 < 0 }) {
            throw ValidationError("--pass-fd: \(number) is no descriptor")
        }
        // 0-2 are the payload's anyway.
        if !passFd.isEmpty { conditions.passedDescriptors = passFd.filter { $0 > 2 } }
        return conditions
    }

    /// The variables of all files. Read once: it may be a pipe.
    func assignments() throws -> [[UInt8]] {
        try envFile.flatMap { path in
            let bytes = try readFile(path)
            do throws(EnvironmentFile.Fault) {
                return try EnvironmentFile.parse(bytes)
            } catch {
                throw ValidationError("--env-file: \(Escaping.shown(path.utf8)):\(error)")
            }
        }
    }

    /// Whom that is on this host; nil where it is simply the caller.
    func identity() throws(IdentityError) -> PayloadIdentity? {
        guard changesIdentity else { return nil }
        return try PayloadIdentity.resolve(
            user: user, group: group,
            supplementary: supplementaryGroups.map { $0.split(separator: ",").map(String.init) })
    }

    private func preservedNames() throws -> [String] {
        try preserveEnv.flatMap { list in
            let names = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            for name in names where !EnvironmentFile.isName(name.utf8) {
                let shown = Escaping.shown(name.utf8)
                throw ValidationError("--preserve-env: '\(shown)' is not the name of a variable")
            }
            return names
        }
    }

    private func mask(_ text: String) throws -> UInt32 {
        guard let mask = UInt32(text, radix: 8), mask <= 0o777, !text.hasPrefix("+") else {
            let shown = Escaping.shown(text.utf8)
            throw ValidationError("--umask: '\(shown)' is not a valid mask: expected octal digits, such as 022 or 0077")
        }
        return mask
    }
}
