// SPDX-License-Identifier: Apache-2.0
import ExeuntConfig
import Testing

struct GlexecReaderTests {
    private func faults(_ text: String) -> [String] {
        do throws(ConfigurationFaults) {
            _ = try GlexecReader.read(file(text))
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test func theDefaults() throws {
        let configuration = try GlexecReader.read(file("[glexec]\n"))
        #expect(configuration == GlexecConfiguration())
        #expect(configuration.lingers)
        #expect(configuration.epilogue == nil)
        #expect(configuration.epilogueTimeout == .seconds(300))
        #expect(configuration.logLevel == 3)
    }

    @Test func everyKey() throws {
        let configuration = try GlexecReader.read(
            file(
                """
                # A site's own
                [glexec]
                linger = yes
                epilogue = /usr/libexec/glexec/epilogue
                epilogue_user = cleaner
                epilogue_group = 0
                epilogue_timeout = 60
                user_identity_switch_by = glexec
                user_white_list = pilot, .pool
                preserve_env_variables = LANG,TZ
                silent_logging = yes
                log_level = 5
                log_destination = file
                log_file = /var/log/glexec.log
                syslog_facility = LOG_DAEMON
                """))
        #expect(configuration.epilogue == "/usr/libexec/glexec/epilogue")
        #expect(configuration.epilogueUser == .name("cleaner"))
        #expect(configuration.epilogueGroup == "0")
        #expect(configuration.epilogueTimeout == .seconds(60))
        #expect(configuration.switcher == .glexec)
        #expect(configuration.userWhiteList == ["pilot", ".pool"])
        #expect(configuration.preservedVariables == ["LANG", "TZ"])
        #expect(configuration.logsSilently)
        #expect(configuration.logLevel == 5)
        #expect(configuration.logDestination == .file)
        #expect(configuration.logFile == "/var/log/glexec.log")
        #expect(configuration.syslogFacility == "LOG_DAEMON")
        #expect(configuration.warnings == [])
    }

    @Test func whatExeuntHasNoPartForIsNamedOnce() throws {
        let configuration = try GlexecReader.read(
            file("[glexec]\nlcmaps_db_file = /a\ncreate_target_proxy = no\nlcas_log_level = 1\nlcmaps_db_file = /b\n"))
        #expect(
            configuration.warnings.map(\.description) == [
                "f:2: Exeunt has no part for create_target_proxy, lcas_log_level, lcmaps_db_file, and goes on without"
            ])
    }

    @Test func unknownKeysAndSectionsAreWarnings() throws {
        let configuration = try GlexecReader.read(file("[glexec]\nepilog = /x\n[lcas]\nx = y\n"))
        #expect(
            configuration.warnings.map(\.description) == [
                "f:2: unknown key epilog= in [glexec]; did you mean epilogue=?",
                "f:3: section [lcas] is passed over; settings belong to [glexec]",
            ])
    }

    @Test(arguments: [
        ("", "f: there is no section [glexec]"),
        ("epilogue = /x\n[glexec]", "f:1: epilogue stands before [glexec]"),
        (
            "[glexec]\nlinger = no\nepilogue = /x",
            "f:3: epilogue would never be run with linger = no: expected linger = yes"
        ),
        ("[glexec]\nepilogue_user = u", "f:2: epilogue_user needs user_identity_switch_by = glexec"),
        ("[glexec]\nepilogue_group = g", "f:2: epilogue_group needs user_identity_switch_by = glexec"),
        (
            "[glexec]\nepilogue = /usr/../x",
            "f:2: epilogue=: '/usr/../x' is not a valid path: expected an absolute path without '//', '.', '..' and a '/' at "
                + "its end"
        ),
        (
            "[glexec]\nepilogue_timeout = 0",
            "f:2: epilogue_timeout=: '0' is not a valid number of seconds: expected 1 to 2147483647"
        ),
        (
            "[glexec]\nepilogue_timeout = -1",
            "f:2: epilogue_timeout=: '-1' is not a valid number of seconds: expected 1 to 2147483647"
        ),
        (
            "[glexec]\nepilogue_timeout = 5min",
            "f:2: epilogue_timeout=: '5min' is not a valid number of seconds: expected 1 to 2147483647"
        ),
        ("[glexec]\nlinger = sometimes", "f:2: linger=: 'sometimes' is not a valid switch: expected yes or no"),
        ("[glexec]\nlog_level = 6", "f:2: log_level=: '6' is not a valid level: expected 0 to 5"),
        (
            "[glexec]\nuser_identity_switch_by = su",
            "f:2: user_identity_switch_by=: 'su' is not a valid value: expected glexec or lcmaps"
        ),
        (
            "[glexec]\nlog_destination = printer",
            "f:2: log_destination=: 'printer' is not a valid value: expected syslog or file"
        ),
        ("[glexec]\nnonsense", "f:2: 'nonsense' is no assignment: expected KEY=VALUE, a [Section] or a # comment"),
        (
            "[glexec]\nuser_identity_switch_by = glexec\nepilogue_group = -",
            "f:3: epilogue_group=: '-' is not a valid group: expected a group's name or number"
        ),
    ])
    func whatIsRefused(text: String, expected: String) {
        #expect(faults(text) == [expected])
    }
}
