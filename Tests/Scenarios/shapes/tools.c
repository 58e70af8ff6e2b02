// SPDX-License-Identifier: Apache-2.0
/// Not left-overs, but what tests watch with.
#define _GNU_SOURCE
#include "shapes.h"
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

/// A process that is there until standard input ends, then exits with the first argument.
static void until_eof(void) {
    char byte;
    while (read(0, &byte, 1) > 0) continue;
    _exit((int)number_argument(0, 0));
}

const struct shape tool_shapes[] = {
    {"watch-signals", watch_signals}, {"orphans", orphans}, {"until-eof", until_eof}, {0},
};
