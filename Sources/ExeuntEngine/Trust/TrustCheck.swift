// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Judges paths as they are judged before they are run or read, and runs and reads nothing.
public enum TrustCheck {
    /// A finding for each path and, below a directory of hooks, for each entry of it.
    public static func findings(on paths: [[UInt8]], _ rules: TrustRules) -> [TrustFinding] {
        paths.flatMap { path -> [TrustFinding] in
            do throws(TrustRefusal) {
                _ = try TrustedFile.open(path, as: .program, rules)
                return [TrustFinding(path: path, state: .trusted(.program))]
            } catch {
                return findings(on: path, after: error, rules)
            }
        }
    }

    /// What is no program may still be a directory of hooks, or a file that is read.
    private static func findings(on path: [UInt8], after refusal: TrustRefusal, _ rules: TrustRules) -> [TrustFinding] {
        // Being executable is judged last: all else is as it should be.
        if refusal.rule == .notExecutable { return [TrustFinding(path: path, state: .trusted(.document))] }
        guard refusal.rule == .notFile else { return [TrustFinding(path: path, state: .refused(refusal))] }
        do throws(TrustRefusal) {
            return findings(in: try TrustedDirectory.open(path, rules))
        } catch {
            let isDirectory = error.rule != .notDirectory || error.component != path
            return [TrustFinding(path: path, state: .refused(isDirectory ? error : refusal))]
        }
    }

    private static func findings(in directory: borrowing TrustedDirectory) -> [TrustFinding] {
        let hooks: TrustedDirectory.Hooks
        do throws(SystemError) {
            hooks = try directory.hooks()
        } catch {
            return [TrustFinding(path: directory.path, state: .unlisted(error))]
        }
        var findings = [TrustFinding(path: directory.path, state: .trusted(.directory))]
        for name in hooks.names { findings.append(finding(on: name, in: directory)) }
        return findings
            + hooks.skipped.map { TrustFinding(path: directory.place(of: $0.name), state: .skipped($0.reason)) }
    }

    private static func finding(on name: [UInt8], in directory: borrowing TrustedDirectory) -> TrustFinding {
        let path = directory.place(of: name)
        do throws(TrustRefusal) {
            _ = try directory.file(name, as: .program)
            return TrustFinding(path: path, state: .trusted(.program))
        } catch {
            return TrustFinding(path: path, state: .refused(error))
        }
    }
}
