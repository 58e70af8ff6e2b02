// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

extension LoginCgroup {
    /// nil when it has been removed.
    public func open() throws(SystemError) -> Cgroup? {
        do throws(SystemError) {
            return try Cgroup.open(path)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }
}
