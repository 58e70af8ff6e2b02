// SPDX-License-Identifier: Apache-2.0
/// Left-overs whose relation to each other is the difficulty.
#define _GNU_SOURCE
#include "shapes.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static void be_neglectful(void) {
    for (int i = 0; i < 50; i++) {
        pid_t child = fork();
        if (child == 0) _exit(0);
        siginfo_t death;
        if (waitid(P_PID, child, &death, WEXITED | WNOWAIT) < 0) err(99, "await a child's death");
    }
    announce_and_rest();
}

/// A parent that never waits, with fifty zombies.
static void zombie_parent(void) {
    leave(be_neglectful);
    await_left(1);
}

static void be_tracer(void) {
    // Deaf as well: were it to go when asked, its tracee would run on and go, too.
    signal(SIGTERM, SIG_IGN);
    pid_t tracee = fork();
    if (tracee == 0) {
        signal(SIGTERM, SIG_DFL);
        rest();
    }
    int status;
    if (ptrace(PTRACE_ATTACH, tracee, NULL, NULL) < 0) err(99, "attach");
    if (waitpid(tracee, &status, __WALL) != tracee || !WIFSTOPPED(status)) errx(99, "the tracee did not stop");
    announce_for(tracee);
    announce_and_rest();
}

/// A tracer that holds another left-over stopped, and lets no signal but KILL through.
static void ptrace_parent(void) {
    leave(be_tracer);
    await_left(2);
}

static void be_vfork_parent(void) {
    announce();
    // The parent is not scheduled, and handles no signal, until the child is gone.
    if (vfork() == 0) {
        signal(SIGTERM, SIG_IGN);
        announce();
        for (;;) pause();
    }
    _exit(0);
}

static void vfork_parent(void) {
    leave(be_vfork_parent);
    await_left(2);
}

static pthread_t main_thread;

static void *outlive(void *unused) {
    (void)unused;
    // In place once the main thread is a zombie, as /proc will show the whole process.
    pthread_join(main_thread, NULL);
    char path[64], line[256] = "";
    snprintf(path, sizeof path, "/proc/%d/task/%d/stat", getpid(), getpid());
    do {
        FILE *file = fopen(path, "re");
        if (!file || !fgets(line, sizeof line, file)) err(99, "read %s", path);
        fclose(file);
    } while (!strstr(line, ") Z "));
    announce_and_rest();
    return NULL;
}

static void be_headless(void) {
    pthread_t other;
    main_thread = pthread_self();
    if (pthread_create(&other, NULL, outlive, NULL) != 0) errx(99, "create a thread");
    pthread_exit(NULL);
}

/// The main thread has exited, another lives: the process looks like a zombie, and is none.
static void main_thread_gone(void) {
    leave(be_headless);
    await_left(1);
}

static void be_grandchild(void) {
    setsid();
    if (fork() > 0) _exit(0);
    announce_and_rest();
}

static void be_subreaper(void) {
    setsid();
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) err(99, "become subreaper");
    for (int i = 0; i < 3; i++) {
        pid_t child = leave(be_grandchild);
        waitpid(child, NULL, 0);
    }
    announce_and_rest();
}

/// Adopts orphans itself: they never come to the session's own reaper.
static void own_subreaper(void) {
    leave(be_subreaper);
    await_left(4);
}

static void be_branch(void);
static long depth;

static void be_branch(void) {
    if (depth-- > 0) {
        leave(be_branch);
        leave(be_branch);
    }
    announce_and_rest();
}

/// A binary tree of processes, as deep as the argument says.
static void tree(void) {
    depth = number_argument(0, 3);
    long count = (2L << depth) - 1;
    leave(be_branch);
    await_left((int)count);
}

static void be_other_program(void) {
    setsid();
    announce();
    char command[64];
    snprintf(command, sizeof command, "sleep 1000 & echo $! >&%d; exec sleep 1000", ready_descriptor());
    execl("/bin/sh", "sh", "-c", command, required("EXEUNT_TEST"), NULL);
    err(99, "execute sh");
}

static void be_starter(void) {
    leave(be_other_program);
    announce_and_rest();
}

/// A left-over whose child is another program, and has a child.
static void execs_child(void) {
    leave(be_starter);
    // The other program's child announces itself by its number and a newline: two bytes at least.
    await_left(4);
}

const struct shape relative_shapes[] = {
    {"zombie-parent", zombie_parent}, {"ptrace-parent", ptrace_parent}, {"vfork-parent", vfork_parent},
    {"main-thread-gone", main_thread_gone}, {"own-subreaper", own_subreaper}, {"tree", tree},
    {"execs-child", execs_child}, {0},
};
