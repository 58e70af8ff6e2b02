// SPDX-License-Identifier: Apache-2.0
import LinuxSystem
import Testing

@testable import ExeuntEngine

struct ShortageTests {
    private func refusal(_ rule: TrustRule) -> TrustRefusal { TrustRefusal(path: [], component: [], rule: rule) }

    @Test(arguments: [Errno.resourceTemporarilyUnavailable, .noMemory, .tooManyOpenFiles, .tooManyOpenFilesInSystem])
    func passes(_ errno: Errno) {
        let error = SystemError("make", "pipe", errno)
        #expect(Shortage.isBehind(error))
        #expect(Shortage.isBehind(SpawnError(stage: .clone, error: error)))
        #expect(Shortage.isBehind(refusal(.unseen(errno))))
    }

    @Test func staysAsItIs() {
        let error = SystemError("open", "/x", .permissionDenied)
        #expect(!Shortage.isBehind(error))
        #expect(!Shortage.isBehind(SpawnError(stage: .execute, error: error)))
        #expect(!Shortage.isBehind(refusal(.unseen(.noSuchFileOrDirectory))))
        #expect(!Shortage.isBehind(refusal(.othersWrite)))
    }
}
