// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol

/// The way back to whoever has called. Nothing happens once the peer has hung up, nor after the last reply.
///
/// A reply that is let go of without an answer is answered for: nobody waits for ever by mistake.
public final class Reply<Answer: MethodReply> {
    private let slot: CallSlot

    init(_ slot: CallSlot) { self.slot = slot }

    deinit {
        guard slot.isOpen, slot.producer == nil else { return }
        slot.finish(Self.encoded(.failure(.failed(why: "exeuntd has not answered"))))
    }

    /// The peer takes more than one answer.
    public var wantsMore: Bool { slot.more }

    /// The peer has hung up, or was disconnected.
    public var isGone: Bool { slot.isGone }

    /// The only answer, or the last.
    public func send(_ answer: Answer) { slot.finish(Self.encoded(.last(answer))) }

    /// The call is not done, or not to its end.
    public func fail(_ error: CallError) { slot.finish(Self.encoded(.failure(error))) }

    /// One answer of several, for whoever wants more than one.
    public func sendOneOfSeveral(_ answer: Answer) {
        if slot.more { slot.send(Self.encoded(.continued(answer))) }
    }

    /// One answer of several, upon which the peer sends descriptors. A child that is forked before or after receives them
    /// from `socket`.
    public func sendAskingForDescriptors(_ answer: Answer) {
        // First, since the peer may be quick.
        slot.permitDescriptors()
        sendOneOfSeveral(answer)
    }

    /// Answers as many as there are, each when there is room for it: who reads slowly has only itself wait.
    /// - Parameters:
    ///   - next: gives the next answer, nil behind the last. It is not called any more once the peer is gone.
    ///   - none: the answer where there is none.
    public func sendAll(orElse none: Answer, _ next: @escaping () -> Answer?) {
        // The last one is marked as such, so it is known only when there is no other behind it.
        var held = next()
        slot.produce {
            guard let current = held else { return (Self.encoded(.last(none)), true) }
            held = next()
            return (Self.encoded(held == nil ? .last(current) : .continued(current)), held == nil)
        }
    }

    /// Called at most once, when the peer hangs up before it has its last answer.
    public func whenHungUp(_ handler: @escaping () -> Void) {
        if slot.isGone { handler() } else { slot.whenHungUp = handler }
    }

    /// The connection's descriptor, for a child that is forked while the call is open and receives the peer's descriptors
    /// (`DescriptorPassing.receive`). The connection reads nothing meanwhile. nil when the peer is gone.
    public var socket: CInt? { slot.descriptor }

    private static func encoded(_ message: ReplyMessage<Answer>) -> [UInt8] {
        do {
            return try message.encoded()
        } catch {
            // What JSON cannot say is a number that is infinite, or not one.
            let failure = ReplyMessage<Answer>.failure(.failed(why: "exeuntd cannot encode its answer"))
            return (try? failure.encoded()) ?? [0]  // try?: it holds nothing but text
        }
    }
}
