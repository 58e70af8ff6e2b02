// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import LinuxSystem

/// What the configuration of this host makes root read and run, and how long an ending may take with it.
public struct ConfigurationCheck: Sendable {
    /// On the directories and files of the configuration, then on the hooks.
    public private(set) var findings: [TrustFinding]
    /// What else is wrong, so that the configuration cannot be used; a line for each.
    public private(set) var faults: [String] = []
    /// How the ending of a payload goes; nil where the configuration cannot be used.
    public private(set) var plan: EndingPlan?

    /// Reads the configuration, and runs nothing.
    public static func ofThisHost() -> ConfigurationCheck {
        var check = ConfigurationCheck(findings: directories())
        do throws(ConfigurationFaults) {
            check.findings += try files()
            // That a file is not trusted has been found already.
            guard check.findings.allSatisfy(\.isRight) else { return check }
            try check.takeHooks(of: ConfigurationLoader.load().values)
        } catch {
            check.faults = error.all.map(\.description)
        }
        return check
    }

    private init(findings: [TrustFinding]) { self.findings = findings }

    /// Whoever may put a file into one of them decides as well.
    private static func directories() -> [TrustFinding] {
        let files = ConfigurationFiles.exeunt
        return files.directories.flatMap { [$0, "\($0)/\(files.name).d"] }.compactMap { path in
            let finding = TrustCheck.directory(at: Array(path.utf8))
            guard case .refused(let refusal) = finding.state, refusal.rule == .unseen(.noSuchFileOrDirectory) else {
                return finding
            }
            return nil
        }
    }

    private static func files() throws(ConfigurationFaults) -> [TrustFinding] {
        let paths = try ConfigurationFiles.exeunt.paths { directory throws(ConfigurationFaults) in
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
            guard let found = try Self.rules(for: configuration.hooks.account.description) else {
                faults.append("[Hooks] User=\(configuration.hooks.account): there is no such user")
                return
            }
            rules = found
        } catch {
            faults.append("[Hooks] User=\(configuration.hooks.account): \(error)")
            return
        }
        let before = configuration.hooks.before.map { TrustCheck.hooks(at: Array($0.utf8), rules) } ?? []
        let after = configuration.hooks.after.map { TrustCheck.hooks(at: Array($0.utf8), rules) } ?? []
        findings += before + after
        let payload = configuration.payload
        plan = EndingPlan(
            ladder: payload.ladder, unkillable: payload.unkillable,
            hooks: HookPlan(
                before: Self.count(before), after: Self.count(after), timeout: configuration.hooks.timeout,
                unkillable: payload.unkillable))
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

    /// Whoever runs the after-hooks may change them, too. nil if there is no such user.
    private static func rules(for user: String) throws(SystemError) -> TrustRules? {
        if user == "root" { return .rootOnly }
        guard let uid = try LinuxSystem.Account.named(user)?.uid ?? UInt32(user) else { return nil }
        return TrustRules(users: [uid])
    }
}
