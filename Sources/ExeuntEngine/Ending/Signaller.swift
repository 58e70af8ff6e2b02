// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Sends signals to identified processes, and to nobody else.
struct Signaller {
    let table: ProcessTable

    /// Opens the process, makes sure that it is the one that is meant, and only then signals it through the handle.
    ///
    /// - Parameter isOwnChild: whether it is a child of this process that has not been reaped, whose number nobody else
    ///   can have.
    func send(
        _ signals: [SignalName], to identity: ProcessIdentity, isOwnChild: Bool
    ) -> EndingEvent.Receipt.Result {
        do throws(SystemError) {
            guard let handle = try ProcessHandle.open(pid: identity.pid) else { return .gone }
            if !isOwnChild, try table.stat(identity.pid)?.startTime != identity.startTime { return .gone }
            return deliver(signals, through: handle)
        } catch {
            return Self.result(of: error)
        }
    }

    private static func result(of error: SystemError) -> EndingEvent.Receipt.Result {
        Shortage.isBehind(error) ? .postponed(error.description) : .refused(error.description)
    }

    private func deliver(_ signals: [SignalName], through handle: borrowing ProcessHandle) -> EndingEvent.Receipt.Result
    {
        // Whoever has gone after the first of several signals did not go by itself.
        var isTold = false
        for name in signals {
            switch handle.send(Signal(name)) {
            case .delivered: isTold = isTold || name != .cont
            case .gone: return isTold ? .delivered : .gone
            case .notPermitted: return .refused("signal process: operation not permitted [EPERM]")
            case .unsupported: return .refused("signal process: not supported by this kernel")
            case .failed(let errno): return Self.result(of: SystemError("signal", "process", errno))
            }
        }
        return .delivered
    }
}

extension Signal {
    /// The number of a signal the core names.
    init(_ name: SignalName) {
        self =
            switch name {
            case .hup: .hup
            case .int: .int
            case .quit: .quit
            case .abrt: .abrt
            case .kill: .kill
            case .usr1: .usr1
            case .usr2: .usr2
            case .pipe: .pipe
            case .alrm: .alrm
            case .term: .term
            case .cont: .cont
            case .stop: .stop
            case .tstp: .tstp
            case .winch: .winch
            }
    }
}

extension SignalName {
    /// The core's name of a signal, if it is one that sessions deal with.
    init?(_ signal: Signal) { self.init(text: signal.name) }
}
