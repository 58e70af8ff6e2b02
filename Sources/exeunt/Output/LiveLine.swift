// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// One line on a terminal that says what is left while an ending takes its time.
final class LiveLine {
    private var isShown = false

    func show(_ progress: EndingProgress) {
        if let hook = progress.hook { return write(Self.text(hook)) }
        guard !progress.remaining.isEmpty else { return }
        let count = progress.remaining.count
        let names = progress.remaining.prefix(3).map { "\(Escaping.shown($0.name)) \($0.identity.pid)" }
        let more = count > 3 ? ", and \(count - 3) more" : ""
        let seconds = Self.seconds(progress.until + .milliseconds(999))
        let next = progress.nextStep.map { "\($0) in \(seconds) s" } ?? "killed, giving up in \(seconds) s"
        write("exeunt: \(count) left (\(names.joined(separator: ", "))\(more)); \(next)")
    }

    private static func text(_ hook: HookProgress) -> String {
        let until = hook.ran < hook.timeout ? "of \(seconds(hook.timeout)) s" : "and its time is over"
        return "exeunt: hook \(Escaping.shown(hook.path)) runs, \(seconds(hook.ran)) s \(until)"
    }

    private static func seconds(_ duration: Duration) -> Int64 {
        max(0, DurationText.nanoseconds(duration) / 1_000_000_000)
    }

    private func write(_ text: String) {
        let width = max(20, (windowSize(2)?.columns ?? 80) - 1)
        // The payload may have stopped the terminal, and the ending must go on.
        Console.write("\r\u{1B}[K" + String(text.prefix(width)), patience: .zero)
        isShown = true
    }

    func clear() {
        guard isShown else { return }
        Console.write("\r\u{1B}[K", patience: .zero)
        isShown = false
    }
}
