// SPDX-License-Identifier: Apache-2.0
import CPAM

/// What the module has been called for: the handle of libpam, and who may be told what.
struct Transaction {
    private let handle: OpaquePointer
    /// Whether the log gets lines of no consequence.
    var debugs = false

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    // --- What the application and other modules have said ---

    /// One of `PAM_USER`, `PAM_TTY` and so on; nil if it is not set.
    func item(_ kind: Int32, limit: Int) -> UnsafeBufferPointer<UInt8>? {
        var value: UnsafeRawPointer?
        guard pam_get_item(handle, kind, &value) == PAM_SUCCESS else { return nil }
        return UnsafeBufferPointer(value?.assumingMemoryBound(to: CChar.self), limit: limit)
    }

    /// Whether this is the PAM service.
    func isService(_ name: StaticString) -> Bool {
        var value: UnsafeRawPointer?
        guard pam_get_item(handle, PAM_SERVICE, &value) == PAM_SUCCESS, let value else { return false }
        return strcmp(value.assumingMemoryBound(to: CChar.self), name.cString) == 0
    }

    /// The uid of `PAM_USER`; nil if nobody knows it. libpam's own look-up would keep what it has found as long as the
    /// handle, and some applications open sessions by one for ever.
    var owner: UInt32? {
        var user: UnsafeRawPointer?
        guard pam_get_item(handle, PAM_USER, &user) == PAM_SUCCESS, let user else { return nil }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Self.roomForEntry) { room in
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let name = user.assumingMemoryBound(to: CChar.self)
            guard let base = room.baseAddress, getpwnam_r(name, &entry, base, room.count, &found) == 0 else {
                return nil
            }
            return found?.pointee.pw_uid
        }
    }

    /// What a longer entry says is found out by the daemon.
    private static let roomForEntry = 4096

    /// A variable of the environment that the session is going to have.
    func variable(_ name: StaticString, limit: Int) -> UnsafeBufferPointer<UInt8>? {
        UnsafeBufferPointer(pam_getenv(handle, name.cString), limit: limit)
    }

    /// Sets `EXEUNT_SESSION` there.
    func setVariable(to id: SessionID) {
        var text = ByteBuffer(capacity: 64)
        text.append("EXEUNT_SESSION=")
        text.append(id)
        if text.withCString({ pam_putenv(handle, $0) }) != PAM_SUCCESS { log(LOG_ERR, "EXEUNT_SESSION cannot be set") }
    }

    // --- What the opening tells the closing ---

    private static let key: StaticString = "exeunt_session"

    /// What this process has done for the handle so far.
    var kept: KeptState {
        var data: UnsafeRawPointer?
        guard pam_get_data(handle, Self.key.cString, &data) == PAM_SUCCESS else { return .nothing }
        return KeptState(UnsafeBufferPointer(data?.assumingMemoryBound(to: CChar.self), limit: 64))
    }

    /// Keeps this instead of what was kept before, which libpam has freed.
    func keep(_ state: KeptState) {
        var text = ByteBuffer(capacity: 64)
        state.append(to: &text)
        // Copied, since it is libpam's from now on.
        guard let data = text.withCString({ strdup($0) }) ?? nil else { return log(LOG_ERR, "there is no memory") }
        let result = pam_set_data(handle, Self.key.cString, data) { _, data, _ in free(data) }
        if result != PAM_SUCCESS {
            free(data)
            log(LOG_ERR, "the session cannot be kept in mind, and is closed when its leader exits")
        }
    }

    // --- What the administrator is told ---

    func log(_ priority: Int32, _ text: StaticString) {
        if SystemLog.isRead { exeunt_syslog(handle, priority, text.cString) }
    }

    func log(_ priority: Int32, _ line: consuming ByteBuffer) {
        if SystemLog.isRead { _ = line.withCString { exeunt_syslog(handle, priority, $0) } }
    }

    func debug(_ text: StaticString, _ id: SessionID? = nil) {
        guard debugs else { return }
        var line = ByteBuffer(capacity: 256)
        line.append(text)
        if let id { line.append(id) }
        log(LOG_DEBUG, line)
    }
}
