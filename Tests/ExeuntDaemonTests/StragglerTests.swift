// SPDX-License-Identifier: Apache-2.0
import LinuxSystem
import Testing

@testable import ExeuntDaemon

/// Children that were killed and go later. Forked by one test at a time: a forked child has only the thread that forked.
@Suite(.serialized) struct StragglerTests {
    @Test func whoGoesLaterIsReapedThen() throws {
        let stragglers = Stragglers()
        guard case .parent(let child) = try CurrentProcess.forkWatched() else {
            CurrentProcess.stop()
            CurrentProcess.exit(0)
        }
        let pid = child.pid
        while try Children.peekStop(pid: pid) == nil {}
        stragglers.take(pid)
        #expect(stragglers.count == 1)
        let delivery = child.send(.kill)
        #expect(delivery == .delivered)
        let hasExited = child.waitForExit(.seconds(20))
        #expect(hasExited)
        stragglers.reap()
        #expect(stragglers.count == 0)
        #expect(try Children.peek(pid: pid) == .none)
    }

    @Test func whoIsNoChildIsForgotten() {
        let stragglers = Stragglers()
        stragglers.take(CurrentProcess.pid)
        #expect(stragglers.count == 0)
    }
}
