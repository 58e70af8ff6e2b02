// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntEngine
import LinuxSystem

/// What only the databases of users and groups can tell: they may ask a server and wait for it.
extension Daemon {
    /// How long the answer of a server is waited for.
    private static let accountPatience = Duration.seconds(5)

    /// Finds out who may see and end all sessions, and whether the configuration names users that there are. `done` is
    /// called once, when that is known, or nobody has answered.
    func lookUpAccounts(of configuration: EffectiveConfiguration, done: @escaping () -> Void) {
        do {
            try send(within: Self.accountPatience) {
                AccountFindings(configuration).encoded
            } done: { [self] bytes in
                take(bytes.flatMap(AccountFindings.init(decoding:)))
                done()
            }
        } catch {
            log.failed(nil, error)
            done()
        }
    }

    /// Finds out who has this name. `done` is called once.
    func lookUp(_ user: String, done: @escaping (NamedUser) -> Void) throws(SystemError) {
        try send(within: Self.accountPatience) {
            Array((try Account.named(user).map { "\($0.uid)" } ?? "").utf8)
        } done: { bytes in
            guard let text = bytes.map({ String(decoding: $0, as: UTF8.self) }) else { return done(.unknown) }
            done(text.isEmpty ? .nobody : UInt32(text).map(NamedUser.found) ?? .unknown)
        }
    }

    private func take(_ found: AccountFindings?) {
        guard let found else {
            return log.said(
                .error, "group exeunt could not be looked up: who is in it is as it was; reload to try again")
        }
        for fault in found.faults { log.said(.error, "the configuration names somebody who is not there: \(fault)") }
        switch found.administrators {
        case .group(let gid): socket?.administrators = gid
        case .none: socket?.administrators = nil
        case .unknown(let why): log.said(.error, "who is in group exeunt is as it was: \(why)")
        }
    }
}

/// Who has a name.
enum NamedUser {
    /// Somebody with this uid.
    case found(UInt32)
    /// Nobody.
    case nobody
    /// Whoever could tell does not answer.
    case unknown
}

/// What a process brings that was sent to look.
private struct AccountFindings {
    enum Administrators {
        case group(UInt32)
        case none
        case unknown(String)
    }

    let administrators: Administrators
    /// One line each.
    let faults: [String]

    init(_ configuration: EffectiveConfiguration) {
        do throws(SystemError) {
            administrators = try AccountGroup.named("exeunt").map { .group($0.gid) } ?? .none
        } catch {
            administrators = .unknown("\(error)")
        }
        faults = [HookAccount.fault(in: configuration)].compactMap { $0?.description }
    }

    var encoded: [UInt8] {
        let first =
            switch administrators {
            case .group(let gid): "group \(gid)"
            case .none: "none"
            case .unknown(let why): "unknown \(why)"
            }
        return Array(([first] + faults).joined(separator: "\n").utf8)
    }

    init?(decoding bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard let words = lines.first?.split(separator: " ", maxSplits: 1) else { return nil }
        switch words.first {
        case "group":
            guard let gid = words.last.flatMap({ UInt32($0) }) else { return nil }
            administrators = .group(gid)
        case "none": administrators = .none
        case "unknown": administrators = .unknown(words.count > 1 ? String(words[1]) : "")
        default: return nil
        }
        faults = lines.dropFirst().map(String.init)
    }
}
