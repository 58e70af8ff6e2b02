// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// What `EventLoop.watch` gave; never used a second time.
public struct WatchID: Hashable, Sendable {
    let number: UInt64
}

/// What `EventLoop.schedule` gave; never used a second time.
public struct TimerID: Hashable, Sendable {
    let number: UInt64
}

/// Waits for descriptors and instants in one thread, and sleeps without any wake-up while nothing happens.
///
/// Handlers run one after the other and may watch, schedule, cancel anything, themselves included, and stop the loop;
/// they do not run it.
public final class EventLoop {
    private struct Watch {
        let descriptor: CInt
        let handler: (EventInterest) -> Void
    }

    private let epoll: Descriptor
    private let timer: Descriptor
    private let events: UnsafeMutablePointer<clinux_event>
    private var watches: [UInt64: Watch] = [:]
    private var timers = TimerQueue()
    private var armed: MonotonicInstant?
    private var lastID: UInt64 = 0
    private var isStopped = false

    /// Fails with EMFILE or ENFILE.
    public init() throws(SystemError) {
        epoll = Descriptor(adopting: CInt(try check(makeEpoll(), "make", "epoll descriptor")))
        timer = Descriptor(adopting: CInt(try check(makeTimer(), "make", "timer descriptor")))
        events = .allocate(capacity: CLINUX_EPOLL_BATCH)
        let result = clinux_epoll_add(epoll.number, timer.number, EventInterest.read.rawValue, 0)
        _ = try check(result, "watch", "timer descriptor")
    }

    deinit { events.deallocate() }

    /// Calls the handler as long as the descriptor has what is waited for (level-triggered).
    ///
    /// The descriptor stays the caller's, who cancels the watch *before* closing it. A descriptor can be watched once
    /// (EEXIST); a regular file cannot be watched (EPERM).
    @discardableResult
    public func watch(
        _ descriptor: CInt, for interest: EventInterest, _ handler: @escaping (EventInterest) -> Void
    ) throws(SystemError) -> WatchID {
        lastID += 1
        _ = try check(
            clinux_epoll_add(epoll.number, descriptor, interest.kernelBits, lastID), "watch", "descriptor \(descriptor)"
        )
        watches[lastID] = Watch(descriptor: descriptor, handler: handler)
        return WatchID(number: lastID)
    }

    /// From here on the same handler is called for this instead. After the watch was cancelled it does nothing.
    /// - Parameter interest: none at all still finds hang-up and error.
    public func change(_ id: WatchID, to interest: EventInterest) throws(SystemError) {
        guard let watch = watches[id.number] else { return }
        let result = changeInEpoll(epoll.number, watch.descriptor, interest.kernelBits, id.number)
        _ = try check(result, "watch", "descriptor \(watch.descriptor)")
    }

    /// From here on the handler is not called. Cancelling twice does nothing.
    public func cancel(_ id: WatchID) {
        guard let watch = watches.removeValue(forKey: id.number) else { return }
        // Fails only when the descriptor was closed before, and then the kernel has forgotten it already.
        _ = removeFromEpoll(epoll.number, watch.descriptor)
    }

    /// Calls the handler once, at that instant or as soon after it as possible.
    @discardableResult
    public func schedule(
        at instant: MonotonicInstant, _ handler: @escaping () -> Void
    ) throws(SystemError) -> TimerID {
        lastID += 1
        timers.add(lastID, at: instant, handler)
        try arm()
        return TimerID(number: lastID)
    }

    /// From here on the handler is not called. Cancelling twice, or after the instant, does nothing.
    public func cancel(_ id: TimerID) { timers.remove(id.number) }

    /// Runs handlers until `stop()`.
    public func run() throws(SystemError) {
        isStopped = false
        while !isStopped { try runOnce(timeout: nil) }
    }

    /// Makes `run()` return after the handler that runs now.
    public func stop() { isStopped = true }

    /// Waits once and runs the handlers of what was found.
    /// - Parameter timeout: nil waits for ever; zero does not wait.
    public func runOnce(timeout: Duration?) throws(SystemError) {
        // A timer cancelled since may leave the timer descriptor armed too early: set it right before sleeping.
        try arm()
        let count = clinux_epoll_wait(epoll.number, events, timeout?.millisecondsRoundedUp ?? -1)
        if count == -EINTR { return }
        _ = try check(count, "wait for", "events")
        for index in 0..<Int(count) {
            let event = events[index]
            if event.id == 0 {
                runTimers()
            } else if let watch = watches[event.id] {
                // Looked up now: a handler before this one may have cancelled it.
                watch.handler(EventInterest(kernelBits: event.events))
            }
            if isStopped { return }
        }
    }

    private func runTimers() {
        var expirations: UInt64 = 0
        _ = clinux_read(timer.number, &expirations, MemoryLayout.size(ofValue: expirations))
        armed = nil
        let now = MonotonicInstant.now()
        while !isStopped, let handler = timers.takeDue(at: now) { handler() }
    }

    private func arm() throws(SystemError) {
        let wanted = timers.earliest
        if wanted == armed { return }
        // Zero would disarm it.
        let nanoseconds = wanted.map { max(1, $0.nanoseconds) } ?? 0
        _ = try check(setTimer(timer.number, nanoseconds), "set", "timer descriptor")
        armed = wanted
    }
}
