// SPDX-License-Identifier: Apache-2.0

/// What is kept in the handle between opening and closing.
enum KeptState {
    /// Nothing: it was opened in another process image, or not at all.
    case nothing
    /// Opened: closing it is our duty.
    case session(SessionID)
    /// Opened inside a session that is somebody else's to close.
    case nested
    /// Closed: a module that stands twice in a stack closes once.
    case closed

    init(_ text: UnsafeBufferPointer<UInt8>?) {
        guard let text else {
            self = .nothing
            return
        }
        if let id = SessionID(text) {
            self = .session(id)
        } else if ("nested" as StaticString).equals(text) {
            self = .nested
        } else {
            self = .closed
        }
    }

    func append(to text: inout ByteBuffer) {
        switch self {
        case .session(let id): text.append(id)
        case .nested: text.append("nested")
        case .closed, .nothing: text.append("closed")
        }
    }
}
