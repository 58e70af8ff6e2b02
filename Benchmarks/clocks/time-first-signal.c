// SPDX-License-Identifier: Apache-2.0
/// How long a left-over goes on undisturbed when its session's leader is killed.
///
///     time-first-signal RUNS SERVICE USER LEAVES
///
/// Prints nanoseconds from just before the leader is killed until a left-over has its first signal, which it waits for
/// and does not otherwise act upon; then it exits. The next run waits until the last session's cgroup, in the directory
/// LEAVES, is gone.
#include "log-in.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

enum { warm_up = 3, settle_us = 20000 };

static void be_left_over(int pipe) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    setsid();
    if (write(pipe, "r", 1) != 1) err(1, "write");
    int signal = sigwaitinfo(&all, NULL);
    long long moment = now();
    if (signal > 0 && write(pipe, &moment, sizeof moment) != sizeof moment) err(1, "write");
    _exit(0);
}

static void lead(pam_handle_t *handle, int pipe) {
    char session[64];
    if (pam_open_session(handle, 0) != PAM_SUCCESS) errx(1, "pam_open_session");
    copy_session(handle, session, sizeof session);
    if (!*session) errx(1, "no session was opened");
    if (write(pipe, session, sizeof session) != sizeof session) err(1, "write");
    if (fork() == 0) be_left_over(pipe);
    for (;;) pause();
}

static void read_all(int pipe, void *bytes, size_t size) {
    if (read(pipe, bytes, size) != (ssize_t)size) errx(1, "a log-in has failed");
}

static long long run(pam_handle_t *handle, const char *leaves) {
    int ends[2];
    char session[64], ready;
    long long moment;
    if (pipe(ends)) err(1, "pipe");
    pid_t leader = fork();
    if (leader < 0) err(1, "fork");
    if (leader == 0) lead(handle, ends[1]);
    close(ends[1]);
    read_all(ends[0], session, sizeof session);
    read_all(ends[0], &ready, 1);
    usleep(settle_us);
    long long start = now();
    kill(leader, SIGKILL);
    waitpid(leader, NULL, 0);
    read_all(ends[0], &moment, sizeof moment);
    close(ends[0]);
    await_end(leaves, session);
    return moment - start;
}

int main(int argc, char **argv) {
    if (argc != 5) errx(2, "usage: time-first-signal RUNS SERVICE USER LEAVES");
    pam_handle_t *handle = start_pam(argv[2], argv[3]);
    for (long i = -warm_up; i < atol(argv[1]); i++) {
        long long elapsed = run(handle, argv[4]);
        if (i >= 0) printf("%lld\n", elapsed);
    }
}
