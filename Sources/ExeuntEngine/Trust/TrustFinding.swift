// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// What was found about one path that root is to run or to read.
public struct TrustFinding: Hashable, Sendable {
    /// How it was judged.
    public enum State: Hashable, Sendable {
        /// Good for this use.
        case trusted(TrustRules.Role)
        /// Good for none.
        case refused(TrustRefusal)
        /// No hook: it lies in a directory of hooks and is left alone.
        case skipped(TrustedDirectory.Skipped.Reason)
        /// Trusted, and could not be listed all the same.
        case unlisted(SystemError)
    }

    /// As it was named.
    public let path: [UInt8]
    /// How it was judged.
    public let state: State

    /// Whether nothing is wrong with it.
    public var isRight: Bool {
        switch state {
        case .trusted, .skipped: true
        case .refused, .unlisted: false
        }
    }

    /// Whether there is nothing.
    var isAbsent: Bool {
        guard case .refused(let refusal) = state else { return false }
        return refusal.rule == .unseen(.noSuchFileOrDirectory)
    }
}
