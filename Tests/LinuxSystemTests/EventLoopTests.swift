// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import LinuxSystem

extension LinuxSystemSuite {
    @Suite struct Events {
        @Test func instantsSaturate() {
            let now = MonotonicInstant(nanoseconds: 1_500)
            #expect((now + .nanoseconds(500)).nanoseconds == 2_000)
            #expect((now + .seconds(-1)).nanoseconds == 0)
            #expect((now + .seconds(Int64.max)).nanoseconds == 1_500 + UInt64(Int64.max))
            #expect(now - MonotonicInstant(nanoseconds: 2_500) == .microseconds(-1))
            #expect(MonotonicInstant(nanoseconds: 2_500) - now == .microseconds(1))
        }

        @Test func waitsAreRoundedUp() {
            #expect(Duration.nanoseconds(1).millisecondsRoundedUp == 1)
            #expect(Duration.milliseconds(2).millisecondsRoundedUp == 2)
            #expect(Duration.seconds(-1).millisecondsRoundedUp == 0)
            #expect(Duration.seconds(Int64.max).millisecondsRoundedUp == .max)
        }

        @Test func timersRunInOrderAndNotBeforeTheirTime() throws {
            let loop = try EventLoop()
            let start = MonotonicInstant.now()
            var order: [Int] = []
            try loop.schedule(at: start + .milliseconds(30)) {
                order.append(3)
                loop.stop()
            }
            try loop.schedule(at: start + .milliseconds(10)) { order.append(1) }
            let cancelled = try loop.schedule(at: start + .milliseconds(15)) { order.append(-1) }
            try loop.schedule(at: start + .milliseconds(10)) { order.append(2) }
            loop.cancel(cancelled)
            loop.cancel(cancelled)
            try loop.run()
            #expect(order == [1, 2, 3])
            #expect(MonotonicInstant.now() - start >= .milliseconds(30))
        }

        @Test func timersOfThePastAndOfZeroRunAtOnce() throws {
            let loop = try EventLoop()
            var count = 0
            try loop.schedule(at: MonotonicInstant(nanoseconds: 0)) { count += 1 }
            try loop.schedule(at: MonotonicInstant.now()) { count += 1 }
            try loop.runOnce(timeout: .seconds(5))
            #expect(count == 2)
        }

        @Test func aTimerMayScheduleAndCancelOthers() throws {
            let loop = try EventLoop()
            var ran: [String] = []
            let now = MonotonicInstant.now()
            var second: TimerID?
            try loop.schedule(at: now) {
                ran.append("first")
                if let second { loop.cancel(second) }
                _ = try? loop.schedule(at: now) { loop.stop() }  // try?: without it the test does not end
            }
            second = try loop.schedule(at: now) { ran.append("second") }
            try loop.run()
            #expect(ran == ["first"])
        }

        @Test func aCancelledTimerDoesNotWakeTheLoop() throws {
            let loop = try EventLoop()
            let timer = try loop.schedule(at: .now() + .milliseconds(5)) {}
            loop.cancel(timer)
            let start = MonotonicInstant.now()
            try loop.runOnce(timeout: .milliseconds(60))
            #expect(MonotonicInstant.now() - start >= .milliseconds(60))
        }

        @Test func whatIsWaitedForCanBeChanged() throws {
            let loop = try EventLoop()
            let pair = try makeSocketPair()
            var found: [EventInterest] = []
            let watch = try loop.watch(pair.first.number, for: .read) { found.append($0) }
            try loop.runOnce(timeout: .zero)
            #expect(found == [])
            try loop.change(watch, to: .write)
            try loop.runOnce(timeout: .zero)
            #expect(found == [.write])
            try loop.change(watch, to: [])
            try pair.second.write([1])
            try loop.runOnce(timeout: .zero)
            #expect(found == [.write])
            try loop.change(watch, to: [.read, .write])
            try loop.runOnce(timeout: .zero)
            #expect(found == [.write, [.read, .write]])
            loop.cancel(watch)
            try loop.change(watch, to: .read)
            try loop.runOnce(timeout: .zero)
            #expect(found.count == 2)
        }

        @Test func descriptorsAreWatched() throws {
            let loop = try EventLoop()
            let pipe = try makePipe()
            var found: [EventInterest] = []
            try loop.watch(pipe.readEnd.number, for: .read) { found.append($0) }
            try loop.runOnce(timeout: .zero)
            #expect(found.isEmpty)
            try pipe.writeEnd.write(bytes("x"))
            try loop.runOnce(timeout: .seconds(5))
            #expect(found == [.read])
        }

        @Test func theOtherEndGoingIsFoundWithoutBeingAskedFor() throws {
            let loop = try EventLoop()
            let pipe = try makePipe()
            var found: EventInterest = []
            let readEnd = takeReadEnd(pipe)
            let watch = try loop.watch(readEnd.number, for: []) { found.formUnion($0) }
            try loop.runOnce(timeout: .seconds(5))
            loop.cancel(watch)
            #expect(found.contains(.hangup))
        }

        @Test func aHandlerCancelsOneWhoseEventWasFoundAlready() throws {
            let loop = try EventLoop()
            let first = try makePipe()
            let second = try makePipe()
            var ran = 0
            var watches: [WatchID] = []
            for number in [first.readEnd.number, second.readEnd.number] {
                watches.append(
                    try loop.watch(number, for: .read) { _ in
                        ran += 1
                        watches.forEach(loop.cancel)
                    })
            }
            try first.writeEnd.write([1])
            try second.writeEnd.write([1])
            try loop.runOnce(timeout: .seconds(5))
            try loop.runOnce(timeout: .zero)
            #expect(ran == 1)
        }

        @Test func watchingTwiceIsAnError() throws {
            let loop = try EventLoop()
            let pipe = try makePipe()
            let watch = try loop.watch(pipe.readEnd.number, for: .read) { _ in }
            #expect(throws: SystemError("watch", "descriptor \(pipe.readEnd.number)", .fileExists)) {
                try loop.watch(pipe.readEnd.number, for: .read) { _ in }
            }
            loop.cancel(watch)
            try loop.watch(pipe.readEnd.number, for: .read) { _ in }
        }
    }
}
