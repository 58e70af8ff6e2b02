// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntEngine
import LinuxSystem

/// One line on a terminal that says what is left while an ending takes its time.
final class LiveLine {
    private var isShown = false

    func show(_ progress: EndingProgress) {
        guard !progress.remaining.isEmpty else { return }
        let count = progress.remaining.count
        let names = progress.remaining.prefix(3).map { "\(Escaping.shown($0.name)) \($0.identity.pid)" }
        let more = count > 3 ? ", and \(count - 3) more" : ""
        let seconds = max(0, DurationText.nanoseconds(progress.until) / 1_000_000_000)
        let next = progress.nextStep.map { "\($0) in \(seconds) s" } ?? "killed, giving up in \(seconds) s"
        let text = "exeunt: \(count) left (\(names.joined(separator: ", "))\(more)); \(next)"
        let width = max(20, (windowSize(2)?.columns ?? 80) - 1)
        Console.write("\r\u{1B}[K" + String(text.prefix(width)))
        isShown = true
    }

    func clear() {
        guard isShown else { return }
        Console.write("\r\u{1B}[K")
        isShown = false
    }
}
