// SPDX-License-Identifier: Apache-2.0
import LinuxSystem
import Testing

extension LinuxSystemSuite {
    @Suite struct Errors {
        @Test func renderOperationSubjectMessageAndName() {
            let error = SystemError("write", "cgroup.kill (\"1\") in /sys/fs/cgroup/x", .permissionDenied)
            #expect(error.description == "write cgroup.kill (\"1\") in /sys/fs/cgroup/x: permission denied [EACCES]")
        }

        @Test func renderWithoutSubject() {
            #expect(SystemError("fork", "", .init(rawValue: 11)).description.hasPrefix("fork: resource temporarily"))
        }

        @Test(arguments: [
            (1, "EPERM"), (2, "ENOENT"), (3, "ESRCH"), (11, "EAGAIN"), (13, "EACCES"), (16, "EBUSY"), (24, "EMFILE"),
            (35, "EDEADLK"), (40, "ELOOP"), (95, "EOPNOTSUPP"), (110, "ETIMEDOUT"), (133, "EHWPOISON"),
            (0, "errno 0"), (41, "errno 41"), (134, "errno 134"), (-1, "errno -1"),
        ])
        func names(number: Int32, name: String) { #expect(Errno(rawValue: number).name == name) }

        @Test func messagesAreLowerCaseButAbbreviationsAreNot() {
            #expect(Errno(rawValue: 21).message == "is a directory")
            #expect(Errno(rawValue: 132).message == "operation not possible due to RF-kill")
            #expect(Errno(rawValue: 5).message == "input/output error")
        }
    }

    @Suite struct Signals {
        @Test(arguments: ["TERM", "SIGTERM", "term", "SigTerm"])
        func namesInAnyForm(name: String) { #expect(Signal(name: name) == .term) }

        @Test(arguments: ["", "SIG", "15", "TERMX", "RTMIN+31", "RTMIN-1", "RTMIN+", " TERM"])
        func otherTextIsNoSignal(name: String) { #expect(Signal(name: name) == nil) }

        @Test func everyNameLeadsBack() {
            for number in Int32(1)...64 where !(32...33).contains(number) {
                #expect(Signal(name: Signal(rawValue: number).name)?.rawValue == number)
            }
        }

        @Test func setsHoldWhatTheyWereGiven() {
            let set = SignalSet([.hup, .winch, Signal(rawValue: 64), Signal(rawValue: 0), Signal(rawValue: 65)])
            #expect(set.bits == 0x8000_0000_0800_0001)
            #expect(set.contains(.hup))
            #expect(!set.contains(.term))
            #expect(!set.contains(Signal(rawValue: 0)))
        }
    }
}
