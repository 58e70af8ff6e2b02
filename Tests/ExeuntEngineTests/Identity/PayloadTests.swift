// SPDX-License-Identifier: Apache-2.0
import LinuxSystem
import Testing

@testable import ExeuntEngine

@Suite struct PayloadTests {
    private func words(_ request: RunRequest) -> [String] {
        request.payload(session: "x").arguments.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func theCallersOwnIsAsTheCallerHasIt() {
        let spawn = RunRequest(command: [Array("true".utf8)]).payload(session: "x")
        #expect(spawn.credentials == nil)
        #expect(spawn.passedDescriptors == nil)
        #expect(!spawn.newSession)
        #expect(spawn.directory == nil)
    }

    @Test func anotherUserGetsNothingThatWasNotNamed() {
        var request = RunRequest(command: [Array("true".utf8)])
        request.identity = .sample()
        let spawn = request.payload(session: "x")
        #expect(spawn.credentials == Credentials(uid: 1000, gid: 100, groups: [100, 7]))
        #expect(spawn.passedDescriptors == [])
        #expect(spawn.newSession)
        #expect(request.owner == 1000)
        request.conditions.passedDescriptors = [5]
        #expect(request.payload(session: "x").passedDescriptors == [5])
    }

    @Test func aLogInBeginsAtHomeByTheShell() {
        var request = RunRequest(command: [])
        request.identity = .sample()
        request.conditions.isLogin = true
        #expect(words(request) == ["-rbash"])
        #expect(request.shownCommand == [Array("-rbash".utf8)])
        #expect(request.payload(session: "x").candidates == [Array("/bin/rbash".utf8)])
        #expect(request.payload(session: "x").directory == Array("/home/sample".utf8))
        request.command = ["a b", "$c"].map { Array($0.utf8) }
        #expect(words(request) == ["-rbash", "-c", #"exec "$0" "$@""#, "a b", "$c"])
        request.conditions.directory = Array("/srv".utf8)
        #expect(request.payload(session: "x").directory == Array("/srv".utf8))
    }

    @Test func anUnreachableHomeIsSaidToBeOne() {
        var request = RunRequest(command: [])
        let refused = SystemError("enter", "/home/sample", .permissionDenied)
        let error = SpawnError(stage: .directory, error: refused)
        #expect(request.explained(error) is SpawnError)
        request.identity = .sample()
        request.conditions.isLogin = true
        #expect(request.explained(error) as? IdentityError == .homeUnreachable(user: "sample", refused))
        request.conditions.directory = Array("/srv".utf8)
        #expect(request.explained(error) is SpawnError)
    }
}
