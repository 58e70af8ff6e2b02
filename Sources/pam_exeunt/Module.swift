// SPDX-License-Identifier: Apache-2.0
import CPAM

/// What libpam calls when a session is opened: always lets the log-in go on.
@c @implementation
public func pam_sm_open_session(
    _ handle: OpaquePointer?, _ flags: Int32, _ count: Int32, _ words: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    serve(handle, words, count, complains: true) { Opening($0, $1).run() }
}

/// What libpam calls when it is closed.
@c @implementation
public func pam_sm_close_session(
    _ handle: OpaquePointer?, _ flags: Int32, _ count: Int32, _ words: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    // What is wrong with the options was said when the session was opened.
    serve(handle, words, count, complains: false) { Closing($0, $1).run() }
}

private func serve(
    _ handle: OpaquePointer?, _ words: UnsafeMutablePointer<UnsafePointer<CChar>?>?, _ count: Int32, complains: Bool,
    _ act: (Transaction, ModuleOptions) -> Void
) -> Int32 {
    guard let handle else { return PAM_IGNORE }
    var transaction = Transaction(handle)
    let isRoot = geteuid() == 0
    let options = ModuleOptions(words, count, complainingTo: isRoot && complains ? transaction : nil)
    transaction.debugs = options.debugs
    // Whoever is not root can open no session, and a screen locker, for one, need not hear of it.
    guard isRoot else {
        transaction.debug("not root: nothing to do")
        return PAM_IGNORE
    }
    // A user's own service manager is no log-in: what it runs belongs to no session.
    if transaction.isService("systemd-user") { return PAM_IGNORE }
    act(transaction, options)
    return PAM_SUCCESS
}
