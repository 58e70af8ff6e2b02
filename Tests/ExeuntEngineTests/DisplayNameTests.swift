// SPDX-License-Identifier: Apache-2.0
import LinuxSystem
import Testing

@testable import ExeuntEngine

@Suite struct DisplayNameTests {
    private func local(_ number: Int) -> [ServerAddress] {
        let path = Array("/tmp/.X11-unix/X\(number)".utf8)
        return [.abstract(path), .path(path)]
    }

    @Test func namesWithoutAHostAreLocal() {
        for name in [":7", ":7.1", "unix:7", "tcp/unix:7"] {
            #expect(DisplayName.addresses(ofX11: name) == local(7), "\(name)")
        }
    }

    @Test func namesWithAHostAreNot() {
        #expect(DisplayName.addresses(ofX11: "localhost:10.0") == [.network(host: "localhost", port: 6010)])
        #expect(DisplayName.addresses(ofX11: "ltsp203:0") == [.network(host: "ltsp203", port: 6000)])
        #expect(DisplayName.addresses(ofX11: "[::1]:2") == [.network(host: "::1", port: 6002)])
        #expect(DisplayName.addresses(ofX11: "tcp/10.0.0.1:2") == [.network(host: "10.0.0.1", port: 6002)])
    }

    @Test(arguments: ["", "x", ":", ":x", ":-1", ":1.2.3", "a:99999", ":1:", "a:b"]) func whatNamesNone(_ name: String)
    {
        #expect(DisplayName.addresses(ofX11: name).isEmpty)
    }
}
