// SPDX-License-Identifier: Apache-2.0
import ExeuntProtocol

/// Sessions, a line for each.
public struct SessionTable {
    private let sessions: [SessionDescription]
    private let zone: LocalZone

    /// In the order in which they are given.
    public init(_ sessions: [SessionDescription], zone: LocalZone) {
        self.sessions = sessions
        self.zone = zone
    }

    /// With headings.
    public func lines(hasColour: Bool) -> [String] {
        var table = TextTable([
            .init("ID"), .init("USER"), .init("CLASS"), .init("TYPE"), .init("SERVICE"), .init("TTY/DISPLAY"),
            .init("FROM"), .init("SINCE"), .init("STATE"),
        ])
        for session in sessions {
            table.add([
                .init(ShownText.text(session.id)), .init(ShownText.text(session.user)),
                .init(ShownText.text(session.class)), .init(ShownText.text(session.type)),
                .init(ShownText.text(session.service)), .init(Self.place(of: session)),
                .init(ShownText.text(session.remoteHost)), .init(zone.shown(session.opened)),
                .init(Self.state(of: session, zone), Self.colour(session.state)),
            ])
        }
        return table.lines(hasColour: hasColour)
    }

    /// Display managers name the display in place of a terminal as well.
    static func place(of session: SessionDescription) -> String {
        let places = [session.tty, session.display == session.tty ? nil : session.display]
        return places.compactMap { $0 }.map { ShownText.text($0) }.joined(separator: " ")
    }

    static func state(of session: SessionDescription, _ zone: LocalZone) -> String {
        switch session.state {
        case .active: "active"
        case .ending: session.reason.map { "ending: \(ShownText.text($0))" } ?? "ending"
        case .kept: session.keptUntil.map { "kept until \(zone.shown($0))" } ?? "kept"
        }
    }

    static func colour(_ state: SessionDescription.State) -> Colour {
        switch state {
        case .active: .green
        case .ending: .yellow
        case .kept: .cyan
        }
    }
}
