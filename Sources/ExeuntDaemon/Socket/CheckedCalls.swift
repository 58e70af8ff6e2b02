// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import ExeuntProtocol

/// Values that every service would have to refuse.

extension CloseCall {
    func checked() throws(CallError) -> Self {
        guard isTime(wait) else { throw .invalidParameter("wait") }
        return self
    }
}

extension KeepCall {
    func checked() throws(CallError) -> Self {
        guard isTime(seconds) else { throw .invalidParameter("seconds") }
        guard isCommand(command) else { throw .invalidParameter("command") }
        return self
    }
}

extension HistoryCall {
    func checked() throws(CallError) -> Self {
        if let since, CivilText.time(since) == nil { throw .invalidParameter("since") }
        if let limit, limit < 0 { throw .invalidParameter("limit") }
        return self
    }
}

extension RunCall {
    func checked() throws(CallError) -> Self {
        guard isCommand(command) else { throw .invalidParameter("command") }
        guard environment.allSatisfy({ isText($0) && $0.firstIndex(of: "=") ?? $0.startIndex > $0.startIndex }) else {
            throw .invalidParameter("environment")
        }
        guard directory.map({ isText($0) && $0.hasPrefix("/") }) ?? true else { throw .invalidParameter("directory") }
        guard isTime(timeLimit) else { throw .invalidParameter("timeLimit") }
        return self
    }
}

/// A hundred years are enough, and fit into every clock.
private func isTime(_ seconds: Double?) -> Bool { seconds.map { $0 >= 0 && $0 <= 3_155_760_000 } ?? true }

private func isCommand(_ words: [String]) -> Bool { words.first?.isEmpty == false && words.allSatisfy(isText) }

/// What can be handed to exec.
private func isText(_ text: String) -> Bool { !text.utf8.contains(0) }
