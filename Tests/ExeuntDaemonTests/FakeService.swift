// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntDaemon
import ExeuntProtocol
import LinuxSystem

/// Two sessions of two users; answers are as the test says, or wait until it says so.
final class FakeService: SessionService {
    static let own = "000000000001"
    static let foreign = "000000000002"
    static let ownLease = "00000000000a"

    /// Of the sessions: the caller's own, whoever runs the tests, and somebody else's.
    let uid = CurrentProcess.effectiveUID
    var log: [String] = []
    var waitingEnds: [Reply<EndCall.Reply>] = []
    var runs: [Reply<RunCall.Reply>] = []
    var hangUps = 0
    var answersEnds = true
    var records: [String] = []
    var recordsTaken = 0
    /// What a list is made larger by, in bytes.
    var padding = 0

    func owner(ofSession id: String) -> UInt32? {
        switch id {
        case Self.own: uid
        case Self.foreign: uid + 1
        default: nil
        }
    }

    func owner(ofLease id: String) -> UInt32? { id == Self.ownLease ? uid : nil }

    private func session(_ id: String, _ owner: UInt32) -> SessionDescription {
        SessionDescription(
            id: id, owner: owner, user: String(repeating: "u", count: padding), class: "user", type: "tty",
            service: "login",
            leader: 1, state: .active, opened: CivilText.text(0), seconds: 0, trackers: [])
    }

    func open(_ call: OpenCall, from peer: Peer, _ reply: Reply<OpenCall.Reply>) {
        log.append("open \(call.user) \(peer.pid)")
        reply.send(OpenCall.Reply(session: call.session ?? Self.own, nested: false))
    }

    func close(_ call: CloseCall, from peer: Peer, _ reply: Reply<CloseCall.Reply>) {
        log.append("close")
        reply.send(CloseCall.Reply(session: Self.own, empty: true))
    }

    func list(_ call: ListCall, _ visibility: Visibility, _ reply: Reply<ListCall.Reply>) {
        log.append("list \(visibility)")
        let all = [session(Self.own, uid), session(Self.foreign, uid + 1)]
        reply.send(ListCall.Reply(sessions: all.filter { visibility.covers(owner: $0.owner) }))
    }

    func show(_ call: ShowCall, from peer: Peer, _ visibility: Visibility, _ reply: Reply<ShowCall.Reply>) {
        log.append("show \(call.session)")
        reply.send(ShowCall.Reply(session: session(call.session, uid), members: []))
    }

    func end(_ call: EndCall, from peer: Peer, _ reply: Reply<EndCall.Reply>) {
        log.append("end \(call.session)")
        if answersEnds { return reply.send(EndCall.Reply(verdict: "left")) }
        reply.whenHungUp { [unowned self] in hangUps += 1 }
        waitingEnds.append(reply)
    }

    /// Not answered at all.
    func keep(_ call: KeepCall, from peer: Peer, _ reply: Reply<KeepCall.Reply>) { log.append("keep") }

    func leases(_ call: LeasesCall, _ visibility: Visibility, _ reply: Reply<LeasesCall.Reply>) {
        reply.send(LeasesCall.Reply(leases: []))
    }

    func release(_ call: ReleaseCall, from peer: Peer, _ reply: Reply<ReleaseCall.Reply>) {
        reply.send(ReleaseCall.Reply(lease: call.lease))
    }

    func history(_ call: HistoryCall, _ visibility: Visibility, _ reply: Reply<HistoryCall.Reply>) {
        var rest = records[...]
        reply.sendAll(orElse: HistoryCall.Reply()) { [unowned self] in
            guard let record = rest.popFirst() else { return nil }
            recordsTaken += 1
            return HistoryCall.Reply(record: RawJSON(record.utf8))
        }
    }

    func run(_ call: RunCall, from peer: Peer, _ reply: Reply<RunCall.Reply>) {
        runs.append(reply)
        reply.sendAskingForDescriptors(RunCall.Reply(session: Self.own))
    }
}
