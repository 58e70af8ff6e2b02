// SPDX-License-Identifier: Apache-2.0

/// What the registry wants done. Actions are carried out in order. A daemon that is killed between two of them finds in the
/// ledger what it needs to go on.
public enum RegistryAction: Hashable, Sendable {
    /// Write the session into the ledger: always before what the ledger promises is done.
    case store(String)
    /// Take it out of the ledger; it is over for good.
    case forget(String)
    /// Make its cgroup, and move its leader there.
    case admit(String)
    /// Tell when its leader exits.
    case watchLeader(String)
    /// Start the process that ends it; another one that still runs keeps it from doing anything.
    case startEnder(String, EnderOrder)
    /// Tell the process that ends it.
    case tellEnder(String, EnderNews)
    /// Tell when the process that ends it, which was started by another daemon, exits.
    case watchEnder(String)
    /// Bring the record that was left of its ending to where records belong, and to whoever waits for it.
    case note(String)
    /// Tell when nobody is left in its cgroup.
    case watchEmpty(String)
    /// Wake up then; replaces the earlier one. nil: not at all.
    case setTimer(Instant?)
}
