// SPDX-License-Identifier: Apache-2.0
/// Left-overs that do something else than die when they are asked to.
#define _GNU_SOURCE
#include "shapes.h"
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void note(int number) {
    (void)number;
}

static void handle(int number, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(number, &action, NULL);
}

static void be_deaf(void) {
    handle(SIGHUP, note);
    handle(SIGINT, note);
    handle(SIGTERM, note);
    announce_and_rest();
}

static void ignores_term(void) {
    leave(be_deaf);
    await_left(1);
}

static void be_stubborn(void) {
    for (int number = 1; number < NSIG; number++) signal(number, SIG_IGN);
    announce_and_rest();
}

static void ignores_all_but_kill(void) {
    leave(be_stubborn);
    await_left(1);
}

static void stop_resting(int number) {
    (void)number;
}

/// Blocks TERM until it is wanted, so that one that comes early is not lost.
static void await_term(void) {
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigwaitinfo(&term, NULL);
}

static void block_term(void) {
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    handle(SIGTERM, stop_resting);
}

static void be_slow(void) {
    block_term();
    announce();
    close(ready_descriptor());
    await_term();
    char path[4096];
    snprintf(path, sizeof path, "%s/saved", required("SHAPE_DIR"));
    FILE *file = fopen(path, "we");
    if (!file || fputs("first half, ", file) < 0 || fflush(file) != 0) err(99, "write %s", path);
    struct timespec while_saving = {.tv_sec = 2};
    while (nanosleep(&while_saving, &while_saving) < 0) continue; // sleeps: being slow is the shape
    fputs("second half\n", file);
    fclose(file);
    _exit(0);
}

/// Needs two seconds after TERM to save a file, which is whole if nobody was impatient.
static void exits_slowly(void) {
    leave(be_slow);
    await_left(1);
}

static void be_stopped(void) {
    block_term();
    raise(SIGSTOP);
    await_term();
    write_result("saved", "handled TERM\n");
    _exit(0);
}

static void stopped(void) {
    pid_t child = leave(be_stopped);
    int status;
    // In place once it is stopped: only its parent can tell.
    if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status)) errx(99, "the left-over did not stop");
    announce_for(child);
    await_left(1);
}

static atomic_int *forks_left;

static void be_forking(void) {
    sigset_t term;
    block_term();
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    announce_nameless();
    close(ready_descriptor());
    for (;;) {
        sigwaitinfo(&term, NULL);
        // Children inherit the mask and this loop: told in their turn, they do the same.
        for (int i = 0; i < 2; i++) {
            if (atomic_fetch_sub(forks_left, 1) > 0 && fork() == 0) i = 2;
        }
    }
}

/// Every TERM makes two new children, up to as many as the argument says, so that a mistake fills no machine.
static void forks_on_term(void) {
    forks_left = shared_memory(sizeof *forks_left);
    atomic_store(forks_left, (int)number_argument(0, 200));
    leave(be_forking);
    await_left(1);
}

const struct shape signal_shapes[] = {
    {"ignores-term", ignores_term}, {"ignores-all-but-kill", ignores_all_but_kill}, {"exits-slowly", exits_slowly},
    {"stopped", stopped}, {"forks-on-term", forks_on_term}, {0},
};
