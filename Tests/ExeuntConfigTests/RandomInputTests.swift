// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import Testing

/// Whatever a file holds, the readers come to an end and trap on nothing; what is not refused is shown and read back.
struct RandomInputTests {
    /// SplitMix64 by Sebastiano Vigna: a seed replays a failure.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    private static let pieces: [[UInt8]] =
        ([
            "[", "]", "=", "\n", "\\\n", "\\", "\r\n", "#", ";", "'", "\"", " ", "\t", "[Payload]\n", "[Rule x]\n",
            "Rule",
            "[Session]\n", "[Hooks]\n", "[glexec]\n", "[Login]\n", "Ladder", "Track", "KILL", "TERM",
            "99999999999999999999",
            "1e9s", "0", "-1", "infinity", "mark:", "@", "/", "/a", "..", "é", "\u{301}", "\u{202E}",
            "KillExcludeUsers=",
            "[Class user]\n", "[Class ", "[Keep]\n", "[Run]\n", "[Daemon]\n", "Allow=", "a:b ", "TTY=", "OlderThan=",
            "*",
            "epilogue=", "Exe=", "After=", "TimeoutSec=", "For=", "Action=keep\n", "5s ", "\u{FEFF}",
        ] as [String]).map { Array($0.utf8) } + [[0], [0xFF], [0xC3], [0x1B]]

    private func input(_ generator: inout Generator) -> [UInt8] {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0:
            return (0..<Int.random(in: 0...300, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
        case 1:
            return (0..<Int.random(in: 0...60, using: &generator)).flatMap { _ in
                Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &generator)]
            }
        default:
            var bytes = Array(ExampleFile.text.utf8.filter { $0 != UInt8(ascii: "#") }.suffix(600))
            for _ in 0..<Int.random(in: 1...20, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            return bytes
        }
    }

    @Test func everythingEnds() throws {
        var accepted = 0
        for seed in 1...6000 {
            var generator = Generator(state: UInt64(seed))
            let file = ConfigurationFile(path: "f", bytes: input(&generator))
            _ = LogindConfiguration.read([file])
            do throws(ConfigurationFaults) { _ = try GlexecReader.read(file) } catch { #expect(!error.all.isEmpty) }
            do throws(ConfigurationFaults) {
                let configuration = try ConfigurationReader.read([file])
                accepted += 1
                let shown = configuration.sections.map { section in
                    "[\(section.name)]\n" + section.settings.map { "\($0.key)=\($0.value)\n" }.joined()
                }.joined()
                #expect(try read(shown).values == configuration.values, "seed \(seed)")
            } catch {
                #expect(!error.all.isEmpty, "seed \(seed)")
            }
        }
        // Inputs that are all refused at once would try nothing.
        #expect(accepted > 50)
    }
}
