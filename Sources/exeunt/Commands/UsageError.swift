// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntCore

/// A bad command line: exit code 2.
enum UsageError {
    /// Reads an option's text, whose error then names the option.
    static func reading<Value>(
        _ option: String, _ text: String, _ parse: (String) throws(TextError) -> Value
    ) throws -> Value {
        do throws(TextError) {
            return try parse(text)
        } catch {
            throw ValidationError("\(option): \(error)")
        }
    }
}
