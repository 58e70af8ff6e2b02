// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem
import Testing

@testable import ExeuntEngine

@Suite struct LimitTextTests {
    @Test func valuesAndUnits() throws {
        let expected: [String: (Resource, ResourceLimit)] = [
            "nofile=1024:4096": (.nofile, ResourceLimit(soft: 1024, hard: 4096)),
            "core=0": (.core, ResourceLimit(soft: 0, hard: 0)),
            "as=2G": (.as, ResourceLimit(soft: 2 << 30, hard: 2 << 30)),
            "stack=8M:infinity": (.stack, ResourceLimit(soft: 8 << 20, hard: nil)),
            "memlock=64K:1T": (.memlock, ResourceLimit(soft: 64 << 10, hard: 1 << 40)),
            "cpu=unlimited": (.cpu, ResourceLimit(soft: nil, hard: nil)),
            "rttime=18446744073709551614": (.rttime, ResourceLimit(soft: .max - 1, hard: .max - 1)),
        ]
        for (text, value) in expected {
            let found = try LimitText.parse(text)
            #expect(found.resource == value.0, "\(text)")
            #expect(found.limit == value.1, "\(text)")
        }
    }

    @Test func everyResourceHasItsNumber() throws {
        for resource in Resource.allCases { #expect(try LimitText.parse("\(resource.name)=1").resource == resource) }
        #expect(Resource.nofile.rawValue == 7)
        #expect(Resource.rttime.rawValue == 15)
    }

    @Test func whatIsNoLimit() {
        let bad = [
            "", "nofile", "nofile=", "=1", "nofile=1:", "nofile=:1", "nofile=1:2:3", "nofile=-1", "nofile=+1",
            "nofile=1k", "nofile=K", "nofile=0x10", "nofile=1.5G", "NOFILE=1", "RLIMIT_NOFILE=1", "files=1",
            "nofile= 1", "as=18446744073709551615", "as=99999999999T", "nofile=2:1", "nofile=infinity:1",
            "nofile=\u{661}",
        ]
        for text in bad { #expect(throws: TextError.self, "\(text)") { try LimitText.parse(text) } }
    }
}
