// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// Children of the daemon's that were killed and that nobody watches any more. Most are gone at once; one that the kernel
/// keeps, because a disk or a server does not answer, goes when it can, and the daemon waits for none of them.
final class Stragglers {
    private var pids: Set<Int32> = []

    /// How many there are.
    var count: Int { pids.count }

    /// Takes a child, whose number is its own until it is reaped here.
    func take(_ pid: Int32) {
        pids.insert(pid)
        reap()
    }

    /// To be called whenever a child has exited (SIGCHLD).
    func reap() {
        for pid in pids {
            do throws(SystemError) {
                if try Children.reap(pid: pid) != nil {
                    pids.remove(pid)
                } else if try Children.peek(pid: pid) == .none {
                    pids.remove(pid)
                }
            } catch {
                // What cannot be waited for is no child.
                pids.remove(pid)
            }
        }
    }
}
