// SPDX-License-Identifier: Apache-2.0
import ExeuntCore

extension Scenario {
    private typealias Step = ProcessScript.Step

    static func reaction(_ random: inout SeededGenerator) -> ProcessScript.Reaction {
        .exit(after: random.span(1_000, 300_000_000))
    }

    /// Adds a kind of process that a payload may leave behind, and returns the number of its script.
    mutating func addMember(_ random: inout SeededGenerator) -> Int {
        let script = ProcessScript(name: "plain", reaction: Self.reaction(&random))
        let soon = random.span(5_000, 3_000_000)
        switch random.below(20) {
        case 0: return add(script)
        case 1: return add(stubborn(script, &random))
        case 2: return add(slow(script, &random))
        case 3: return add(script, "stopped", Step(delay: soon, deed: .stop))
        case 4: return add(forksWhenAsked(script, &random))
        case 5: return add(racer(script, &random))
        case 6: return addHopper(&random)
        case 7: return add(sleeper(script, soon, &random))
        case 8: return add(script, "uid changer", Step(delay: soon, deed: .becomeUser(Self.otherUser)))
        case 9: return add(mover(script, soon, &random))
        case 10: return add(freezer(script, soon))
        case 11:
            return add(script, "forger", Step(delay: soon, deed: .wear(random.pick([Mark.none, .otherSession]))))
        case 12, 13, 14: return add(spared(script, soon, &random))
        case 15: return add(zombieHolder(script, &random))
        case 16: return add(daemon(script, &random))
        case 17: return add(script, "short", Step(delay: random.span(10_000, 900_000_000), deed: .exit))
        case 18: return add(script, "victim", Step(delay: random.span(10_000, 900_000_000), deed: .fallVictim))
        default: return add(script, "detached", Step(delay: soon, deed: .leaveGroup))
        }
    }

    private mutating func add(_ script: ProcessScript, _ name: String, _ step: ProcessScript.Step) -> Int {
        var script = script
        script.name = name
        script.steps = [step]
        return add(script)
    }

    private func slow(_ script: ProcessScript, _ random: inout SeededGenerator) -> ProcessScript {
        var script = script
        script.name = "slow"
        script.reaction = .exit(after: random.span(1_000_000, 3_000_000_000))
        return script
    }

    mutating func add(_ script: ProcessScript) -> Int {
        scripts.append(script)
        return scripts.count - 1
    }

    /// Does not go when asked, so that the ending goes on to KILL.
    private func stubborn(_ script: ProcessScript, _ random: inout SeededGenerator) -> ProcessScript {
        var script = script
        script.name = "stubborn"
        script.ignored = random.pick([[.term], [.int, .hup], [.term, .int, .hup], [.int]])
        return script
    }

    private mutating func forksWhenAsked(_ script: ProcessScript, _ random: inout SeededGenerator) -> ProcessScript {
        var script = script
        script.name = "forks when asked"
        let child = add(ProcessScript(name: "asked", reaction: Self.reaction(&random)))
        script.reaction = .fork(Array(repeating: child, count: random.between(1, 3)), exits: random.chance(60))
        return script
    }

    /// Forks children that live for a moment, without pause.
    private mutating func racer(_ script: ProcessScript, _ random: inout SeededGenerator) -> ProcessScript {
        var script = script
        script.name = "racer"
        let life = random.span(20_000, 5_000_000)
        let child = add(ProcessScript(name: "raced", steps: [Step(delay: life, deed: .exit)]))
        script.steps = [Step(delay: random.span(100_000, 200_000_000), deed: .fork(child))]
        script.repeats = true
        if random.chance(50) { script.ignored = [.term, .int, .hup] }
        return script
    }

    /// Forks and leaves at once, and the child does the same, without end.
    private mutating func addHopper(_ random: inout SeededGenerator) -> Int {
        let number = scripts.count
        var hopper = ProcessScript(name: "hopper", reaction: Self.reaction(&random))
        hopper.steps = [
            Step(delay: random.span(100_000, 50_000_000), deed: .fork(number)), Step(delay: 0, deed: .exit),
        ]
        return add(hopper)
    }

    private func sleeper(_ script: ProcessScript, _ soon: Int64, _ random: inout SeededGenerator) -> ProcessScript {
        var script = script
        script.name = "uninterruptible"
        let time = random.chance(30) ? 100_000_000_000 : random.span(100_000_000, 8_000_000_000)
        script.steps = [Step(delay: soon, deed: .sleepUninterruptibly(time))]
        return script
    }

    private func mover(_ script: ProcessScript, _ soon: Int64, _ random: inout SeededGenerator) -> ProcessScript {
        var script = script
        script.name = "mover"
        // Some move only when the ending is under way.
        let late = random.chance(50) ? soon : random.span(100_000_000, 6_000_000_000)
        script.steps = [Step(delay: late, deed: .move(random.pick([.below, .outside, .outside])))]
        if random.chance(50) { script.ignored = [.term, .int, .hup] }
        return script
    }

    private func freezer(_ script: ProcessScript, _ soon: Int64) -> ProcessScript {
        var script = script
        script.name = "freezer"
        script.steps = [Step(delay: soon, deed: .move(.below)), Step(delay: soon, deed: .freeze(.below))]
        return script
    }

    /// Becomes a program that a rule is about, has children, and perhaps leaves them alone.
    private mutating func spared(
        _ script: ProcessScript, _ soon: Int64, _ random: inout SeededGenerator
    ) -> ProcessScript {
        var script = script
        script.name = "spared"
        script.hidesExecutable = random.chance(10)
        // Another program than its parent's, so that only its parent speaks for it.
        let becomes = Step(delay: random.span(1_000, 100_000), deed: .execute(.other))
        let child = add(ProcessScript(name: "child of spared", steps: [becomes], reaction: Self.reaction(&random)))
        script.steps = [Step(delay: soon, deed: .execute(random.chance(75) ? .spared : .noted))]
        for _ in 0..<random.between(0, 3) {
            script.steps.append(Step(delay: random.span(50_000, 100_000_000), deed: .fork(child)))
        }
        if random.chance(50) { script.steps.append(Step(delay: random.span(1_000_000, 3_000_000_000), deed: .exit)) }
        return script
    }

    private mutating func zombieHolder(_ script: ProcessScript, _ random: inout SeededGenerator) -> ProcessScript {
        var script = script
        script.name = "holder of zombies"
        script.holdsZombies = true
        let child = add(ProcessScript(name: "zombie", steps: [Step(delay: random.span(1_000, 1_000_000), deed: .exit)]))
        script.steps = Array(repeating: Step(delay: 10_000, deed: .fork(child)), count: random.between(1, 4))
        return script
    }

    private mutating func daemon(_ script: ProcessScript, _ random: inout SeededGenerator) -> ProcessScript {
        var script = script
        script.name = "forks daemon"
        var daemon = ProcessScript(name: "daemon", reaction: Self.reaction(&random))
        daemon.ignored = [.hup]
        let grandchild = add(daemon)
        script.steps = [
            Step(delay: 10_000, deed: .leaveGroup), Step(delay: 10_000, deed: .fork(grandchild)),
            Step(delay: random.span(1_000, 1_000_000), deed: .exit),
        ]
        return script
    }
}
