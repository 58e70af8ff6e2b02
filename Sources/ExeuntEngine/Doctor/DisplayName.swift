// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

/// Where the displays are that the environment names.
enum DisplayName {
    /// nil when `DISPLAY` is not set.
    static func x11() -> SurroundingFacts.Display? {
        guard let value = SessionMark.value(of: "DISPLAY") else { return nil }
        return examine(value, addresses(ofX11: String(decoding: value, as: UTF8.self)))
    }

    /// nil when `WAYLAND_DISPLAY` is not set.
    static func wayland() -> SurroundingFacts.Display? {
        guard let value = SessionMark.value(of: "WAYLAND_DISPLAY") else { return nil }
        let slash = UInt8(ascii: "/")
        if value.first == slash { return examine(value, [.path(value)]) }
        let directory = SessionMark.value(of: "XDG_RUNTIME_DIR")
        return examine(value, directory.map { [.path($0 + [slash] + value)] } ?? [])
    }

    /// Where the server of `[HOST]:NUMBER[.SCREEN]` listens, X(7): locally without a host.
    ///
    /// - Returns: places in the order to be tried; none when it is no such name.
    static func addresses(ofX11 name: String) -> [ServerAddress] {
        guard let colon = name.lastIndex(of: ":") else { return [] }
        let parts = name[name.index(after: colon)...].split(separator: ".", omittingEmptySubsequences: false)
        // As port numbers go, there is no display above this.
        guard (1...2).contains(parts.count), let number = UInt16(parts[0]), number <= UInt16.max - 6000 else {
            return []
        }
        var host = name[..<colon]
        if let slash = host.lastIndex(of: "/") { host = host[host.index(after: slash)...] }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard host.isEmpty || host == "unix" else { return [.network(host: String(host), port: 6000 + number)] }
        let path = Array("/tmp/.X11-unix/X\(number)".utf8)
        return [.abstract(path), .path(path)]
    }

    private static func examine(_ value: [UInt8], _ addresses: [ServerAddress]) -> SurroundingFacts.Display {
        var display = SurroundingFacts.Display(name: Escaping.shown(value), isValid: !addresses.isEmpty)
        for address in addresses where display.outcome != .connected {
            // try?: no child can be made, and nothing is known.
            display.outcome = try? ServerTrial.run(address)
        }
        return display
    }
}
