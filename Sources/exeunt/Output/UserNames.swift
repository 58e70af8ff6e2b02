// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Names of users, each looked up once: a directory service may take its time.
final class UserNames {
    private var known: [UInt32: String?] = [:]

    /// nil for whoever has none, or cannot be looked up.
    func name(of uid: UInt32) -> String? {
        if let name = known[uid] { return name }
        // try?: then the number has to do.
        let name = (try? Account.of(uid: uid))?.name
        known[uid] = .some(name)
        return name
    }
}
