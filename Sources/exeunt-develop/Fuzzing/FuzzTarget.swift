// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import ExeuntProtocol
import LinuxSystem

/// One reader of what others have written, and what it usually reads.
struct FuzzTarget: Sendable {
    let name: String
    /// What mutations start from.
    let samples: [[UInt8]]
    /// Reads it; ends, and traps on nothing.
    let read: @Sendable ([UInt8]) -> Void

    init(_ name: String, _ samples: [String], _ read: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.samples = samples.map { Array($0.utf8) }
        self.read = read
    }

    /// All of them.
    static let all = proc + words + configuration + socket

    private static let proc = [
        FuzzTarget(
            "stat",
            [
                "42 (a) b) S 1 42 42 34816 42 4194560 100 0 0 0 3 1 0 0 20 0 1 0 12345 10000 200 18446744073709551615 1 1",
                "1 (init) Z 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 9 10 2 0 99999999999999999999 1 2 3",
            ]
        ) { bytes in bytes.withUnsafeBytes { _ = ProcessStat.parse($0) } },
        FuzzTarget("escaping", ["name\u{1B}[2J \\x1b é \u{202E} \u{2028}"]) { bytes in
            let shown = Escaping.shown(bytes)
            precondition(!shown.utf8.contains { $0 < 0x20 }, "a control character is shown")
        },
    ]

    private static let words = [
        FuzzTarget("ladder", ["CONT HUP TERM 10s KILL", "5s 1m30s KILL"]) { bytes in
            guard let ladder = try? Ladder.parse(text(bytes)) else { return }  // try?: it is refused
            precondition((try? Ladder.parse(ladder.description)) == ladder, "a ladder does not read back")
        },
        FuzzTarget("track", ["cgroup audit mark:LTSP_CLIENT_HOSTNAME group"]) { _ = try? Tracker.parse(text($0)) },
        FuzzTarget("duration", ["1h30min", "250ms", "9223372036854775807s", "infinity"]) { bytes in
            _ = try? DurationText.parse(text(bytes))  // try?: it is refused
        },
        FuzzTarget("time", ["2026-01-31T12:00:00.000Z"]) { bytes in
            guard let time = CivilText.time(text(bytes)) else { return }
            let shown = CivilText.text(time)
            precondition(CivilText.time(shown).map(CivilText.text) == shown, "a time does not read back")
        },
    ]

    private static let configuration = [
        FuzzTarget("exeunt.conf", [ExampleFile.text, ExampleFile.text.filter { $0 != "#" }]) { bytes in
            _ = try? ConfigurationReader.read([ConfigurationFile(path: "f", bytes: bytes)])  // try?: it is refused
        },
        FuzzTarget(
            "glexec.conf", ["[glexec]\nepilogue=/usr/sbin/clean\nepilogue_timeout = 30\nuser_white_list = .pool, a\n"]
        ) { bytes in
            _ = try? GlexecReader.read(ConfigurationFile(path: "f", bytes: bytes))  // try?: it is refused
        },
        FuzzTarget("logind.conf", ["[Login]\nKillUserProcesses=yes\nKillExcludeUsers=root a b\n"]) { bytes in
            _ = LogindConfiguration.read([ConfigurationFile(path: "f", bytes: bytes)])
        },
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
