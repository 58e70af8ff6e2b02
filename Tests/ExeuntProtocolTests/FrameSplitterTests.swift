// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ExeuntProtocol

@Suite struct FrameSplitterTests {
    private func split(_ pieces: [[UInt8]], limit: Int = 1000) throws -> [[UInt8]] {
        var splitter = FrameSplitter(limit: limit)
        var frames: [[UInt8]] = []
        for piece in pieces {
            try splitter.add(piece)
            while let frame = try splitter.take() { frames.append(frame) }
        }
        return frames
    }

    @Test func messagesEndWithNUL() throws {
        #expect(try split([bytes("one\0two\0rest")]) == [bytes("one"), bytes("two")])
        #expect(try split([bytes("\0\0")]) == [[], []])
        #expect(try split([bytes("a"), bytes("b\0c"), [], bytes("\0")]) == [bytes("ab"), bytes("c")])
    }

    @Test func itSaysWhatItHas() throws {
        var splitter = FrameSplitter(limit: 10)
        #expect(!splitter.hasFrame && !splitter.hasBegun)
        try splitter.add(bytes("ab"))
        #expect(!splitter.hasFrame && splitter.hasBegun)
        try splitter.add(bytes("\0c"))
        #expect(splitter.hasFrame)
        #expect(try splitter.take() == bytes("ab"))
        #expect(!splitter.hasFrame && splitter.hasBegun)
        try splitter.add([0])
        #expect(try splitter.take() == bytes("c"))
        #expect(!splitter.hasFrame && !splitter.hasBegun)
    }

    @Test func tooLongIsTooLong() throws {
        #expect(try split([bytes("1234\0")], limit: 4) == [bytes("1234")])
        #expect(throws: FrameSplitter.TooLong(limit: 4)) { try split([bytes("12345\0")], limit: 4) }
        #expect(throws: FrameSplitter.TooLong(limit: 4)) { try split([bytes("12345")], limit: 4) }
        // The one that is too long comes behind one that is not.
        #expect(throws: FrameSplitter.TooLong(limit: 4)) { try split([bytes("1\012345")], limit: 4) }
    }

    /// Whatever comes, in whatever pieces: the same messages as by cutting the whole.
    @Test(arguments: 0..<200) func anyBytesInAnyPieces(seed: UInt64) throws {
        var random = Random(seed: seed)
        let whole = (0..<random.next(below: 3000)).map { _ in
            random.next(below: 9) == 0 ? 0 : UInt8(random.next(below: 256))
        }
        var pieces: [[UInt8]] = []
        var rest = whole[...]
        while !rest.isEmpty {
            let size = 1 + random.next(below: 50)
            pieces.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        let expected = whole.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
        #expect(try split(pieces, limit: 4000) == expected)
        #expect(try split([whole], limit: 4000) == expected)
    }
}
