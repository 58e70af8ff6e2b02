// SPDX-License-Identifier: Apache-2.0

/// The methods of io.exeunt.Sessions.
public enum SessionsMethod: String, CaseIterable, Sendable {
    case open = "Open"
    case close = "Close"
    case list = "List"
    case show = "Show"
    case end = "End"
    case keep = "Keep"
    case leases = "Leases"
    case release = "Release"
    case history = "History"
    case run = "Run"

    /// With its interface.
    public var fullName: String { "\(SessionsInterface.name).\(rawValue)" }

    /// nil when this interface has no such method.
    public init?(fullName: String) {
        let prefix = SessionsInterface.name + "."
        guard fullName.hasPrefix(prefix) else { return nil }
        self.init(rawValue: String(fullName.dropFirst(prefix.count)))
    }
}

/// A method of io.exeunt.Sessions.
public protocol SessionsCall: MethodCall {
    /// Which one.
    static var method: SessionsMethod { get }
}

extension SessionsCall {
    /// With its interface.
    public static var fullName: String { method.fullName }
}
