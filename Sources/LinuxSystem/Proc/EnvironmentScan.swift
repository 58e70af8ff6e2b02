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
        /// Those that did not answer in time, or failed otherwise than by permission.
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
    ///   - patience: how long a single process may take without any progress.
    /// - Throws: when /proc is not there, or no reader can be forked.
    public static func run(
        pids: [Int32], name: [UInt8], value: [UInt8], sameUID: UInt32?, patience: Duration = .seconds(1)
    ) throws(SystemError) -> Result {
        guard !pids.isEmpty, !name.isEmpty, !value.isEmpty else { return Result() }
        let table = try ProcessTable()
        var result = try scan(pids, name, value, proc: table.directory, patience)
        if let sameUID {
            var own: [Int32] = []
            for pid in result.matches where try belongs(pid, to: sameUID, table) { own.append(pid) }
            result.matches = own
        }
        return result
    }

    /// - Parameter proc: a directory like /proc.
    static func scan(
        _ pids: [Int32], _ name: [UInt8], _ value: [UInt8], proc: CInt, _ patience: Duration
    ) throws(SystemError) -> Result {
        let board = try ProgressBoard(count: pids.count)
        var stuck: [Int32] = []
        let parent = CurrentProcess.pid
        while board.finished < pids.count {
            switch try CurrentProcess.fork() {
            case .child:
                read(pids, name, value, proc: proc, board, parent: parent)
            case .parent(let reader):
                let end = try watch(reader, board, patience)
                if end.isStuck { stuck.append(reader) }
                // It may have gone on between being found standing still and being killed: then where it is now has
                // had no time yet, and the next reader begins there.
                if board.finished < pids.count, end.stoodAt == nil || end.stoodAt == board.finished {
                    board.set(.failed, at: board.finished)
                    board.finish(board.finished + 1)
                }
            }
        }
        var result = Result()
        result.stuckReaders = stuck
        for (index, pid) in pids.enumerated() {
            switch board.outcome(at: index) {
            case .absent: break
            case .present: result.matches.append(pid)
            case .denied: result.denied.append(pid)
            case .failed, .pending, .unsettled: result.unreadable.append(pid)
            }
        }
        return result
    }

    /// The reader's whole life.
    private static func read(
        _ pids: [Int32], _ name: [UInt8], _ value: [UInt8], proc: CInt, _ board: ProgressBoard,
        parent: Int32
    ) -> Never {
        // try?: without it the reader lives on when its parent dies, until its read returns; nothing worse.
        try? CurrentProcess.setParentDeathSignal(.kill)
        if CurrentProcess.parent != parent { CurrentProcess.exit(1) }
        // A reader that gets stuck must not hold anybody's pipe open.
        if proc > 0 { _ = clinux_close_range(0, UInt32(proc) - 1) }
        _ = clinux_close_range(UInt32(proc) + 1, UInt32.max)
        try? CurrentProcess.setName("environ-reader")  // try?: only for people who look
        let reader = EnvironmentReader(proc: proc, name: name, value: value)
        for index in board.finished..<pids.count {
            board.set(look(reader, at: pids[index], board), at: index)
            board.finish(index + 1)
        }
        CurrentProcess.exit(0)
    }

    /// A process that is just executing a program is asked again until it has an environment. That is a matter of
    /// microseconds; where it takes longer it is unreadable.
    private static func look(
        _ reader: borrowing EnvironmentReader, at pid: Int32, _ board: ProgressBoard
    ) -> EnvironmentOutcome {
        for _ in 0..<20 {
            let outcome = reader.look(at: pid) { board.beat() }
            if outcome != .unsettled { return outcome }
            _ = pollOne(-1, 0, milliseconds: 1)
        }
        return .failed
    }

    private struct ReaderEnd {
        /// Where it stood still and was killed; nil when it ended by itself.
        var stoodAt: Int?
        /// It was killed, and does not die.
        var isStuck = false
    }

    private static func watch(
        _ reader: Int32, _ board: ProgressBoard, _ patience: Duration
    ) throws(SystemError) -> ReaderEnd {
        var end = ReaderEnd()
        // A child that was not reaped yet keeps its pid, so that this cannot be another process.
        guard let handle = try ProcessHandle.open(pid: reader) else { return end }
        var seen = board.beats
        while !handle.waitForExit(patience) {
            let now = board.beats
            if now != seen {
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
