// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Judges paths as they are judged before they are run or read, and runs and reads nothing.
public enum TrustCheck {
    /// A path of which nothing is known: a hook, a directory of hooks with all its entries, or a file that is read.
    public static func findings(on path: [UInt8], _ rules: TrustRules) -> [TrustFinding] {
        let found = hooks(at: path, rules)
        // Being executable is judged last: all else is as it should be.
        guard case .refused(let refusal) = found.first?.state, refusal.rule == .notExecutable else { return found }
        return [TrustFinding(path: path, state: .trusted(.document))]
    }

    /// A hook that must be a program.
    static func program(at path: [UInt8], _ rules: TrustRules) -> TrustFinding {
        do throws(TrustRefusal) {
            _ = try TrustedFile.open(path, as: .program, rules)
            return TrustFinding(path: path, state: .trusted(.program))
        } catch {
            return TrustFinding(path: path, state: .refused(error))
        }
    }

    /// A hook, or a directory of hooks and each entry of it.
    static func hooks(at path: [UInt8], _ rules: TrustRules) -> [TrustFinding] {
        let found = program(at: path, rules)
        guard case .refused(let refusal) = found.state else { return [found] }
        return directory(at: path, rules, after: refusal)
    }

    /// A file that is read.
    static func document(at path: [UInt8]) -> TrustFinding {
        do throws(TrustRefusal) {
            _ = try TrustedFile.open(path, as: .document, .rootOnly)
            return TrustFinding(path: path, state: .trusted(.document))
        } catch {
            return TrustFinding(path: path, state: .refused(error))
        }
    }

    /// A directory of files that are read.
    static func directory(at path: [UInt8]) -> TrustFinding {
        do throws(TrustRefusal) {
            _ = try TrustedDirectory.open(path, .rootOnly)
            return TrustFinding(path: path, state: .trusted(.directory))
        } catch {
            return TrustFinding(path: path, state: .refused(error))
        }
    }

    /// What is no program may still be a directory of hooks.
    private static func directory(at path: [UInt8], _ rules: TrustRules, after refusal: TrustRefusal) -> [TrustFinding]
    {
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
