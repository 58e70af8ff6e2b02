// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import ExeuntCore
import Testing

struct ExampleFileTests {
    @Test func itChangesNothing() throws {
        let configuration = try read(ExampleFile.text)
        #expect(configuration.values == Configuration())
        #expect(configuration.sections.flatMap(\.settings).allSatisfy { $0.origins.isEmpty })
    }

    /// What stands behind the '#' are the defaults, and can be taken as it is.
    @Test func uncommentedItIsTheDefaultsAndOneRuleAndClass() throws {
        let text = ExampleFile.text.split(separator: "\n").map { line in
            line.hasPrefix("#") && !line.hasPrefix("# ") ? line.dropFirst() : line
        }.joined(separator: "\n")
        let configuration = try read(text)
        let standard = Configuration()
        #expect(configuration.values.payload == standard.payload)
        #expect(configuration.values.hooks == standard.hooks)
        #expect(configuration.values.session == standard.session)
        #expect(configuration.values.keep == standard.keep)
        #expect(configuration.values.run == standard.run)
        #expect(configuration.values.daemon == standard.daemon)
        #expect(configuration.values.classes == [.greeter: ClassPolicy()])
        var example = SessionRule()
        example.name = "example"
        #expect(configuration.values.rules == [example])
    }

    @Test func itHoldsEverySetting() {
        let lines = ExampleFile.text.split(separator: "\n")
        let settings = SettingsTable.sections.flatMap(\.settings)
        #expect(settings.count > 20)
        #expect(settings.allSatisfy { setting in lines.contains("#\(setting.key)=\(setting.standard)") })
        #expect(lines.allSatisfy { $0.utf8.count <= 120 })
    }
}
