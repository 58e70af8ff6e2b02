// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// A cgroup of which is waited for that nobody is left in it.
final class WatchedCgroup {
    private let cgroup: Cgroup
    private let loop: EventLoop
    private var watch: WatchID?
    private var timer: TimerID?

    /// Calls the handler once: soon, if nobody is in it now; not at all if this value goes before.
    init(_ cgroup: Cgroup, _ loop: EventLoop, _ handler: @escaping () -> Void) throws(SystemError) {
        self.cgroup = cgroup
        self.loop = loop
        watch = try loop.watch(try cgroup.eventsDescriptor(), for: .priority) { [weak self] _ in
            self?.look(handler)
        }
        // Without this look the kernel would not tell of the next change.
        guard try !cgroup.isPopulated() else { return }
        timer = try loop.schedule(at: .now()) { [weak self] in self?.look(handler) }
    }

    deinit {
        if let watch { loop.cancel(watch) }
        if let timer { loop.cancel(timer) }
    }

    private func look(_ handler: () -> Void) {
        // try?: a cgroup that cannot be looked at is looked at again at its next change.
        guard let isPopulated = try? cgroup.isPopulated(), !isPopulated, let watch else { return }
        loop.cancel(watch)
        self.watch = nil
        handler()
    }
}
