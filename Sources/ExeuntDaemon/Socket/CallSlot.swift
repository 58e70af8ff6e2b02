// SPDX-License-Identifier: Apache-2.0

/// A call that is not answered to its end, as its connection knows it.
final class CallSlot {
    /// Gives the next message, and whether it is the last.
    typealias Producer = () -> (message: [UInt8], isLast: Bool)

    let more: Bool
    let oneway: Bool
    var whenHungUp: (() -> Void)?
    private(set) var producer: Producer?
    private(set) var isOpen = true
    private weak var connection: Connection?

    init(_ connection: Connection, more: Bool, oneway: Bool) {
        self.connection = connection
        self.more = more
        self.oneway = oneway
    }

    var isGone: Bool { connection?.isOpen != true }
    var descriptor: CInt? { isGone || !isOpen ? nil : connection?.descriptor }

    func permitDescriptors() {
        if isOpen { connection?.permitDescriptors() }
    }

    /// One of several.
    func send(_ message: [UInt8]) {
        guard isOpen, !oneway else { return }
        connection?.send(message)
    }

    /// The last.
    func finish(_ message: [UInt8]) {
        guard isOpen else { return }
        close()
        connection?.finish(self, oneway ? [] : message)
    }

    /// From here on the producer is asked, whenever there is room.
    func produce(_ producer: @escaping Producer) {
        guard isOpen, !isGone else { return }
        self.producer = producer
        connection?.pull()
    }

    /// The peer is gone.
    func hangUp() {
        let handler = whenHungUp
        close()
        handler?()
    }

    /// What the closures hold is let go of.
    private func close() {
        isOpen = false
        whenHungUp = nil
        producer = nil
    }
}
