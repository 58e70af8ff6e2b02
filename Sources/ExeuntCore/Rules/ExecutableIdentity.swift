// SPDX-License-Identifier: Apache-2.0

/// A program as the kernel knows it: a file's device and inode. Names can be forged, these cannot.
public struct ExecutableIdentity: Hashable, Sendable {
    /// The device that holds the file.
    public let device: UInt64
    /// The file's number on it.
    public let inode: UInt64

    /// The file with this inode on this device.
    public init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }
}
