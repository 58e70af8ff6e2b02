// SPDX-License-Identifier: Apache-2.0

/// Something that is tried: it follows from its seed alone, and can be made smaller.
public protocol Trial: CustomStringConvertible {
    /// The trial of this seed.
    init(seed: UInt64)

    /// The seed that it was made from.
    var seed: UInt64 { get }
    /// How much there is in it.
    var size: Int { get }
    /// Every trial that is smaller than this one by one part, the large parts first.
    var reductions: [Self] { get }

    /// Runs it; nil when every promise was kept.
    ///
    /// - Parameter trace: gets a line for everything that happens.
    func run(trace: ((String) -> Void)?) -> Violation?
}

extension Scenario: Trial {
    public func run(trace: ((String) -> Void)? = nil) -> Violation? { Simulation(self, trace: trace).run() }
}
