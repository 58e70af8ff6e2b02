// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Assigned<SessionSettings> {
    /// Takes what logind's configuration says where nothing has been set.
    ///
    /// logind compares names of users as they stand: a number or an `@` is part of a name there, and must not become
    /// something else here.
    mutating func lay(over logind: LogindConfiguration) {
        lay(.killUserProcesses, logind) { settings in
            switch logind.killUserProcesses {
            case true?: settings.policy = .yes
            case false?: settings.policy = .no
            case nil: break
            }
        }
        lay(.killOnlyUsers, logind) { $0.onlyUsers = logind.killOnlyUsers.map(UserMatch.name) }
        lay(.killExcludeUsers, logind) { $0.excludedUsers = logind.killExcludeUsers.map(UserMatch.name) }
    }

    private mutating func lay(
        _ key: SessionPolicy.Key, _ logind: LogindConfiguration, _ take: (inout SessionSettings) -> Void
    ) {
        guard let places = logind.origins[key.rawValue] else { return }
        put(key.rawValue, from: places) { settings in
            take(&settings)
            settings.fromLogind.insert(key)
        }
    }
}
