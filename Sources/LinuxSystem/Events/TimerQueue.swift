// SPDX-License-Identifier: Apache-2.0

/// Handlers in the order of their instants; those of one instant in the order they came.
struct TimerQueue {
    private struct Entry {
        let instant: MonotonicInstant
        let id: UInt64
        let handler: () -> Void
    }

    /// Latest first, so that taking the earliest moves nothing. There are only ever a few.
    private var entries: [Entry] = []

    var earliest: MonotonicInstant? { entries.last?.instant }

    mutating func add(_ id: UInt64, at instant: MonotonicInstant, _ handler: @escaping () -> Void) {
        let place = entries.firstIndex { $0.instant <= instant } ?? entries.endIndex
        entries.insert(Entry(instant: instant, id: id, handler: handler), at: place)
    }

    mutating func remove(_ id: UInt64) { entries.removeAll { $0.id == id } }

    mutating func takeDue(at now: MonotonicInstant) -> (() -> Void)? {
        guard let next = entries.last, next.instant <= now else { return nil }
        entries.removeLast()
        return next.handler
    }
}
