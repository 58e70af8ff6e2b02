// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Something that takes long, or could wait for somebody else, done in a process of its own; what it brings are bytes.
final class Errand {
    private let loop: EventLoop
    private let process: ProcessHandle
    private let reading: Descriptor
    private var bytes: [UInt8] = []
    private var watch: WatchID?
    private var deadline: TimerID?
    private var done: (([UInt8]?) -> Void)?
    private let stragglers: Stragglers
    /// More than is shown to anybody.
    private static let most = 64 << 20

    /// Forks the process; `done` is called once, with nil if it has not come to its end.
    ///
    /// - Parameter stragglers: takes a process that was killed and is not gone yet.
    /// - Returns: what `cancel()` is for.
    static func run(
        _ loop: EventLoop, _ stragglers: Stragglers, within patience: Duration, _ work: () throws -> [UInt8],
        done: @escaping ([UInt8]?) -> Void
    ) throws(SystemError) -> Errand {
        let pipe = try makePipe()
        try pipe.readEnd.setNonblocking()
        switch try CurrentProcess.forkWatched() {
        case .child: CurrentProcess.exit(bring(work, to: pipe.onlyWriteEnd()))
        case .parent(let handle):
            let errand = Errand(loop, stragglers, handle, pipe.onlyReadEnd(), done)
            do throws(SystemError) {
                try errand.begin(within: patience)
            } catch {
                errand.end()
                throw error
            }
            return errand
        }
    }

    /// The first byte says that all of it has come.
    private static func bring(_ work: () throws -> [UInt8], to end: consuming Descriptor) -> Int32 {
        do {
            try end.write(try work() + [0])
            return 0
        } catch {
            return 1
        }
    }

    private init(
        _ loop: EventLoop, _ stragglers: Stragglers, _ process: consuming ProcessHandle,
        _ reading: consuming Descriptor,
        _ done: @escaping ([UInt8]?) -> Void
    ) {
        self.loop = loop
        self.stragglers = stragglers
        self.process = process
        self.reading = reading
        self.done = done
    }

    /// Nobody waits for it any more.
    func cancel() { finish() }

    private func begin(within patience: Duration) throws(SystemError) {
        watch = try loop.watch(reading.number, for: .read) { [self] _ in take() }
        deadline = try loop.schedule(at: MonotonicInstant.now() + patience) { [self] in finish() }
    }

    private func take() {
        // try?: a pipe that cannot be read brings nothing any more.
        while let some = try? reading.readSome(atMost: 65536) {
            if some.isEmpty || bytes.count > Self.most { return finish() }
            bytes += some
        }
    }

    private func finish() {
        guard let done else { return }
        end()
        done(bytes.last == 0 ? Array(bytes.dropLast()) : nil)
    }

    private func end() {
        done = nil
        if let watch { loop.cancel(watch) }
        if let deadline { loop.cancel(deadline) }
        (watch, deadline) = (nil, nil)
        _ = process.send(.kill)
        stragglers.take(process.pid)
    }
}

extension Daemon {
    /// Sends a process for something; see `Errand.run`. It lets go of what is the daemon's first.
    @discardableResult
    func send(
        within patience: Duration, _ work: () throws -> [UInt8], done: @escaping ([UInt8]?) -> Void
    ) throws(SystemError) -> Errand {
        try Errand.run(
            loop, stragglers, within: patience,
            {
                letGo()
                return try work()
            }, done: done)
    }
}
