// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Testing

@testable import LinuxSystem

// TIOCSPTLCK and TIOCGPTN, which the importer does not understand.
private let unlockTerminal: UInt = 0x4004_5431
private let terminalNumber: UInt = 0x8004_5430

/// A new pseudo-terminal of 80 × 24 that becomes the controlling terminal of the caller, who becomes the leader of a
/// new session. Both ends stay open.
private func takeTerminal() -> CInt? {
    let master = clinux_openat(AT_FDCWD, "/dev/ptmx", O_RDWR | O_NOCTTY)
    var unlocked: CInt = 0
    var number: CInt = -1
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    guard master >= 0, setsid() > 0, ioctl(master, unlockTerminal, &unlocked) == 0,
        ioctl(master, terminalNumber, &number) == 0, ioctl(master, UInt(TIOCSWINSZ), &size) == 0
    else { return nil }
    let terminal = clinux_openat(AT_FDCWD, "/dev/pts/\(number)", O_RDWR)
    return terminal >= 0 ? terminal : nil
}

extension LinuxSystemSuite {
    @Suite struct Terminals {
        @Test func theForegroundIsGivenAndTakenBack() throws {
            #expect(
                try inChild {
                    guard takeTerminal() != nil, let terminal = ControllingTerminal.open(),
                        terminal.foregroundGroup == CurrentProcess.group
                    else { return false }
                    var request = SpawnRequest(arguments: [bytes("sleep"), bytes("60")])
                    request.leadsGroup = true
                    request.foregroundTerminal = terminal.descriptor
                    let child = try Child(request)
                    guard terminal.foregroundGroup == child.pid else { return false }
                    // From the background now: SIGTTOU would stop this process.
                    try CurrentProcess.setSignalMask(.none)
                    try terminal.setForegroundGroup(CurrentProcess.group)
                    guard terminal.foregroundGroup == CurrentProcess.group else { return false }
                    guard child.send(.kill) == .delivered else { return false }
                    return try child.finish() == .signalled(.kill, coreDumped: false)
                })
        }

        @Test func aTerminalKnowsItsSize() throws {
            #expect(
                try inChild {
                    guard let terminal = takeTerminal() else { return false }
                    return isTerminal(terminal) && windowSize(terminal) == WindowSize(columns: 80, rows: 24)
                })
        }

        @Test func whatIsNoTerminalHasNone() throws {
            let pipe = try makePipe()
            let number = pipe.readEnd.number
            #expect(!isTerminal(number))
            #expect(windowSize(number) == nil)
            #expect(
                try inChild {
                    guard setsid() > 0 else { return false }
                    if ControllingTerminal.open() != nil { return false }
                    return true
                })
            var request = SpawnRequest(arguments: [bytes("/bin/true")])
            request.foregroundTerminal = number
            #expect(throws: SpawnError.self) { try Child(request) }
        }

        @Test func groupsAreOrphanedByWhoTheirParentIs() throws {
            #expect(
                try inChild {
                    guard setsid() > 0 else { return false }
                    let table = try ProcessTable()
                    // Its parent is of another session.
                    guard try table.isInOrphanedGroup(CurrentProcess.pid) else { return false }
                    var request = SpawnRequest(arguments: [bytes("sleep"), bytes("60")])
                    let same = try Child(request)
                    request.leadsGroup = true
                    let other = try Child(request)
                    let isAsExpected =
                        try table.isInOrphanedGroup(same.pid) && !table.isInOrphanedGroup(other.pid)
                    for child in [same, other] {
                        guard child.send(.kill) == .delivered else { return false }
                        _ = try child.finish()
                    }
                    return isAsExpected
                })
        }
    }
}
