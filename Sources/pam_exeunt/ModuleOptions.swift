// SPDX-License-Identifier: Apache-2.0
import CPAM

/// The words behind the module's name in the configuration of PAM.
struct ModuleOptions {
    static let longestWait: Int64 = 3600

    private(set) var sessionClass: UnsafeBufferPointer<UInt8>?
    private(set) var type: UnsafeBufferPointer<UInt8>?
    /// Seconds for which closing waits until the session is empty.
    private(set) var wait: Int64 = 0
    private(set) var debugs = false

    /// Reads the words; what is wrong with one is said to `transaction`, if there is one, and the word is passed over.
    init(_ words: UnsafeMutablePointer<UnsafePointer<CChar>?>?, _ count: Int32, complainingTo transaction: Transaction?)
    {
        for index in 0..<Int(max(count, 0)) {
            guard let word = UnsafeBufferPointer(words?[index], limit: 256) else { continue }
            if let right = read(word) { transaction?.complain(word, right) }
        }
    }

    /// Takes one word; what would be right, if it is wrong.
    private mutating func read(_ word: UnsafeBufferPointer<UInt8>) -> StaticString? {
        if ("debug" as StaticString).equals(word) {
            debugs = true
        } else if let value = word.dropping("class=") {
            let isClass = Self.isOneOf(value, "user", "greeter", "background")
            guard isClass else { return "class= is one of user, greeter, background" }
            sessionClass = value
        } else if let value = word.dropping("type=") {
            let isType = Self.isOneOf(value, "tty", "x11", "wayland", "unspecified")
            guard isType else { return "type= is one of tty, x11, wayland, unspecified" }
            type = value
        } else if let value = word.dropping("wait=") {
            guard let seconds = Self.seconds(value) else { return "wait= is a whole number of seconds, at most 3600" }
            wait = seconds
        } else {
            return "the options are class=, type=, wait=, debug"
        }
        return nil
    }

    private static func isOneOf(
        _ value: UnsafeBufferPointer<UInt8>, _ first: StaticString, _ second: StaticString, _ third: StaticString,
        _ fourth: StaticString? = nil
    ) -> Bool {
        first.equals(value) || second.equals(value) || third.equals(value) || fourth?.equals(value) == true
    }

    private static func seconds(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard !text.isEmpty, text.count <= 4 else { return nil }
        var seconds: Int64 = 0
        for byte in text {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            seconds = seconds &* 10 &+ Int64(byte &- UInt8(ascii: "0"))
        }
        return seconds <= longestWait ? seconds : nil
    }
}

extension Transaction {
    fileprivate func complain(_ word: UnsafeBufferPointer<UInt8>, _ right: StaticString) {
        var line = ByteBuffer(capacity: 512)
        line.append("option '")
        line.append(word)
        line.append("' is ignored: ")
        line.append(right)
        log(LOG_ERR, line)
    }
}
