// SPDX-License-Identifier: Apache-2.0
import CLinux

/// Finds processes by a variable of the environment they were started with.
///
/// The kernel reads `/proc/PID/environ` from the process's own memory, where a page can be made to never arrive. So a
/// forked reader does it, which says in shared memory how far it is; one that stands still is killed, the process it
/// stood at is passed over, and a new reader goes on behind it.
public enum EnvironmentScan {
    /// Pids in the order they were given.
    public struct Result: Sendable, Hashable {
        /// Those whose environment has exactly this variable with exactly this value.
        public var matches: [Int32] = []
        /// Those that did not answer in time, or failed otherwise than by permission: any of them may be a match.
        public var unreadable: [Int32] = []
        /// Those that the caller may not read.
        public var denied: [Int32] = []
        /// Readers that were killed and could not die yet: children of the caller, to be reaped and not to be taken
        /// for anybody else's.
        public var stuckReaders: [Int32] = []
    }

    /// Blocks until all have answered or been given up. Identity is the caller's to verify afterwards.
    /// - Parameters:
    ///   - value: an empty one matches nothing.
    ///   - sameUID: only processes that this user could signal, by their real or saved user id; nil: all.
    ///   - patience: how long a single process may take without any progress, and how long all those together that
    ///     are just executing a program.
    ///   - limit: how long it may take in all. Whoever was not asked by then is unreadable.
    /// - Throws: when /proc is not there, or no reader can be forked.
    public static func run(
        pids: [Int32], name: [UInt8], value: [UInt8], sameUID: UInt32?, patience: Duration = .seconds(1),
        limit: Duration = .seconds(10)
    ) throws(SystemError) -> Result {
        guard !name.isEmpty, !value.isEmpty else { return Result() }
        let table = try ProcessTable()
        let terms = Terms(
            name: name, value: value, proc: table.directory, patience: patience, deadline: .now() + limit)
        var result = try scan(pids, terms)
        if let sameUID {
            var own: [Int32] = []
            for pid in result.matches where try belongs(pid, to: sameUID, table) { own.append(pid) }
            result.matches = own
        }
        return result
    }

    /// What is looked for, where and how long.
    struct Terms {
        let name: [UInt8]
        let value: [UInt8]
        /// A directory like /proc.
        let proc: CInt
        let patience: Duration
        let deadline: MonotonicInstant
    }

    /// Asks those that are just executing a program again, until all have an environment.
    static func scan(_ pids: [Int32], _ terms: Terms) throws(SystemError) -> Result {
        var result = Result()
        var unsettled = try pass(pids, terms, &result)
        let patience = min(.now() + terms.patience, terms.deadline)
        var pause: CInt = 1
        while !unsettled.isEmpty, .now() < patience {
            _ = pollOne(-1, 0, milliseconds: pause)
            pause = min(pause * 2, 50)
            unsettled = try pass(unsettled, terms, &result)
        }
        result.unreadable += unsettled
        return result
    }

    /// Asks each once.
    /// - Returns: those to be asked again.
    private static func pass(
        _ pids: [Int32], _ terms: Terms, _ result: inout Result
    ) throws(SystemError) -> [Int32] {
        if pids.isEmpty { return [] }
        let board = try ProgressBoard(count: pids.count)
        let parent = CurrentProcess.pid
        while board.finished < pids.count, .now() < terms.deadline {
            switch try CurrentProcess.fork() {
            case .child:
                read(pids, terms, board, parent: parent)
            case .parent(let reader):
                let end = try watch(reader, board, terms)
                if end.isStuck { result.stuckReaders.append(reader) }
                // It may have gone on between being found standing still and being killed: then where it is now has
                // had no time yet, and the next reader begins there.
                if board.finished < pids.count, end.stoodAt == nil || end.stoodAt == board.finished {
                    board.set(.failed, at: board.finished)
                    board.finish(board.finished + 1)
                }
            }
        }
        var unsettled: [Int32] = []
        for (index, pid) in pids.enumerated() {
            switch board.outcome(at: index) {
            case .absent: break
            case .present: result.matches.append(pid)
            case .denied: result.denied.append(pid)
            case .unsettled: unsettled.append(pid)
            case .failed, .pending: result.unreadable.append(pid)
            }
        }
        return unsettled
    }

    /// The reader's whole life.
    private static func read(
        _ pids: [Int32], _ terms: Terms, _ board: ProgressBoard, parent: Int32
    ) -> Never {
        // try?: without it the reader lives on when its parent dies, until its read returns; nothing worse.
        try? CurrentProcess.setParentDeathSignal(.kill)
        if CurrentProcess.parent != parent { CurrentProcess.exit(1) }
        // A reader that gets stuck must not hold anybody's pipe open.
        if terms.proc > 0 { _ = closeRange(0, UInt32(terms.proc) - 1) }
        _ = closeRange(UInt32(terms.proc) + 1, UInt32.max)
        try? CurrentProcess.setName("environ-reader")  // try?: only for people who look
        let reader = EnvironmentReader(proc: terms.proc, name: terms.name, value: terms.value)
        for index in board.finished..<pids.count {
            board.set(reader.look(at: pids[index]) { board.beat() }, at: index)
            board.finish(index + 1)
        }
        CurrentProcess.exit(0)
    }

    private struct ReaderEnd {
        /// Where it stood still and was killed; nil when it ended by itself.
        var stoodAt: Int?
        /// It was killed, and does not die.
        var isStuck = false
    }

    private static func watch(
        _ reader: Int32, _ board: ProgressBoard, _ terms: Terms
    ) throws(SystemError) -> ReaderEnd {
        var end = ReaderEnd()
        // A child that was not reaped yet keeps its pid, so that this cannot be another process.
        guard let handle = try ProcessHandle.open(pid: reader) else { return end }
        var seen = board.beats
        while !handle.waitForExit(min(terms.patience, max(.zero, terms.deadline - .now()))) {
            let now = board.beats
            if now != seen, .now() < terms.deadline {
                seen = now
                continue
            }
            end.stoodAt = board.finished
            _ = handle.send(.kill)
            end.isStuck = !handle.waitForExit(.milliseconds(200))
            if end.isStuck { return end }
        }
        _ = try Children.reap(pid: reader)
        return end
    }

    /// As the kernel decides whether that user may signal it, so that a match gives nobody power over others.
    private static func belongs(_ pid: Int32, to uid: UInt32, _ table: ProcessTable) throws(SystemError) -> Bool {
        guard let owner = try table.owner(pid) else { return false }
        return owner.real == uid || owner.saved == uid
    }
}
