// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Resource limits as people write them: `nofile=1024:4096`, `core=0`, `as=2G`, `stack=infinity`.
public enum LimitText {
    /// Reads one limit; a single value is both the soft and the hard one.
    public static func parse(_ text: String) throws(TextError) -> (resource: Resource, limit: ResourceLimit) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let resource = Resource(name: String(parts[0])) else { throw error(text) }
        let values = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard let first = values.first, values.count <= 2, let last = values.last else { throw error(text) }
        guard let soft = value(first), let hard = value(last) else { throw error(text) }
        if let highest = hard.number, soft.number.map({ $0 > highest }) ?? true {
            throw TextError(what: "limit", text: text, expected: "a soft limit that is not above the hard one")
        }
        return (resource, ResourceLimit(soft: soft.number, hard: hard.number))
    }

    /// A number of bytes, seconds or things; nil without limit.
    private struct Value {
        let number: UInt64?
    }

    private static let units: [Character: UInt64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]

    private static func value(_ text: Substring) -> Value? {
        if text == "infinity" || text == "unlimited" { return Value(number: nil) }
        var digits = text
        var scale: UInt64 = 1
        if let unit = text.last.flatMap({ units[$0] }) {
            scale = unit
            digits = text.dropLast()
        }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = UInt64(digits) else {
            return nil
        }
        let (product, overflow) = number.multipliedReportingOverflow(by: scale)
        // The highest number means "without limit" to the kernel.
        return overflow || product == .max ? nil : Value(number: product)
    }

    private static func error(_ text: String) -> TextError {
        let names = Resource.allCases.map(\.name).sorted().joined(separator: ", ")
        return TextError(
            what: "limit", text: text,
            expected: "NAME=SOFT[:HARD], such as nofile=1024:4096, as=2G or core=0:infinity, with a NAME of \(names)")
    }
}
