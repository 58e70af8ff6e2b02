// SPDX-License-Identifier: Apache-2.0
/// Left-overs that are never the same process for long.
#define _GNU_SOURCE
#include "shapes.h"
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void be_racer(void) {
    signal(SIGCHLD, SIG_IGN);
    announce();
    close(ready_descriptor());
    for (;;) {
        if (fork() == 0) _exit(0);
    }
}

/// N processes that each fork children that exit, without pause.
static void fork_racer(void) {
    long count = number_argument(0, 5);
    for (long i = 0; i < count; i++) leave(be_racer);
    await_left((int)count);
}

static void be_hopper(void) {
    announce_nameless();
    close(ready_descriptor());
    for (;;) {
        // A refused fork is no reason to stand still and be caught.
        if (fork() > 0) _exit(0);
    }
}

static void be_distant_hopper(void) {
    setsid();
    be_hopper();
}

static void hoppers(void (*what)(void)) {
    long count = number_argument(0, 1);
    for (long i = 0; i < count; i++) leave(what);
    await_left((int)count);
}

/// N chains: fork, the parent leaves at once, the child does the same, without end.
static void hopper(void) {
    hoppers(be_hopper);
}

/// The same outside the leader's process group: one signal to that group does not end it.
static void distant_hopper(void) {
    hoppers(be_distant_hopper);
}

static atomic_int *bomb_size;

static void explode(void) {
    for (;;) {
        if (fork() != 0) continue;
        // In place once it has grown; then it goes on as long as it is let.
        if (atomic_fetch_add(bomb_size, 1) == 60) announce_nameless();
    }
}

static void be_bomb(void) {
    signal(SIGCHLD, SIG_IGN);
    explode();
}

/// Doubles until it is refused: by the pids cgroup that SHAPE_PIDS names, or by RLIMIT_NPROC.
static void fork_bomb(void) {
    const char *bound = getenv("SHAPE_PIDS");
    char path[4096], pid[16];
    if (bound) {
        snprintf(path, sizeof path, "%s/cgroup.procs", bound);
        snprintf(pid, sizeof pid, "%d", getpid());
        write_text(path, pid, false);
    } else {
        if (geteuid() == 0) errx(99, "root has no limit of processes without a pids cgroup");
        struct rlimit limit = {.rlim_cur = 300, .rlim_max = 300};
        if (setrlimit(RLIMIT_NPROC, &limit) < 0) err(99, "limit processes");
    }
    bomb_size = shared_memory(sizeof *bomb_size);
    leave(be_bomb);
    await_left(1);
}

static void be_recycler(void) {
    announce();
    close(ready_descriptor());
    for (;;) {
        pid_t child = fork();
        if (child == 0) _exit(0);
        if (child > 0) waitpid(child, NULL, 0);
    }
}

/// Forks without pause where pids are few, among left-overs that stay: numbers are somebody else's in no time.
static void pid_wrap(void) {
    for (int i = 0; i < 20; i++) leave(announce_and_rest);
    leave(be_recycler);
    leave(be_recycler);
    await_left(22);
}

const struct shape racer_shapes[] = {
    {"fork-racer", fork_racer}, {"hopper", hopper}, {"distant-hopper", distant_hopper},
    {"fork-bomb", fork_bomb}, {"pid-wrap", pid_wrap}, {0},
};
