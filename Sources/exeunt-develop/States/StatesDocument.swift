// SPDX-License-Identifier: Apache-2.0

/// The text of `docs/states.md`.
enum StatesDocument {
    static var text: String {
        [introduction, SessionStates.section, EndingStates.section, RegistryStates.section].joined(separator: "\n")
    }

    private static let introduction = """
        # States

        What the three state machines of the core do. This page is printed by `exeunt-develop states`, which puts each
        machine into each of its states, gives it each event, and writes down what it does; `make check` compares.

        Times are counted from the event. The leader is `L`; `A` and `B` are other members; `K` is one that a rule spares,
        where there is one. A rung is a step of the ladder with its grace. The ladder here is `TERM 5s KILL`, and KILL has 15 seconds. Of a state
        that stands here in several circumstances the later ones show only what differs from the first one.

        """
}
