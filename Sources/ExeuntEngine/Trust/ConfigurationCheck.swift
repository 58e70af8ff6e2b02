// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import LinuxSystem

/// What the configuration of this host makes root read and run, and how long an ending may take with it.
public struct ConfigurationCheck: Sendable {
    /// On the directories and files of the configuration, on the hooks, and on what gLExec mode uses.
    public private(set) var findings: [TrustFinding]
    /// What else is wrong, so that the configuration cannot be used; a line for each.
    public private(set) var faults: [String] = []
    /// How the ending of a payload goes; nil where the configuration cannot be used.
    public private(set) var plan: EndingPlan?
    /// Likewise of a log-in's session: the one that may take longest.
    public private(set) var loginPlan: EndingPlan?

    /// Reads the configuration, and runs nothing.
    public static func ofThisHost() -> ConfigurationCheck {
        var check = ConfigurationCheck(findings: directories(.exeunt))
        check.takeConfiguration()
        check.takeGlexec()
        return check
    }

    private mutating func takeConfiguration() {
        do throws(ConfigurationFaults) {
            findings += try Self.files(.exeunt)
            // That a file is not trusted has been found already.
            guard findings.allSatisfy(\.isRight) else { return }
            let configuration = try ConfigurationLoader.load()
            if configuration.values.session.usesLogindConf { try takeLogind() }
            if let fault = HookAccount.fault(in: configuration) {
                faults.append(fault.description)
            } else {
                takeHooks(of: configuration.values)
            }
        } catch {
            faults += error.all.map(\.description)
        }
    }

    /// Another program's files: told of is only what keeps Exeunt from reading them.
    private mutating func takeLogind() throws(ConfigurationFaults) {
        findings += (Self.directories(.logind) + (try Self.files(.logind))).filter { !$0.isRight }
    }

    /// Where there is such a file; it is for `exeunt run --glexec` only.
    private mutating func takeGlexec() {
        let finding = TrustCheck.document(at: Array(GlexecMode.defaultPath.utf8))
        if finding.isAbsent { return }
        findings.append(finding)
        guard finding.isRight else { return }
        do {
            let configuration = try GlexecMode.configuration(GlexecMode.defaultPath)
            guard let epilogue = configuration.epilogue else { return }
            findings.append(TrustCheck.program(at: Array(epilogue.utf8), try GlexecMode.rules(of: configuration)))
        } catch GlexecError.configuration(let lines) {
            faults += lines
        } catch {
            faults.append("\(error)")
        }
    }

    private init(findings: [TrustFinding]) { self.findings = findings }

    /// Whoever may put a file into one of them decides as well.
    private static func directories(_ files: ConfigurationFiles) -> [TrustFinding] {
        files.directories.flatMap { [$0, "\($0)/\(files.name).d"] }.compactMap { path in
            let finding = TrustCheck.directory(at: Array(path.utf8))
            return finding.isAbsent ? nil : finding
        }
    }

    private static func files(_ files: ConfigurationFiles) throws(ConfigurationFaults) -> [TrustFinding] {
        let paths = try files.paths { directory throws(ConfigurationFaults) in
            do throws(ConfigurationRefusal) {
                return try PlainConfigurationSource().names(in: directory) ?? []
            } catch {
                throw ConfigurationFaults([ConfigurationFault(error)])
            }
        }
        return paths.filter { symbolicLinkTarget($0) != ConfigurationLoader.mask }
            .map { TrustCheck.document(at: Array($0.utf8)) }
    }

    private mutating func takeHooks(of configuration: Configuration) {
        let rules: TrustRules
        do throws(SystemError) {
            rules = try Self.rules(for: configuration.hooks.account.description)
        } catch {
            faults.append("[Hooks] User=\(configuration.hooks.account): \(error)")
            return
        }
        let before = configuration.hooks.before.map { TrustCheck.hooks(at: Array($0.utf8), rules) } ?? []
        let after = configuration.hooks.after.map { TrustCheck.hooks(at: Array($0.utf8), rules) } ?? []
        findings += before + after
        let payload = configuration.payload
        func hookPlan(_ unkillable: Duration) -> HookPlan {
            HookPlan(
                before: Self.count(before), after: Self.count(after), timeout: configuration.hooks.timeout,
                unkillable: unkillable)
        }
        plan = EndingPlan(
            ladder: payload.ladder, unkillable: payload.unkillable, hooks: hookPlan(payload.unkillable))
        loginPlan = configuration.sessionPolicy.ways.map { way in
            var plan = EndingPlan(ladder: way.ladder, unkillable: way.unkillable, hooks: hookPlan(way.unkillable))
            plan.leaderLeaves = EnderOrder.leaderPatience
            return plan
        }.max { $0.bound < $1.bound }
    }

    /// Those that are refused count: they will be run when they have been mended.
    private static func count(_ findings: [TrustFinding]) -> Int {
        findings.count { finding in
            switch finding.state {
            case .trusted(.program), .refused: true
            case .trusted, .skipped, .unlisted: false
            }
        }
    }

    /// Whoever runs the after-hooks may change them, too.
    private static func rules(for user: String) throws(SystemError) -> TrustRules {
        guard user != "root", let uid = try LinuxSystem.Account.named(user)?.uid ?? UInt32(user) else {
            return .rootOnly
        }
        return TrustRules(users: [uid])
    }
}
