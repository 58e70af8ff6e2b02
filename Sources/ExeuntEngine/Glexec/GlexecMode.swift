// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import LinuxSystem

/// A run as gLExec would make it: `glexec.conf` says who may, what the payload keeps of its environment, and what is
/// run as root when it has ended.
public struct GlexecMode: Sendable {
    /// What the file says.
    public let configuration: GlexecConfiguration
    let path: String
    private let caller: GlexecCaller

    /// Where it is looked for.
    public static let defaultPath = "/etc/glexec.conf"

    /// Reads the configuration, and asks it whether the caller may.
    public init(_ path: String) throws(GlexecError) {
        guard CurrentProcess.effectiveUID == 0 else { throw .notAuthorised("gLExec mode takes root") }
        self.path = path
        configuration = try Self.configuration(path)
        do throws(SystemError) {
            caller = try GlexecCaller()
        } catch {
            throw .host(error.description)
        }
        guard caller.isListed(in: configuration.userWhiteList) else {
            throw .notAuthorised("user '\(caller.user)' is not in the user_white_list")
        }
    }

    /// What the file at `path` says, if it is root's.
    static func configuration(_ path: String) throws(GlexecError) -> GlexecConfiguration {
        do {
            let file = try TrustedFile.open(Array(path.utf8), as: .document, .rootOnly)
            let bytes = try file.contents(limit: ConfigurationLoader.largest)
            return try GlexecReader.read(ConfigurationFile(path: path, bytes: bytes))
        } catch let error as ConfigurationFaults {
            throw .configuration(error.all.map(\.description))
        } catch {
            throw .configuration([Escaping.shown("\(error)".utf8)])
        }
    }

    /// What is to be run and how.
    public func apply(to request: inout RunRequest) throws(GlexecError) {
        guard let identity = request.identity else {
            throw .client("gLExec mode needs --user: which account the payload gets is not for Exeunt to find out")
        }
        request.exitCodes = .glexec
        request.conditions.preserved += configuration.preservedVariables
        // The caller's directory, if the target may enter it.
        if request.conditions.directory == nil, !request.conditions.isLogin {
            request.conditions.directory = [UInt8(ascii: ".")]
        }
        guard let epilogue = configuration.epilogue else { return }
        do throws(SystemError) {
            let credentials = identity.credentials
            let target = try GlexecNames(uid: credentials.uid, gid: credentials.gid, groups: credentials.groups)
            request.hooks = try setup(epilogue, GlexecVariables(caller: caller, target: target))
        } catch {
            throw .host(error.description)
        }
    }

    /// Without `epilogue_user` and `epilogue_group` it is root and group 0, and nobody else is trusted.
    private func setup(_ epilogue: String, _ variables: GlexecVariables) throws(SystemError) -> HookSetup {
        var setup = HookSetup(after: Array(epilogue.utf8), timeout: configuration.epilogueTimeout, variables: variables)
        setup.takesDirectories = false
        let account = try configuration.epilogueUser.map { user throws(SystemError) in try Self.account(user) }
        let group = try configuration.epilogueGroup.map { name throws(SystemError) in try Self.gid(name) }
        setup.rules = try Self.rules(of: configuration)
        if account != nil || group != nil {
            let root = LinuxSystem.Account(name: "root", uid: 0, gid: 0, home: Array("/root".utf8), shell: [])
            let account = account ?? root
            setup.afterIdentity = PayloadIdentity(
                account: account, credentials: Credentials(uid: account.uid, gid: group ?? 0))
        }
        return setup
    }

    /// Who may be able to change the epilogue.
    static func rules(of configuration: GlexecConfiguration) throws(SystemError) -> TrustRules {
        var users: [UInt32] = []
        if let user = configuration.epilogueUser { users.append(try account(user).uid) }
        var groups: [UInt32] = []
        if let group = configuration.epilogueGroup { groups.append(try gid(group)) }
        return TrustRules(users: users, groups: groups)
    }

    private static func account(_ user: ExeuntConfig.Account) throws(SystemError) -> LinuxSystem.Account {
        let found =
            switch user {
            case .name(let name): try LinuxSystem.Account.named(name)
            case .uid(let uid): try LinuxSystem.Account.of(uid: uid)
            }
        guard let found else { throw SystemError("find", "epilogue_user \(user)", .noSuchFileOrDirectory) }
        return found
    }

    private static func gid(_ group: String) throws(SystemError) -> UInt32 {
        if let found = try AccountGroup.named(group) { return found.gid }
        guard let gid = UInt32(group), gid != .max else {
            throw SystemError("find", "epilogue_group \(group)", .noSuchFileOrDirectory)
        }
        return gid
    }
}
