// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// The parameters of one method.
public protocol MethodCall: Codable, Hashable, Sendable {
    /// What it is answered with.
    associatedtype Reply: MethodReply
    /// The names of the parameters.
    associatedtype CodingKeys: CodingKey, CaseIterable
    /// With its interface.
    static var fullName: String { get }
    /// From the parameters of a plain call, where it is worth the while; nil for what is to be decoded instead.
    init?(plain parameters: [String: PlainValue])
}

/// The parameters of an answer.
public protocol MethodReply: Codable, Hashable, Sendable {
    /// The names of the parameters, `record` left out.
    associatedtype CodingKeys: CodingKey, CaseIterable
    /// The parameter `record`, which is passed on as it was written; no `Codable` knows of it.
    var record: RawJSON? { get set }
    /// The parameters as JSON, `record` left out.
    func encodedParameters() throws -> [UInt8]
}

extension MethodReply {
    /// Most answers have none.
    public var record: RawJSON? {
        get { nil }
        set {}
    }

    /// As an encoder of any type has them.
    public func encodedParameters() throws -> [UInt8] { Array(try JSONEncoder.varlink.encode(self)) }
}

extension MethodCall {
    /// Most calls are not in such a hurry.
    public init?(plain parameters: [String: PlainValue]) { nil }

    /// The message, with its NUL.
    public func encoded(more: Bool = false, oneway: Bool = false) throws -> [UInt8] {
        let call = Encoded(
            method: Self.fullName, parameters: self, more: more ? true : nil, oneway: oneway ? true : nil)
        return Array(try JSONEncoder.varlink.encode(call)) + [0]
    }

    /// From a message the head of which was good.
    /// - Throws: the name of the first parameter that is missing, of another type, or not known here.
    public init(decoding message: [UInt8]) throws(CallError) {
        if let plain = PlainCall(message), let call = Self(plain: plain.parameters) {
            self = call
            return
        }
        self = try Self.decoded(message)
    }

    /// Whatever it is like.
    static func decoded(_ message: [UInt8]) throws(CallError) -> Self {
        do {
            return try JSONDecoder().decode(Decoded<Self>.self, from: Data(message)).parameters
        } catch let error as CallError {
            throw error
        } catch let error as DecodingError {
            throw .invalidParameter(error.parameter)
        } catch {
            throw .invalidParameter("parameters")
        }
    }
}

private struct Encoded<Parameters: Encodable>: Encodable {
    let method: String
    let parameters: Parameters
    let more: Bool?
    let oneway: Bool?
}

private struct Decoded<Parameters: MethodCall>: Decodable {
    let parameters: Parameters

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: AnyKey.self)
        let key = AnyKey(stringValue: "parameters")
        guard members.contains(key), try !members.decodeNil(forKey: key) else {
            parameters = try JSONDecoder().decode(Parameters.self, from: Data("{}".utf8))
            return
        }
        let given = try members.nestedContainer(keyedBy: AnyKey.self, forKey: key)
        // A misspelt `force` must not be taken for none.
        let known = Set(Parameters.CodingKeys.allCases.map(\.stringValue))
        if let stranger = given.allKeys.map(\.stringValue).filter({ !known.contains($0) }).min() {
            throw CallError.invalidParameter(stranger)
        }
        parameters = try members.decode(Parameters.self, forKey: key)
    }
}

extension JSONEncoder {
    /// One line, its keys in a fixed order.
    static var varlink: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}

extension DecodingError {
    /// The name of the parameter that it is about.
    var parameter: String {
        let path: [any CodingKey] =
            switch self {
            case .keyNotFound(let key, let context): context.codingPath + [key]
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            @unknown default: []
            }
        let isInside = path.first?.stringValue == "parameters"
        return path.dropFirst(isInside ? 1 : 0).first?.stringValue ?? "parameters"
    }
}
