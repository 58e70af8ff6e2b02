// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import LinuxSystem

/// Whom hooks after the ladder are configured to run as, looked up long before they run: at an ending it is too late.
public enum HookAccount {
    /// What is wrong with `User=` of `[Hooks]`, and where it stands; nil where it names somebody. The databases of users may
    /// ask a server and wait.
    public static func fault(in configuration: EffectiveConfiguration) -> ConfigurationFault? {
        let account = configuration.values.hooks.account
        guard account != .name("root"), let why = trouble(with: account.description) else { return nil }
        return configuration.fault(in: "Hooks", "User", "User=\(account): \(why)")
    }

    private static func trouble(with user: String) -> String? {
        do throws(SystemError) {
            if let found = try LinuxSystem.Account.named(user) { return try expiry(of: found) }
            guard let uid = UInt32(user) else {
                return "there is no such user; name one that this host knows, or root"
            }
            guard let found = try LinuxSystem.Account.of(uid: uid) else {
                return
                    "no account has this number, so that its group is not known; name a user that this host knows, or root"
            }
            return try expiry(of: found)
        } catch {
            return "it could not be looked up: \(error)"
        }
    }

    /// Only root may ask.
    private static func expiry(of account: LinuxSystem.Account) throws(SystemError) -> String? {
        guard CurrentProcess.effectiveUID == 0, let day = try account.expiry(), CivilDay.today >= day else {
            return nil
        }
        return "the account has expired on \(CivilDay.text(day)); name one that has not, or root"
    }
}
