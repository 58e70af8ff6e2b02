// SPDX-License-Identifier: Apache-2.0

/// Events in the order of their time; those of the same time in the order in which they were put in.
struct EventQueue<Event> {
    private var heap: [(time: Int64, number: Int, event: Event)] = []
    private var count = 0

    /// When the first one is due.
    var first: Int64? { heap.first?.time }

    mutating func add(_ event: Event, at time: Int64) {
        count += 1
        heap.append((time, count, event))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(child, parent) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the first one out when it is due at `now`.
    mutating func next(until now: Int64) -> (time: Int64, event: Event)? {
        guard let first = heap.first, first.time <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(child, least) {
                least = child
            }
            if least == parent { return (first.time, first.event) }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    mutating func removeAll() { heap.removeAll() }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (heap[left].time, heap[left].number) < (heap[right].time, heap[right].number)
    }
}
