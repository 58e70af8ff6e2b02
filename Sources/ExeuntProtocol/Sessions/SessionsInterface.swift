// SPDX-License-Identifier: Apache-2.0

/// The interface of exeuntd.
public enum SessionsInterface {
    /// As it is called.
    public static let name = "io.exeunt.Sessions"

    /// Where exeuntd listens.
    public static let socketPath = "/run/exeunt/io.exeunt"

    /// What GetInterfaceDescription returns for it. A test compares it with the types of this module.
    public static let description = """
        # Log-in sessions: who is logged in, what a log-in has started, what may outlive it, and how it has ended.
        # Who may call what is said in exeuntd(8).
        interface io.exeunt.Sessions

        # state: active, ending, kept. Times are UTC, such as 2026-01-31T12:00:00.000Z; seconds count from the opening.
        # Strings that users choose show control characters, backslashes and what is not UTF-8 as \\xNN.
        type Session (
          id: string,
          owner: int,
          user: string,
          class: string,
          type: string,
          service: string,
          tty: ?string,
          display: ?string,
          remoteHost: ?string,
          remoteUser: ?string,
          leader: int,
          state: string,
          reason: ?string,
          opened: string,
          seconds: float,
          cgroup: ?string,
          trackers: []string,
          keptUntil: ?string
        )

        # action: what happens to it at the end of the session: end, keep, report; by which rule.
        type Member (
          pid: int,
          startTime: int,
          parent: int,
          uid: ?int,
          name: string,
          executable: ?string,
          evidence: []string,
          cpuSeconds: ?float,
          memoryBytes: ?int,
          seconds: ?float,
          action: string,
          rule: ?string
        )

        # The permission of a program to outlive its session.
        type Lease (
          id: string,
          owner: int,
          user: string,
          session: ?string,
          pid: int,
          command: string,
          reason: ?string,
          granted: string,
          expires: string,
          cgroup: ?string,
          rule: ?string
        )

        # The caller becomes the leader of a new session. An id that the caller proposes is taken if it is well-formed and
        # unused. nested: the caller is in a session already, the id of which is returned; none is opened.
        method Open(
          session: ?string,
          user: string,
          uid: ?int,
          service: string,
          tty: ?string,
          display: ?string,
          remoteHost: ?string,
          remoteUser: ?string,
          class: ?string,
          type: ?string
        ) -> (session: string, nested: bool)

        # Ends the session that the caller leads, or this one. wait: seconds after which is answered at the latest; before
        # that as soon as nobody but the caller is left (empty).
        method Close(session: ?string, wait: ?float) -> (session: ?string, empty: bool, verdict: ?string)

        # All sessions that the caller may see.
        method List() -> (sessions: []Session)

        # One session, and who belongs to it now. action: what happens to members that no rule is about: end, keep, report;
        # why: what has decided that, such as KillExcludeUsers=root.
        method Show(session: string) -> (session: Session, members: []Member, action: ?string, why: ?string)

        # Ends a session. force: by KILL at once. wait: the answer comes when it has ended, with verdict and record.
        method End(session: string, force: ?bool, wait: ?bool) -> (verdict: ?string, record: ?object)

        # A lease for the calling process, which is about to execute the command.
        method Keep(seconds: ?float, reason: ?string, command: []string) -> (lease: Lease)

        # All leases that the caller may see.
        method Leases() -> (leases: []Lease)

        # Ends a lease, and what runs under it. force: by KILL at once.
        method Release(lease: string, force: ?bool) -> (lease: string)

        # To be called with "more": one reply for each record since then, oldest first; limit: the newest so many. No record
        # at all where there is none.
        method History(since: ?string, limit: ?int) -> (record: ?object)

        # Runs a program as another user. To be called with "more". The first reply names the session; upon it the caller
        # sends one NUL byte and with it three descriptors (SCM_RIGHTS): standard input, output, error. The last reply has
        # the exit code. Who hangs up before has the session ended.
        method Run(
          user: string,
          group: ?string,
          command: []string,
          environment: []string,
          directory: ?string,
          timeLimit: ?float
        ) -> (session: ?string, exitCode: ?int)

        error NoSuchSession (session: string)
        error NoSuchLease (lease: string)
        error NotPermitted (why: string)
        error KeepRefused (why: string, consequence: string)
        error TimedOut ()
        error Busy (why: string)
        error Failed (why: string)

        """
}
