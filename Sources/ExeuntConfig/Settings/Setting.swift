// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// What settings are about: a section, or a file of one section. A new value of it holds the defaults.
protocol Settings: Sendable {
    init()
}

/// A row of the table: a key, what is written there, and where it goes.
struct Setting<Root: Settings>: Sendable {
    let key: String
    /// What is accepted as a value, for people.
    let accepts: String
    /// What it is for, in a sentence or two.
    let sentence: String
    /// Whether repeated assignments add up; otherwise the last one holds.
    let isList: Bool
    /// The value as text that can be assigned.
    let text: @Sendable (Root) -> String
    /// Reads a text that is not empty and puts the value into its place; or adds it to the list there, if told so.
    /// Nothing is changed by a text that cannot be read.
    let assign: @Sendable (String, _ addsUp: Bool, inout Root) throws(TextError) -> Void
    /// Puts the default into its place, or the empty list.
    let reset: @Sendable (inout Root) -> Void

    /// A setting that has one value.
    init<Value>(
        _ key: String, _ path: WritableKeyPath<Root, Value> & Sendable, _ form: Form<Value>, _ sentence: String
    ) {
        self.key = key
        self.sentence = sentence
        accepts = form.accepts
        isList = false
        text = { form.text($0[keyPath: path]) }
        assign = { text, _, root throws(TextError) in root[keyPath: path] = try form.parse(text) }
        reset = { root in root[keyPath: path] = Root()[keyPath: path] }
    }

    /// A setting that is a list.
    init<Element>(
        _ key: String, list path: WritableKeyPath<Root, [Element]> & Sendable, _ form: Form<[Element]>,
        _ sentence: String
    ) {
        self.key = key
        self.sentence = sentence
        accepts = form.accepts
        isList = true
        text = { form.text($0[keyPath: path]) }
        assign = { text, addsUp, root throws(TextError) in
            let elements = try form.parse(text)
            if addsUp { root[keyPath: path] += elements } else { root[keyPath: path] = elements }
        }
        reset = { root in root[keyPath: path] = [] }
    }
}
