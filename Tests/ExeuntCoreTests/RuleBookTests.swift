// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import Testing

/// A rule book that can be asked inside an expectation.
private final class Book {
    private var book: RuleBook

    init(rules: [Rule], ownUnits: Ruling? = nil, sparedBefore before: [ProcessIdentity: String] = [:]) {
        book = RuleBook(rules: rules, ownUnits: ownUnits, sparedBefore: before)
    }

    var isEmpty: Bool { book.isEmpty }

    @discardableResult
    func decide(_ members: [ObservedProcess]) -> [Rule.Action] { rule(members).map(\.action) }

    func rule(_ members: [ObservedProcess]) -> [Ruling] { book.decide(members) }
}

struct RuleBookTests {
    private let keep = keepRule
    private let report = Rule(name: "report", executable: ExecutableIdentity(device: 1, inode: 8), action: .report)
    private let end = Rule(name: "end", executable: ExecutableIdentity(device: 1, inode: 9), action: .end)

    @Test func withoutRulesEverythingEnds() {
        let book = Book(rules: [])
        #expect(book.isEmpty)
        #expect(book.decide([member(11, program: 7), member(12)]) == [.end, .end])
    }

    @Test func aProgramIsKnownByItsFile() {
        let book = Book(rules: [keep])
        #expect(book.decide([member(11, program: 7), member(12, program: 6), member(13)]) == [.keep, .end, .end])
    }

    @Test func theFirstRuleThatMatchesDecides() {
        let second = Rule(name: "again", action: .report, programs: keep.programs)
        let book = Book(rules: [keep, second])
        #expect(book.decide([member(11, program: 7)]) == [.keep])
    }

    @Test func descendantsFollowWhateverTheOrderOfTheListing() {
        let book = Book(rules: [keep])
        let members = [member(14, parent: 13), member(13, parent: 11), member(11, program: 7), member(12)]
        #expect(book.decide(members) == [.keep, .keep, .keep, .end])
    }

    @Test func theNearestRuleDecides() {
        let book = Book(rules: [keep, report, end])
        let members = [
            member(11, program: 7), member(12, parent: 11, program: 8), member(13, parent: 12),
            member(14, parent: 11, program: 9), member(15, parent: 14),
        ]
        #expect(book.decide(members) == [.keep, .report, .report, .end, .end])
    }

    @Test func aChildStaysSparedWhenItsParentHasGone() {
        let book = Book(rules: [keep])
        book.decide([member(11, program: 7), member(12, parent: 11)])
        #expect(book.decide([member(12, parent: 2), member(13, parent: 12)]) == [.keep, .keep])
    }

    @Test func whoeverWasSparedStaysSoAsAnotherProgram() {
        let book = Book(rules: [keep])
        book.decide([member(11, program: 7)])
        #expect(book.decide([member(11, program: 6)]) == [.keep])
    }

    @Test func aNewChildIsSparedThoughTheListingMissesItsParent() {
        let book = Book(rules: [keep])
        book.decide([member(11, program: 7)])
        #expect(book.decide([member(12, parent: 11)]) == [.keep])
    }

    @Test func aRecycledPidInheritsNothing() {
        let book = Book(rules: [keep])
        book.decide([member(11, program: 7)])
        let members = [member(11, program: 6, start: 2), member(12, parent: 11)]
        #expect(book.decide(members) == [.end, .end])
    }

    @Test func loopsOfForgedParentsEnd() {
        let book = Book(rules: [keep])
        let loop = [member(11, parent: 12), member(12, parent: 13), member(13, parent: 11), member(14, parent: 14)]
        #expect(book.decide(loop) == [.end, .end, .end, .end])
    }

    @Test func aLongChainIsFollowedToItsTop() {
        let book = Book(rules: [keep])
        let chain = (11...Int32(2000)).map { member($0, parent: $0 - 1, program: $0 == 11 ? 7 : 6) }
        #expect(book.decide(chain.reversed()).allSatisfy { $0 == .keep })
    }

    @Test func theRuleThatHasDecidedIsNamed() {
        let book = Book(rules: [keep, end])
        let members = [
            member(11, program: 7), member(12, parent: 11), member(13, parent: 12, program: 9), member(14, program: 6),
        ]
        #expect(book.rule(members).map(\.rule) == ["keep", "keep", "end", nil])
        #expect(book.rule([member(12, parent: 2)]) == [Ruling(.keep, rule: "keep")])
        #expect(Book(rules: []).rule(members).allSatisfy { $0 == Ruling(.end) })
    }

    @Test func whomAnEarlierEndingHasSparedStaysSo() {
        let before = [identity(12): "keep", identity(13): "end", identity(14): "gone"]
        let book = Book(rules: [keep, end], sparedBefore: before)
        let members = [member(12), member(13), member(14), member(15, parent: 12)]
        #expect(book.decide(members) == [.keep, .end, .end, .keep])
        // The rule has had its time.
        var expired = keep
        expired.action = .end
        #expect(Book(rules: [expired], sparedBefore: before).decide([member(12)]) == [.end])
    }

    @Test func aProcessIsMatchedWhenItIsSeen() {
        let book = Book(rules: [Rule(name: "old", action: .keep, minimumAge: .seconds(10))])
        var process = member(11)
        process.age = .seconds(9)
        #expect(book.decide([process]) == [.end])
        process.age = .seconds(10)
        #expect(book.decide([process]) == [.keep])
    }
}
