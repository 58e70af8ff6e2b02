// SPDX-License-Identifier: Apache-2.0
import ExeuntClient
import ExeuntCore
import ExeuntProtocol
import LinuxSystem

/// A lease that this process asks for itself, and for what it will execute.
struct KeepRequest {
    private let call: KeepCall
    /// What others may send to the daemon is bounded, and nobody reads more of a command than this.
    private static let longestCommand = 16384

    /// - Parameter program: the file that is going to be executed, which is what rules about programs compare.
    init(_ words: [[UInt8]], program: [UInt8], time: Duration?, reason: String?) {
        var command = [String(decoding: Self.absolute(program), as: UTF8.self)]
        var size = command[0].utf8.count
        for word in words.dropFirst() {
            let text = String(decoding: word, as: UTF8.self)
            size += text.utf8.count + 3
            guard size <= Self.longestCommand else {
                command.append("…")
                break
            }
            command.append(text)
        }
        call = KeepCall(
            seconds: time.map { Double(DurationText.nanoseconds($0)) / 1e9 }, reason: reason, command: command)
    }

    /// Comes back when this process has it; says so to whoever looks.
    func grant() throws(ClientError) {
        let lease = try DaemonCall.ask(call).lease
        guard isTerminal(2) else { return }
        Console.message(
            "kept until \(OutputStyle.zone.shown(lease.expires)); 'exeunt release \(Escaping.shown(lease.id.utf8))' ends it"
        )
    }

    /// Why there is none.
    static func text(_ error: ClientError) -> String {
        if case .refused(.keepRefused(let why, _)) = error { return Escaping.shown(why.utf8) }
        return Escaping.shown(DaemonCall.text(error).utf8)
    }

    private static func absolute(_ path: [UInt8]) -> [UInt8] {
        if path.first == UInt8(ascii: "/") { return path }
        // try?: as it was given, then.
        return (try? CurrentProcess.workingDirectory()).map { $0 + [UInt8(ascii: "/")] + path } ?? path
    }
}
