// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// A process that ends a session, as the daemon sees it: its child, or that of a daemon before it.
final class Ender {
    private let loop: EventLoop
    private let process: ProcessHandle
    private let isChild: Bool
    private let link: EnderLink?
    private var exitWatch: WatchID?
    private var linkWatch: WatchID?

    /// Forks the process, which does `work` and exits; `exited` is called once.
    static func start(
        _ loop: EventLoop, _ work: (EnderLink) -> Int32, vacant: @escaping () -> Void, exited: @escaping () -> Void
    ) throws(SystemError) -> Ender {
        let link = try EnderLink()
        switch try CurrentProcess.forkWatched() {
        case .child: CurrentProcess.exit(work(link))
        case .parent(let handle):
            let ender = Ender(loop, handle, link)
            try ender.watch(vacant: vacant, exited: exited)
            return ender
        }
    }

    /// Watches a process that another daemon has started; `exited` is called once.
    static func adopt(
        _ loop: EventLoop, _ process: consuming ProcessHandle, exited: @escaping () -> Void
    ) throws(SystemError) -> Ender {
        let ender = Ender(loop, process, nil)
        try ender.watch(vacant: {}, exited: exited)
        return ender
    }

    private init(_ loop: EventLoop, _ process: consuming ProcessHandle, _ link: EnderLink?) {
        self.loop = loop
        self.process = process
        self.link = link
        isChild = link != nil
    }

    /// In a process that was forked from the daemon.
    func letGo() {
        CurrentProcess.abandon(process.descriptor)
        link?.letGo()
    }

    private func watch(vacant: @escaping () -> Void, exited: @escaping () -> Void) throws(SystemError) {
        exitWatch = try loop.watch(process.descriptor, for: .read) { [self] _ in
            hear(vacant)
            forget()
            // try?: a child that cannot be reaped is one no more.
            if isChild { _ = try? Children.reap(pid: process.pid) }
            exited()
        }
        guard let link else { return }
        linkWatch = try loop.watch(link.daemonEnd, for: .read) { [self] found in
            hear(vacant)
            if found.contains(.hangup), let linkWatch { loop.cancel(linkWatch) }
        }
    }

    private func hear(_ vacant: () -> Void) {
        // try?: whoever cannot be heard exits, which is heard.
        while let message = try? link?.nextFromEnder() {
            if message == .vacant { vacant() }
        }
    }

    private func forget() {
        if let exitWatch { loop.cancel(exitWatch) }
        if let linkWatch { loop.cancel(linkWatch) }
        (exitWatch, linkWatch) = (nil, nil)
    }

    /// Tells it something; one of another daemon's is told by a signal, for which it has to be in a hurry.
    func tell(_ news: EnderNews) throws(SystemError) {
        guard let link else {
            if news == .hurry { _ = process.send(.term) }
            return
        }
        switch news {
        case .hurry: try link.tellEnder(.hurry)
        case .leaderLeaves(let patience, let since): try link.tellEnder(.leaderLeaves(patience, since: since))
        case .reason(let reason): try link.tellEnder(.reason(reason))
        }
    }
}
