// SPDX-License-Identifier: Apache-2.0

/// What an interface description says, as far as these tests have to know.
struct InterfaceText {
    typealias Fields = [String: String]
    private(set) var types: [String: Fields] = [:]
    private(set) var methods: [String: (parameters: Fields, reply: Fields)] = [:]
    private(set) var errors: [String: Fields] = [:]

    init(_ text: String) {
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let words = lines.joined(separator: " ")
        for part in words.split(separator: /\b(?=(?:type|method|error) [A-Z])/) {
            guard let found = part.firstMatch(of: /(type|method|error) (\w+) ?\(([^)]*)\)(?: -> \(([^)]*)\))?/) else {
                continue
            }
            let name = String(found.2)
            switch found.1 {
            case "type": types[name] = Self.fields(found.3)
            case "error": errors[name] = Self.fields(found.3)
            default: methods[name] = (Self.fields(found.3), Self.fields(found.4 ?? ""))
            }
        }
    }

    private static func fields(_ text: Substring) -> Fields {
        let pairs = text.split(separator: ",").map { field in
            let halves = field.split(separator: ":").map { $0.trimmed }
            return (halves[0], halves[1])
        }
        return Fields(uniqueKeysWithValues: pairs)
    }
}

extension Substring {
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}

/// The fields of a value in Varlink's words.
func fields(of value: Any) -> InterfaceText.Fields {
    let names = Mirror(reflecting: value).children.compactMap { child in
        child.label.map { ($0, varlinkType(type(of: child.value))) }
    }
    return InterfaceText.Fields(uniqueKeysWithValues: names)
}

private func varlinkType(_ type: Any.Type) -> String {
    let name = "\(type)"
    if let inner = name.firstMatch(of: /^Optional<(.*)>$/) { return "?" + word(String(inner.1)) }
    if let inner = name.firstMatch(of: /^Array<(.*)>$/) { return "[]" + word(String(inner.1)) }
    return word(name)
}

private func word(_ name: String) -> String {
    switch name {
    case "Int", "Int32", "UInt32", "UInt64": "int"
    case "Double": "float"
    case "Bool": "bool"
    case "RawJSON": "object"
    case "String", "State", "Action": "string"
    case "SessionDescription": "Session"
    case "MemberDescription": "Member"
    case "LeaseDescription": "Lease"
    default: name
    }
}
