// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ExeuntProtocol

@Suite struct InterfaceTests {
    private let text = InterfaceText(SessionsInterface.description)

    @Test func typesAreAsDescribed() {
        #expect(text.types.keys.sorted() == ["Lease", "Member", "Session"])
        #expect(text.types["Session"] == fields(of: Samples.session))
        #expect(text.types["Member"] == fields(of: Samples.member))
        #expect(text.types["Lease"] == fields(of: Samples.lease))
    }

    @Test func methodsAreAsDescribed() {
        #expect(Set(text.methods.keys) == Set(SessionsMethod.allCases.map(\.rawValue)))
        expect(OpenCall(user: "", service: ""), OpenCall.Reply(session: "", nested: false))
        expect(CloseCall(), CloseCall.Reply(empty: true))
        expect(ListCall(), ListCall.Reply(sessions: []))
        expect(ShowCall(session: ""), ShowCall.Reply(session: Samples.session, members: [], action: .end, why: ""))
        expect(EndCall(session: ""), EndCall.Reply())
        expect(KeepCall(command: []), KeepCall.Reply(lease: Samples.lease))
        expect(LeasesCall(), LeasesCall.Reply(leases: []))
        expect(ReleaseCall(lease: ""), ReleaseCall.Reply(lease: ""))
        expect(HistoryCall(), HistoryCall.Reply())
        expect(Samples.run, RunCall.Reply())
    }

    private func expect<Call: SessionsCall>(_ call: Call, _ reply: Call.Reply) {
        let described = text.methods[Call.method.rawValue]
        #expect(described?.parameters == fields(of: call), "\(Call.fullName)")
        #expect(described?.reply == fields(of: reply), "\(Call.fullName)")
        // What is encoded has the names of the fields; `record` is put in by hand.
        #expect(names(Call.CodingKeys.self) == Set(fields(of: call).keys))
        #expect(names(Call.Reply.CodingKeys.self) == Set(fields(of: reply).keys).subtracting(["record"]))
    }

    private func names<Keys: CodingKey & CaseIterable>(_ keys: Keys.Type) -> Set<String> {
        Set(keys.allCases.map(\.stringValue))
    }

    @Test func errorsAreAsDescribed() {
        let own: [CallError] = [
            .noSuchSession("a"), .noSuchLease("a"), .notPermitted(why: "a"), .keepRefused(why: "a", consequence: "b"),
            .timedOut, .busy(why: "a"), .failed(why: "a"),
        ]
        expect(own, SessionsInterface.name, text.errors)
        let general: [CallError] = [
            .interfaceNotFound("a"), .methodNotFound("a"), .methodNotImplemented("a"), .invalidParameter("a"),
            .permissionDenied, .expectedMore,
        ]
        expect(general, VarlinkService.name, InterfaceText(VarlinkService.description).errors)
    }

    private func expect(_ errors: [CallError], _ interface: String, _ described: [String: InterfaceText.Fields]) {
        #expect(Set(errors.map(\.name)) == Set(described.keys.map { "\(interface).\($0)" }))
        for error in errors {
            let name = String(error.name.dropFirst(interface.count + 1))
            #expect(described[name].map { Set($0.keys) } == Set(error.parameters.keys), "\(error.name)")
            #expect(CallError(name: error.name, parameters: error.parameters) == error)
        }
    }

    @Test func theServiceIsAsDescribed() {
        let service = InterfaceText(VarlinkService.description)
        #expect(service.methods["GetInfo"]?.reply == fields(of: VarlinkService.GetInfo.Reply(version: "1")))
        let description = VarlinkService.GetInterfaceDescription(interface: "")
        #expect(service.methods["GetInterfaceDescription"]?.parameters == fields(of: description))
    }
}
