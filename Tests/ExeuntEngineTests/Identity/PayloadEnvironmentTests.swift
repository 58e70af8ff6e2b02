// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem
import Testing

@testable import ExeuntEngine

@Suite struct PayloadEnvironmentTests {
    private let inherited = ["PATH=/root/bin", "LD_PRELOAD=/tmp/x.so", "TERM=xterm", "FOO=bar", "EXEUNT_SESSION=outer"]

    private func make(
        uid: UInt32? = nil, trackers: [Tracker]? = nil, _ change: (inout PayloadConditions) -> Void = { _ in }
    ) -> [String] {
        var request = RunRequest(command: [[1]], trackers: trackers)
        change(&request.conditions)
        request.identity = uid.map { PayloadIdentity.sample(uid: $0) }
        let made = PayloadEnvironment.make(from: inherited.map { Array($0.utf8) }, request, session: "inner")
        return made.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func withoutAnIdentityAllIsInherited() {
        #expect(make() == Array(inherited.dropLast()) + ["EXEUNT_SESSION=inner"])
    }

    @Test func assignmentsReplaceAndTheMarkComesLast() {
        let made = make { conditions in
            conditions.assignments = ["FOO=1", "FOO=2", "EXEUNT_SESSION=forged"].map { Array($0.utf8) }
        }
        let expected = ["PATH=/root/bin", "LD_PRELOAD=/tmp/x.so", "TERM=xterm", "FOO=2", "EXEUNT_SESSION=inner"]
        #expect(made == expected)
    }

    @Test func anotherUserBeginsAnew() {
        let expected = [
            "HOME=/home/sample", "SHELL=/bin/rbash", "USER=sample", "LOGNAME=sample",
            "PATH=/usr/local/bin:/usr/bin:/bin", "TERM=xterm", "EXEUNT_SESSION=inner",
        ]
        #expect(make(uid: 1000) == expected)
        #expect(make(uid: 0).contains("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"))
    }

    @Test func whatIsNamedIsKept() {
        let made = make(uid: 1000) { $0.preserved = ["FOO", "PATH", "NOT_SET"] }
        #expect(made.contains("FOO=bar"))
        #expect(made.filter { $0.hasPrefix("PATH=") } == ["PATH=/root/bin"])
        #expect(!made.contains { $0.hasPrefix("NOT_SET") || $0.hasPrefix("LD_") })
    }

    @Test func aMarkThatIsLookedForIsKept() {
        #expect(make(uid: 1000, trackers: [.descent, .mark(name: "FOO")]).contains("FOO=bar"))
    }
}

extension PayloadIdentity {
    static func sample(uid: UInt32 = 1000) -> PayloadIdentity {
        let account = Account(
            name: "sample", uid: uid, gid: 100, home: Array("/home/sample".utf8), shell: Array("/bin/rbash".utf8))
        return PayloadIdentity(account: account, credentials: Credentials(uid: uid, gid: 100, groups: [100, 7]))
    }
}
