// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

/// What happens in a trial of the daemon.
enum LoginEvent {
    case opens(Int)
    case closes(Int)
    case noteIsLeft(Int)
    case born(login: Int, child: Int)
    case dies(Int)
    case strangerBorn
    case leaseAsked(Int)
    case leaseReleased(Int)
    case incident(Int)
    case daemonStarts
    /// Something comes to the daemon of this number.
    case news(Int, DaemonNews)
    /// Something happens to the process of this number that ends a session.
    case ender(Int, EnderEvent)

    enum DaemonNews {
        case leaderExited(String)
        case emptied(String)
        case enderExited(String, Int)
        case vacant(String)
        case timer(Int)
        case retry(String)
        case waitIsOver(Int)
        case noteIsThere
    }

    enum EnderEvent {
        case begins
        case looks
        case told(EnderNews)
        case timer(Int)
        case hookEnded
        case exited(Int)
        case emptied
        case goes
    }
}
