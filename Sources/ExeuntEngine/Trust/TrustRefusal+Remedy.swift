// SPDX-License-Identifier: Apache-2.0
import ExeuntCore
import LinuxSystem

extension TrustRefusal {
    /// What would mend it. Whoever follows it decides that what is there may be trusted from now on.
    public var remedy: Remedy {
        switch rule {
        case .notCanonical: Remedy("name it by its absolute path, which this shows", command("realpath", path))
        case .link: Remedy("name it by its real path, which this shows", command("realpath", path))
        case .unseen: unseenRemedy
        case .notDirectory: Remedy("name a path whose parts before the last are directories")
        case .notFile: Remedy("put a regular file or a directory there")
        case .userMount, .uncheckedMount: mountRemedy
        case .unknownMount: Remedy("mount /proc, and name a path that can be seen from here")
        case .owner: Remedy("give it to root", command("chown root", component))
        case .sticky(isOpen: true): Remedy("move it out of \(shown(component)), such as", moveCommand)
        case .sticky(isOpen: false): Remedy("take the sticky bit away", command("chmod -t", component))
        case .othersWrite: Remedy("let nobody but root write", command("chmod go-w", component))
        case .groupWrite: Remedy("let its group not write", command("chmod g-w", component))
        case .accessList(.posix, _): Remedy("take the list away", command("setfacl -b", component))
        case .accessList(.nfs, _): Remedy("take the entry out of the list", command("nfs4_setfacl -e", component))
        case .unknownAccessList: Remedy("let root read the list on the server, or move it to a local file system")
        case .setID: Remedy("take the bits away", command("chmod u-s,g-s", component))
        case .notExecutable: Remedy("let root execute it", command("chmod u+x", component))
        }
    }

    private var unseenRemedy: Remedy {
        switch rule.errno {
        case .noSuchFileOrDirectory?: Remedy("make it, or name another path")
        case .permissionDenied?, .notPermitted?:
            Remedy("let root look at it: a server that takes root for nobody must be told otherwise")
        default: Remedy("see to that, and ask again")
        }
    }

    private var mountRemedy: Remedy {
        Remedy("keep it on a file system that root has mounted and the kernel serves, such as", moveCommand)
    }

    /// The mode is given anew: as long as it was there, others may have written to it.
    private var moveCommand: String {
        let name = path.split(separator: UInt8(ascii: "/")).last.map(Array.init) ?? []
        return "install -D -o root -g root -m 0755 " + word(path) + " " + word(Array("/etc/exeunt/".utf8) + name)
    }

    /// No path here begins with a dash but one that is relative.
    private func command(_ text: String, _ path: [UInt8]) -> String {
        text + (path.first == UInt8(ascii: "-") ? " -- " : " ") + word(path)
    }

    private func word(_ path: [UInt8]) -> String { ShellText.quoted(path) }

    private func shown(_ path: [UInt8]) -> String { Escaping.shown(path) }
}
