// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// A process whose exit is waited for.
final class WatchedProcess {
    let handle: ProcessHandle
    private var watch: WatchID?
    private weak var loop: EventLoop?

    init(_ handle: consuming ProcessHandle) { self.handle = handle }

    deinit {
        if let watch { loop?.cancel(watch) }
    }

    /// Calls the handler once, when the process has exited; not at all if this value goes before.
    func watch(_ loop: EventLoop, _ handler: @escaping () -> Void) throws(SystemError) {
        self.loop = loop
        watch = try loop.watch(handle.descriptor, for: .read) { [weak self] _ in
            guard let self, let watch = self.watch else { return }
            loop.cancel(watch)
            self.watch = nil
            handler()
        }
    }
}
