// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol

/// Makes of a message a call of the service, if the peer may.
final class Dispatcher {
    /// Weak: it owns the socket.
    private weak var service: (any SessionService)?
    private let version: String
    /// The group whose members see and end all; nil where there is none.
    var administrators: UInt32?

    init(_ service: any SessionService, version: String, administrators: UInt32?) {
        self.service = service
        self.version = version
        self.administrators = administrators
    }

    /// Refusals are answered here, everything else by the service.
    func take(_ message: [UInt8], _ head: CallHead, from peer: Peer, _ slot: CallSlot) {
        do throws(CallError) {
            if head.interface == VarlinkService.name { return try describe(message, head, slot) }
            guard head.interface == SessionsInterface.name else { throw .interfaceNotFound(head.interface) }
            guard let method = SessionsMethod(fullName: head.method) else { throw .methodNotFound(head.method) }
            guard let visibility = PermissionTable.visibility(method, peer, administrators: administrators) else {
                throw .notPermitted(why: "only root may call \(method.rawValue)")
            }
            guard let service else { throw .failed(why: "exeuntd is stopping") }
            try call(method, of: service, message, peer, visibility, slot)
        } catch {
            Reply<VarlinkService.GetInfo.Reply>(slot).fail(error)
        }
    }

    private func describe(_ message: [UInt8], _ head: CallHead, _ slot: CallSlot) throws(CallError) {
        switch head.method {
        case VarlinkService.GetInfo.fullName:
            _ = try VarlinkService.GetInfo(decoding: message)
            Reply(slot).send(VarlinkService.GetInfo.Reply(version: version))
        case VarlinkService.GetInterfaceDescription.fullName:
            let name = try VarlinkService.GetInterfaceDescription(decoding: message).interface
            let descriptions = [
                VarlinkService.name: VarlinkService.description, SessionsInterface.name: SessionsInterface.description,
            ]
            guard let description = descriptions[name] else { throw .interfaceNotFound(name) }
            Reply(slot).send(VarlinkService.GetInterfaceDescription.Reply(description: description))
        default:
            throw .methodNotFound(head.method)
        }
    }

    private func call(
        _ method: SessionsMethod, of service: any SessionService, _ message: [UInt8], _ peer: Peer,
        _ visibility: Visibility, _ slot: CallSlot
    ) throws(CallError) {
        switch method {
        case .open:
            service.open(try OpenCall(decoding: message), from: peer, Reply(slot))
        case .close:
            service.close(try CloseCall(decoding: message).checked(), from: peer, Reply(slot))
        case .list:
            service.list(try ListCall(decoding: message), visibility, Reply(slot))
        case .show:
            let call = try ShowCall(decoding: message)
            try require(call.session, of: service, visibility)
            service.show(call, from: peer, visibility, Reply(slot))
        case .end:
            let call = try EndCall(decoding: message)
            try require(call.session, of: service, visibility)
            service.end(call, from: peer, Reply(slot))
        case .keep:
            service.keep(try KeepCall(decoding: message).checked(), from: peer, Reply(slot))
        case .leases:
            service.leases(try LeasesCall(decoding: message), visibility, Reply(slot))
        case .release:
            let call = try ReleaseCall(decoding: message)
            guard let owner = service.owner(ofLease: call.lease), visibility.covers(owner: owner) else {
                throw .noSuchLease(call.lease)
            }
            service.release(call, from: peer, Reply(slot))
        case .history:
            let call = try HistoryCall(decoding: message).checked()
            guard slot.more else { throw .expectedMore }
            service.history(call, visibility, Reply(slot))
        case .run:
            let call = try RunCall(decoding: message).checked()
            guard slot.more else { throw .expectedMore }
            service.run(call, from: peer, Reply(slot))
        }
    }

    /// Somebody else's session is answered for as one that is not there.
    private func require(
        _ id: String, of service: any SessionService, _ visibility: Visibility
    ) throws(CallError) {
        guard let owner = service.owner(ofSession: id), visibility.covers(owner: owner) else {
            throw .noSuchSession(id)
        }
    }
}
