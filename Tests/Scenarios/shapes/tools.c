// SPDX-License-Identifier: Apache-2.0
/// Not left-overs, but what tests watch with.
#define _GNU_SOURCE
#include "shapes.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void report_signal(const siginfo_t *got) {
    struct winsize size = {0};
    if (got->si_signo == SIGWINCH) ioctl(0, TIOCGWINSZ, &size);
    // Who sent it: the kernel (a terminal), or a process of this number.
    dprintf(1, "%s %s %d %dx%d\n", sigabbrev_np(got->si_signo) ?: "?", got->si_code > 0 ? "kernel" : "process",
            got->si_code > 0 ? 0 : got->si_pid, size.ws_col, size.ws_row);
}

/// Says each signal that comes, until one whose name is the first argument; then exits with the second. All are
/// blocked, so nothing but KILL and STOP goes unsaid. The third is a name to go by.
static void watch_signals(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    const char *last = text_argument(0), *name = text_argument(2);
    if (name) prctl(PR_SET_NAME, name);
    dprintf(1, "watching %d\n", getpid());
    for (;;) {
        siginfo_t got;
        if (sigwaitinfo(&all, &got) < 0) continue;
        report_signal(&got);
        const char *text = sigabbrev_np(got.si_signo);
        if (last && text && strcmp(last, text) == 0) _exit((int)number_argument(1, 0));
    }
}

static int go_pipe[2];

static void be_orphan(void) {
    char byte;
    if (fork() > 0) _exit(0);
    close(go_pipe[1]);
    if (read(go_pipe[0], &byte, 1) < 0) err(99, "read");
    _exit(0);
}

/// A payload that makes N orphans, lets them all exit, and says so when no zombie is left: if the reaper keeps some, it
/// waits for ever.
static void orphans(void) {
    char text[64];
    long count = number_argument(0, 50);
    if (pipe(go_pipe) < 0) err(99, "pipe");
    for (long i = 0; i < count; i++) waitpid(leave(be_orphan), NULL, 0);
    close(go_pipe[1]);
    for (;;) {
        FILE *list = popen("cat /proc/[0-9]*/stat 2>/dev/null | grep -c ') Z '", "re");
        if (!list || !fgets(text, sizeof text, list)) err(99, "count zombies");
        pclose(list);
        if (atoi(text) == 0) break;
    }
    dprintf(1, "no zombies\n");
}

enum { swarm_size = 30 };

/// A member of the swarm: lives until its pipe ends, and then says by its exit code whether it was signalled.
static _Noreturn void be_swarming(int until_eof) {
    char byte;
    sigset_t all, pending;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    while (read(until_eof, &byte, 1) > 0) continue;
    sigpending(&pending);
    for (int number = 1; number < NSIG; number++) {
        if (sigismember(&pending, number) == 1) _exit(number);
    }
    _exit(0);
}

/// Foreign processes that come and go without pause, so that every number is soon somebody's: says each signal that
/// one of them got. Ends when standard input does.
static void swarm(void) {
    struct { pid_t pid; int pipe; } members[swarm_size] = {{0}};
    fcntl(0, F_SETFL, O_NONBLOCK);
    dprintf(1, "swarming\n");
    for (int next = 0;; next = (next + 1) % swarm_size) {
        int ends[2], status;
        char byte;
        if (members[next].pid) {
            close(members[next].pipe);
            if (waitpid(members[next].pid, &status, 0) < 0) err(99, "wait");
            if (status) dprintf(1, "member %d got signal %d\n", members[next].pid,
                                WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
            members[next].pid = 0;
        }
        if (read(0, &byte, 1) == 0) _exit(0);
        if (pipe2(ends, O_CLOEXEC) < 0) err(99, "pipe");
        pid_t pid = fork();
        if (pid == 0) {
            close(ends[1]);
            for (int other = 0; other < swarm_size; other++) {
                if (members[other].pid) close(members[other].pipe);
            }
            be_swarming(ends[0]);
        }
        close(ends[0]);
        members[next].pipe = ends[1];
        // No number is free at the moment: the next one will leave its own.
        members[next].pid = pid < 0 ? 0 : pid;
        if (pid < 0) close(ends[1]);
    }
}

/// A process that is there until standard input ends, then exits with the first argument.
static void until_eof(void) {
    char byte;
    while (read(0, &byte, 1) > 0) continue;
    _exit((int)number_argument(0, 0));
}

/// Stops, without pause, everybody whom its user may signal; itself it passes over, as the kernel does.
static void stops_everybody(void) {
    dprintf(1, "stopping\n");
    for (;;) kill(-1, SIGSTOP);
}

const struct shape tool_shapes[] = {
    {"watch-signals", watch_signals}, {"orphans", orphans}, {"swarm", swarm}, {"until-eof", until_eof},
    {"stops-everybody", stops_everybody}, {0},
};
