// SPDX-License-Identifier: Apache-2.0
/// Left-overs that make a place of their own inside the session's.
#define _GNU_SOURCE
#include "shapes.h"
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[PATH_MAX];

static void make_group(const char *name) {
    char own[PATH_MAX - 64];
    own_cgroup(own, sizeof own);
    snprintf(directory, sizeof directory, "%s/%s", own, name);
    if (mkdir(directory, 0755) < 0) err(99, "make %s", directory);
}

static void write_group(const char *file, const char *text) {
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", directory, file);
    write_text(path, text, false);
}

static void be_in_group(void) {
    write_group("cgroup.procs", "0");
    announce_and_rest();
}

static void sub_cgroup(void) {
    make_group("sub");
    leave(be_in_group);
    make_group("sub/sub");
    leave(be_in_group);
    await_left(2);
}

/// Waits until the kernel says that all in the group stand still.
static void await_frozen(void) {
    char path[PATH_MAX + 64], text[256];
    snprintf(path, sizeof path, "%s/cgroup.events", directory);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) err(99, "open %s", path);
    for (;;) {
        ssize_t length = pread(fd, text, sizeof text - 1, 0);
        if (length < 0) err(99, "read %s", path);
        text[length] = 0;
        if (strstr(text, "frozen 1")) break;
        struct pollfd event = {.fd = fd, .events = POLLPRI};
        if (poll(&event, 1, -1) < 0) err(99, "poll %s", path);
    }
    close(fd);
}

/// Has a handler, which needs time that a frozen process has not; without one the kernel would end it in the cold.
static void be_frozen(void) {
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    write_group("cgroup.procs", "0");
    announce();
    close(ready_descriptor());
    // Being frozen and thawed interrupts it, too (EINTR).
    while (sigwaitinfo(&term, NULL) < 0) continue;
    write_result("saved", "handled TERM\n");
    _exit(0);
}

static void frozen_sub_cgroup(void) {
    make_group("frozen");
    leave(be_frozen);
    await_left(1);
    write_group("cgroup.freeze", "1");
    await_frozen();
}

static void *be_thread_in_group(void *unused) {
    (void)unused;
    char tid[16];
    snprintf(tid, sizeof tid, "%ld", syscall(SYS_gettid));
    write_group("cgroup.threads", tid);
    announce_and_rest();
    return NULL;
}

static void be_threaded(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, be_thread_in_group, NULL) != 0) errx(99, "create a thread");
    for (;;) pause();
}

/// One process, one of whose threads is in a threaded sub-cgroup.
static void threaded_cgroup(void) {
    make_group("threads");
    write_group("cgroup.type", "threaded");
    leave(be_threaded);
    await_left(1);
}

static void be_first_of_namespace(void) {
    // Pid 1 of a namespace has no default actions: TERM does nothing to it.
    pid_t child = fork();
    if (child == 0) {
        setsid();
        announce_nameless();
        rest();
    }
    announce_nameless();
    rest();
}

static void be_in_namespace(void) {
    if (unshare(CLONE_NEWPID) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWPID) < 0) err(99, "make a pid namespace");
    pid_t first = leave(be_first_of_namespace);
    announce_for(first);
    announce_and_rest();
}

static void pid_namespace(void) {
    leave(be_in_namespace);
    await_left(4);
}

const struct shape cgroup_shapes[] = {
    {"sub-cgroup", sub_cgroup}, {"frozen-sub-cgroup", frozen_sub_cgroup}, {"threaded-cgroup", threaded_cgroup},
    {"pid-namespace", pid_namespace}, {0},
};
