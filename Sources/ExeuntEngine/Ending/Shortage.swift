// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

/// A host that is out of processes, memory or descriptors, and may have some again a moment later: perhaps it was the
/// very session that is being ended.
public enum Shortage {
    private static let numbers: [Errno] = [
        .resourceTemporarilyUnavailable, .noMemory, .tooManyOpenFiles, .tooManyOpenFilesInSystem,
    ]

    /// Whether it explains the error.
    public static func isBehind(_ error: any Error) -> Bool {
        switch error {
        case let error as SystemError: numbers.contains(error.errno)
        case let error as SpawnError: numbers.contains(error.error.errno)
        case let refusal as TrustRefusal:
            switch refusal.rule {
            case .unseen(let errno), .unknownMount(let errno), .unknownAccessList(let errno): numbers.contains(errno)
            default: false
            }
        default: false
        }
    }
}
