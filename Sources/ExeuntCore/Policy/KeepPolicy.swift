// SPDX-License-Identifier: Apache-2.0

/// `[Keep]`: who may take a lease, for what, and for how long. Root is not bound by it.
public struct KeepPolicy: Hashable, Sendable {
    /// These users may.
    public var allowed: [UserMatch] = [.everybody]
    /// These may not, even if they are among the others.
    public var denied: [UserMatch] = []
    /// The longest lease.
    public var longest = Duration.seconds(7 * 86400)
    /// How many a user may hold at once.
    public var perUser = 16
    /// The programs that may be kept, by path; empty: all.
    public var executables: [String] = []

    /// The defaults.
    public init() {}
}

extension KeepPolicy {
    /// What somebody asks for.
    public struct Request: Hashable, Sendable {
        /// Who asks.
        public var user: UInt32
        /// The path of the program that is to be kept, where it is known.
        public var program: String?
        /// For how long; nil: for as long as may be.
        public var time: Duration?
        /// How many leases she holds already.
        public var held: Int

        /// A request; see the fields.
        public init(user: UInt32, program: String?, time: Duration?, held: Int) {
            self.user = user
            self.program = program
            self.time = time
            self.held = held
        }
    }

    /// What she gets.
    public enum Answer: Hashable, Sendable {
        /// A lease, for this long.
        case granted(Duration)
        /// None; the text says why.
        case refused(String)
    }

    /// Answers a request.
    public func answer(_ request: Request, _ accounts: some AccountLookup) -> Answer {
        if request.user == 0 { return .granted(request.time ?? longest) }
        do throws(LookupFailure) {
            if let word = try denied.first(meaning: request.user, accounts) {
                return .refused("Deny=\(word) of [Keep] forbids it")
            }
            guard try allowed.first(meaning: request.user, accounts) != nil else {
                return .refused("Allow= of [Keep] does not name you")
            }
        } catch {
            return .refused("\(error)")
        }
        if !executables.isEmpty, !(request.program.map(executables.contains) ?? false) {
            return .refused("Exe= of [Keep] allows only \(executables.joined(separator: ", "))")
        }
        if let time = request.time, time > longest {
            return .refused("MaxFor= of [Keep] allows at most \(DurationText.text(longest))")
        }
        if request.held >= perUser {
            return .refused("PerUser= of [Keep] allows \(perUser) at once, and you hold \(request.held)")
        }
        return .granted(request.time ?? longest)
    }
}
