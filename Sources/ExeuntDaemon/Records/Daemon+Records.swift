// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Records are written by a process of its own: a disk that is full, or does not answer, stops nobody but that process.
extension Daemon {
    /// How long a writer may take before somebody is told.
    private static let writerPatience = Duration.seconds(30)
    private static let longestPause = Duration.seconds(60)

    /// Hands over what an ender has left, once nobody needs it where it is. What is not whole is worth nothing.
    func handOver(_ id: String) throws {
        guard case .done = try endings.state(of: id) else { return try endings.remove(id) }
        if try !endings.move(id, to: records) {
            log.said(.error, "the record of session \(id) is dropped: too many wait for \(settings.daemon.recordFile)")
        }
        writeRecords()
    }

    /// Sends somebody to write what waits, if nobody is at it.
    func writeRecords(after pause: Duration = .zero) {
        guard recordTimer == nil, recordWriter == nil else { return }
        noting(nil) {
            recordTimer = try loop.schedule(at: MonotonicInstant.now() + pause) { [self] in
                recordTimer = nil
                do {
                    try startWriter()
                } catch {
                    log.failed(nil, error)
                    tryAgain()
                }
            }
        }
    }

    private func startWriter() throws {
        guard try !records.isEmpty() else { return }
        // Of a daemon before this one: two would write the same.
        if let pid = try records.writer(), let handle = try ProcessHandle.open(pid: pid), try records.writer() == pid {
            return try watch(WatchedProcess(handle), isChild: false)
        }
        let isSaid = recordFailures > 0
        switch try CurrentProcess.forkWatched() {
        case .child:
            letGo()
            // try?: the name is for people.
            try? CurrentProcess.setName("exeunt-records")
            let isDone = records.write(to: RecordLog(path: settings.daemon.recordFile)) { id, error in
                // Once, and not each time that it is tried again.
                if !isSaid { log.failed(id, error) }
            }
            CurrentProcess.exit(isDone ? 0 : 1)
        case .parent(let handle): try watch(WatchedProcess(handle), isChild: true)
        }
    }

    private func watch(_ writer: WatchedProcess, isChild: Bool) throws {
        recordWriter = writer
        let warning = try loop.schedule(at: MonotonicInstant.now() + Self.writerPatience) { [self] in
            log.said(.error, "\(settings.daemon.recordFile) does not take records; they wait in memory until it does")
        }
        try writer.watch(loop) { [self] in
            loop.cancel(warning)
            recordWriter = nil
            // try?: a child that cannot be reaped is one no more.
            let status = isChild ? (try? Children.reap(pid: writer.handle.pid)) ?? nil : nil
            if status == .exited(0) { writerIsDone() } else { tryAgain() }
        }
    }

    private func writerIsDone() {
        if recordFailures > 0 { log.said(.information, "\(settings.daemon.recordFile) takes records again") }
        recordFailures = 0
        // Some may have come after its last look.
        noting(nil) { if try !records.isEmpty() { writeRecords() } }
    }

    private func tryAgain() {
        recordFailures += 1
        writeRecords(after: min(Self.longestPause, .milliseconds(100) * (1 << min(recordFailures, 10))))
    }
}
