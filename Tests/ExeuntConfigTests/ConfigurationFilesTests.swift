// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import Testing

struct ConfigurationFilesTests {
    private let admin = "/etc/exeunt"
    private let vendor = "/usr/lib/exeunt"

    private func paths(_ source: ListedFiles) throws(ConfigurationFaults) -> [String] {
        try ConfigurationFiles.exeunt.read(from: source).map(\.path)
    }

    private func source(_ paths: String...) -> ListedFiles {
        ListedFiles(contents: Dictionary(uniqueKeysWithValues: paths.map { ($0, .bytes([])) }))
    }

    /// Every run asks, and most hosts have no configuration: it must cost as little as can be.
    @Test func nothingIsThereAndIsAskedForOncePerDirectory() throws {
        let source = ListedFiles()
        #expect(try paths(source) == [])
        #expect(source.asked.paths == [admin, vendor])
    }

    @Test func theAdministratorsMainFileGoesBeforeTheVendors() throws {
        #expect(try paths(source("\(admin)/exeunt.conf", "\(vendor)/exeunt.conf")) == ["\(admin)/exeunt.conf"])
        #expect(try paths(source("\(vendor)/exeunt.conf")) == ["\(vendor)/exeunt.conf"])
    }

    @Test func dropInsAreOrderedByNameOverAllDirectories() throws {
        let found = try paths(
            source(
                "\(vendor)/exeunt.conf.d/10-b.conf", "\(admin)/exeunt.conf.d/20-a.conf",
                "\(vendor)/exeunt.conf.d/30-a.conf", "\(admin)/exeunt.conf.d/10-a.conf", "\(admin)/exeunt.conf"))
        #expect(
            found == [
                "\(admin)/exeunt.conf", "\(admin)/exeunt.conf.d/10-a.conf", "\(vendor)/exeunt.conf.d/10-b.conf",
                "\(admin)/exeunt.conf.d/20-a.conf", "\(vendor)/exeunt.conf.d/30-a.conf",
            ])
    }

    @Test func theSameNameMasksTheVendors() throws {
        #expect(
            try paths(source("\(admin)/exeunt.conf.d/a.conf", "\(vendor)/exeunt.conf.d/a.conf"))
                == ["\(admin)/exeunt.conf.d/a.conf"])
    }

    @Test func aLinkToNullMasksAndIsNotRead() throws {
        var source = source("\(vendor)/exeunt.conf", "\(vendor)/exeunt.conf.d/a.conf", "\(vendor)/exeunt.conf.d/b.conf")
        source.contents["\(admin)/exeunt.conf.d/a.conf"] = .masked
        source.contents["\(admin)/exeunt.conf"] = .masked
        #expect(try paths(source) == ["\(vendor)/exeunt.conf.d/b.conf"])
    }

    @Test func onlyConfFilesAreDropIns() throws {
        let source = source(
            "\(admin)/exeunt.conf.d/a.conf~", "\(admin)/exeunt.conf.d/.a.conf", "\(admin)/exeunt.conf.d/README",
            "\(admin)/exeunt.conf.d/a.conf.dpkg-old", "\(admin)/other.conf")
        #expect(try paths(source) == [])
    }

    @Test func whatCannotBeReadIsAFault() {
        var source = source("\(admin)/exeunt.conf", "\(admin)/exeunt.conf.d/a.conf", "\(admin)/exeunt.conf.d/b.conf")
        source.refused = ["\(admin)/exeunt.conf", "\(admin)/exeunt.conf.d/b.conf"]
        source.contents["\(admin)/exeunt.conf.d/a.conf"] = .absent
        #expect {
            try paths(source)
        } throws: { error in
            (error as? ConfigurationFaults)?.all.map(\.description) == [
                "/etc/exeunt/exeunt.conf must not be believed",
                "/etc/exeunt/exeunt.conf.d/a.conf is listed in its directory, and cannot be found",
                "/etc/exeunt/exeunt.conf.d/b.conf must not be believed",
            ]
        }
    }

    @Test func aDirectoryThatIsNotBelievedIsAFault() {
        var source = source("\(admin)/exeunt.conf")
        source.refused = [admin]
        #expect(throws: ConfigurationFaults.self) { try paths(source) }
    }
}
