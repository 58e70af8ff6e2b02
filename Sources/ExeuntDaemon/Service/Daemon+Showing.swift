// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import ExeuntProtocol
import FoundationEssentials
import LinuxSystem

extension Daemon {
    /// Who is in a session, and what would happen to each at its end. Found by a process of its own: a look at thousands of
    /// processes takes its time, and one at an environment may wait for ever.
    public func show(
        _ call: ShowCall, from peer: Peer, _ visibility: Visibility, _ reply: Reply<ShowCall.Reply>
    ) {
        guard let session = registry[call.session] else { return reply.fail(.noSuchSession(call.session)) }
        let work = EnderWork(
            session: session, order: EnderOrder(.closed), settings: settings, log: log, files: endings)
        let description = describe(session)
        let viewer: MemberViewer? =
            if case .own = visibility { MemberViewer(uid: peer.uid, gid: peer.gid) } else { nil }
        do {
            let errand = try send(within: .seconds(30)) {
                let decision = work.decision()
                let members = try work.members()
                return Array(
                    try JSONEncoder().encode(
                        ShowCall.Reply(
                            session: description, members: try viewer?.view(members) ?? members,
                            action: MemberDescription.Action(decision.mode), why: Escaping.shown(decision.reason.utf8)))
                )
            } done: { [self] bytes in
                // try?: what has not come whole is not shown.
                guard let bytes, var shown = try? JSONDecoder().decode(ShowCall.Reply.self, from: Data(bytes))
                else { return reply.fail(.failed(why: "the members of \(session.id) could not be listed")) }
                shown.session = describe(registry[session.id] ?? session)
                reply.send(shown)
            }
            reply.whenHungUp { errand.cancel() }
        } catch {
            fail(reply, error)
        }
    }

    /// The records of endings that the caller may see, oldest first.
    public func history(_ call: HistoryCall, _ visibility: Visibility, _ reply: Reply<HistoryCall.Reply>) {
        let query: RecordQuery
        do throws(CallError) {
            query = try RecordQuery(call, visibility)
        } catch {
            return reply.fail(error)
        }
        // What is brought stays in memory until it has been read.
        let reader: UInt32? = if case .own(let uid) = visibility { uid } else { nil }
        guard histories[reader] == nil, reader == nil || histories.count < Self.mostHistories else {
            return reply.fail(.busy(why: "records are being read already"))
        }
        let turn = HistoryTurn { [self] in histories[reader] = nil }
        histories[reader] = turn
        let path = settings.daemon.recordFile
        do {
            let errand = try send(within: .seconds(60)) {
                try query.lines(of: path, and: records)
            } done: { bytes in
                guard let bytes else {
                    turn.end()
                    return reply.fail(.failed(why: "the records could not be read"))
                }
                var lines = bytes.split(separator: UInt8(ascii: "\n"))[...]
                reply.sendAll(orElse: HistoryCall.Reply()) {
                    guard let line = lines.popFirst() else {
                        turn.end()
                        return nil
                    }
                    return HistoryCall.Reply(record: RawJSON(line))
                }
            }
            reply.whenHungUp {
                turn.end()
                errand.cancel()
            }
        } catch {
            turn.end()
            fail(reply, error)
        }
    }

    private static let mostHistories = 4
}

/// Somebody who reads records: one at a time for each user.
final class HistoryTurn {
    private var over: (() -> Void)?

    init(_ over: @escaping () -> Void) { self.over = over }

    func end() {
        over?()
        over = nil
    }
}

extension MemberDescription.Action {
    /// What a session's decision means for each of its members.
    fileprivate init(_ mode: SessionDecision.Mode) {
        switch mode {
        case .end: self = .end
        case .report: self = .report
        case .spare: self = .keep
        }
    }
}
