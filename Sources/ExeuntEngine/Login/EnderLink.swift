// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// What joins the daemon and the process that ends a session for it: made before the fork.
public final class EnderLink {
    /// What they tell each other.
    public enum Message: Hashable, Sendable {
        /// To the ender: whoever asked for the end will not wait for the ladder.
        case hurry
        /// To the ender: the leader has closed the session at that moment, and has this long to leave by itself.
        case leaderLeaves(Duration, since: Instant)
        /// To the ender: another reason for the end.
        case reason(EndingReason)
        /// To the daemon: nobody is left but the leader.
        case vacant
    }

    private let sockets: SocketPair

    /// Fails with EMFILE or ENFILE.
    public init() throws(SystemError) {
        sockets = try makeSocketPair()
        try sockets.first.setNonblocking()
        try sockets.second.setNonblocking()
    }

    /// Readable in the daemon when the ender has said something, or is gone.
    public var daemonEnd: CInt { sockets.first.number }
    /// Readable in the ender when the daemon has said something, or is gone.
    var enderEnd: CInt { sockets.second.number }

    /// In the ender of another session, which has it as well.
    public func letGo() {
        CurrentProcess.abandon(sockets.first.number)
        CurrentProcess.abandon(sockets.second.number)
    }

    /// Tells the ender. One that does not read loses messages only after hundreds.
    public func tellEnder(_ message: Message) throws(SystemError) { try sockets.first.write(Self.bytes(message)) }

    /// Tells the daemon, if it is there.
    func tellDaemon(_ message: Message) throws(SystemError) { try sockets.second.write(Self.bytes(message)) }

    /// The ender's next word; nil when it has said nothing, or is gone.
    public func nextFromEnder() throws(SystemError) -> Message? { try Self.next(sockets.first) }

    func nextFromDaemon() throws(SystemError) -> Message? { try Self.next(sockets.second) }

    private static func bytes(_ message: Message) -> [UInt8] {
        switch message {
        case .hurry: Array("hurry".utf8)
        case .leaderLeaves(let patience, let since):
            Array("leaves \(DurationText.nanoseconds(patience)) \(since.nanoseconds)".utf8)
        case .reason(let reason): Array("reason \(reason.rawValue)".utf8)
        case .vacant: Array("vacant".utf8)
        }
    }

    private static func next(_ channel: borrowing Descriptor) throws(SystemError) -> Message? {
        do throws(SystemError) {
            guard let bytes = try channel.readSome(atMost: 64), !bytes.isEmpty else { return nil }
            return message(String(decoding: bytes, as: UTF8.self).split(separator: " "))
        } catch {
            if error.errno == .connectionReset { return nil }
            throw error
        }
    }

    private static func message(_ words: [Substring]) -> Message? {
        switch (words.first, words.count) {
        case ("hurry", 1): return .hurry
        case ("vacant", 1): return .vacant
        case ("leaves", 3):
            guard let patience = Int64(words[1]), let since = Int64(words[2]) else { return nil }
            return .leaderLeaves(.nanoseconds(patience), since: Instant(nanoseconds: since))
        case ("reason", 2): return EndingReason(rawValue: String(words[1])).map(Message.reason)
        default: return nil
        }
    }
}
