// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol

extension Daemon {
    public func run(_ call: RunCall, from peer: Peer, _ reply: Reply<RunCall.Reply>) {
        reply.fail(.notPermitted(why: "no pair of [Run] allows it"))
    }
}
