// SPDX-License-Identifier: Apache-2.0

/// What a call is answered with when it is not done.
public enum CallError: Error, Hashable, Sendable {
    /// Nobody has this session, or it is not the caller's to know of.
    case noSuchSession(String)
    /// Nobody has this lease, or it is not the caller's to know of.
    case noSuchLease(String)
    /// Who the caller is does not suffice.
    case notPermitted(why: String)
    /// The configuration grants no lease; what happens to the program at the end of its session.
    case keepRefused(why: String, consequence: String)
    /// What was waited for has not come in time.
    case timedOut
    /// Not now.
    case busy(why: String)
    /// The daemon, or the kernel, could not.
    case failed(why: String)
    /// There is no such interface here.
    case interfaceNotFound(String)
    /// The interface has no such method.
    case methodNotFound(String)
    /// The method is known, and does nothing here.
    case methodNotImplemented(String)
    /// Missing, of another type, out of range, or unknown: the parameter's name.
    case invalidParameter(String)
    /// The same as `notPermitted`, in the words of org.varlink.service.
    case permissionDenied
    /// The method has to be called with "more".
    case expectedMore
    /// An error that this version does not know, by its full name.
    case other(String)

    /// As it is sent, such as `io.exeunt.Sessions.NoSuchSession`.
    public var name: String {
        switch self {
        case .noSuchSession: Self.own + "NoSuchSession"
        case .noSuchLease: Self.own + "NoSuchLease"
        case .notPermitted: Self.own + "NotPermitted"
        case .keepRefused: Self.own + "KeepRefused"
        case .timedOut: Self.own + "TimedOut"
        case .busy: Self.own + "Busy"
        case .failed: Self.own + "Failed"
        case .interfaceNotFound: Self.service + "InterfaceNotFound"
        case .methodNotFound: Self.service + "MethodNotFound"
        case .methodNotImplemented: Self.service + "MethodNotImplemented"
        case .invalidParameter: Self.service + "InvalidParameter"
        case .permissionDenied: Self.service + "PermissionDenied"
        case .expectedMore: Self.service + "ExpectedMore"
        case .other(let name): name
        }
    }

    /// What is sent with it.
    public var parameters: [String: String] {
        switch self {
        case .noSuchSession(let id): ["session": id]
        case .noSuchLease(let id): ["lease": id]
        case .notPermitted(let why), .busy(let why), .failed(let why): ["why": why]
        case .keepRefused(let why, let consequence): ["why": why, "consequence": consequence]
        case .interfaceNotFound(let name): ["interface": name]
        case .methodNotFound(let name), .methodNotImplemented(let name): ["method": name]
        case .invalidParameter(let name): ["parameter": name]
        case .timedOut, .permissionDenied, .expectedMore, .other: [:]
        }
    }

    /// From what was sent; a parameter that is missing is empty.
    public init(name: String, parameters: [String: String]) {
        func text(_ key: String) -> String { parameters[key] ?? "" }
        let known: [CallError] = [
            .noSuchSession(text("session")), .noSuchLease(text("lease")), .notPermitted(why: text("why")),
            .keepRefused(why: text("why"), consequence: text("consequence")), .timedOut, .busy(why: text("why")),
            .failed(why: text("why")), .interfaceNotFound(text("interface")), .methodNotFound(text("method")),
            .methodNotImplemented(text("method")), .invalidParameter(text("parameter")), .permissionDenied,
            .expectedMore,
        ]
        self = known.first { $0.name == name } ?? .other(name)
    }

    private static let own = SessionsInterface.name + "."
    private static let service = VarlinkService.name + "."
}

extension CallError: CustomStringConvertible {
    /// For people, in lower case.
    public var description: String {
        switch self {
        case .noSuchSession(let id): "there is no session \(id)"
        case .noSuchLease(let id): "there is no lease \(id)"
        case .notPermitted(let why), .failed(let why): why
        case .keepRefused(let why, let consequence): consequence.isEmpty ? why : "\(why); \(consequence)"
        case .timedOut: "what was waited for has not come in time"
        case .busy(let why): "busy: \(why)"
        case .interfaceNotFound(let name): "exeuntd has no interface \(name)"
        case .methodNotFound(let name), .methodNotImplemented(let name): "exeuntd has no method \(name)"
        case .invalidParameter(let name): "exeuntd does not take the parameter '\(name)' as it is"
        case .permissionDenied: "not permitted"
        case .expectedMore: "the method has more than one answer, and was not called for more"
        case .other(let name): "exeuntd answers \(name)"
        }
    }
}
