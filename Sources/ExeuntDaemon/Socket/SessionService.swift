// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol

/// What exeuntd does when it is called. Whoever asks for something here may: the permission table was consulted before.
///
/// Each function answers through `reply`, now or later, once. None may wait for anything: there is one thread.
public protocol SessionService: AnyObject {
    /// Whose this session is; nil when there is none, which is what the caller is told as well if it is not hers.
    func owner(ofSession id: String) -> UInt32?
    /// Whose this lease is; nil when there is none.
    func owner(ofLease id: String) -> UInt32?

    /// The peer becomes the leader of a session.
    func open(_ call: OpenCall, from peer: Peer, _ reply: Reply<OpenCall.Reply>)
    /// A session, the peer's own where the call names none, is over.
    func close(_ call: CloseCall, from peer: Peer, _ reply: Reply<CloseCall.Reply>)
    /// The sessions that are visible.
    func list(_ call: ListCall, _ visibility: Visibility, _ reply: Reply<ListCall.Reply>)
    /// One session. Of processes that are not hers, its owner learns what `/proc` would tell her.
    func show(_ call: ShowCall, from peer: Peer, _ visibility: Visibility, _ reply: Reply<ShowCall.Reply>)
    /// Ends a session; its ending goes on when the peer hangs up.
    func end(_ call: EndCall, from peer: Peer, _ reply: Reply<EndCall.Reply>)
    /// A lease for the peer.
    func keep(_ call: KeepCall, from peer: Peer, _ reply: Reply<KeepCall.Reply>)
    /// The leases that are visible.
    func leases(_ call: LeasesCall, _ visibility: Visibility, _ reply: Reply<LeasesCall.Reply>)
    /// Ends a lease.
    func release(_ call: ReleaseCall, from peer: Peer, _ reply: Reply<ReleaseCall.Reply>)
    /// Records; called for more.
    func history(_ call: HistoryCall, _ visibility: Visibility, _ reply: Reply<HistoryCall.Reply>)
    /// A payload as another user, if the configuration allows the pair; called for more. The session ends when the peer
    /// hangs up. Its descriptors come upon `Reply.sendAskingForDescriptors`.
    func run(_ call: RunCall, from peer: Peer, _ reply: Reply<RunCall.Reply>)
}
