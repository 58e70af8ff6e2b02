// SPDX-License-Identifier: Apache-2.0
/// Left-overs that are where one would look for them, or have gone where daemons go.
#define _GNU_SOURCE
#include "shapes.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void plain_child(void) {
    leave(announce_and_rest);
    await_left(1);
}

/// As many plain children as the argument says.
static void crowd(void) {
    long count = number_argument(0, 100);
    for (long i = 0; i < count; i++) leave(announce_and_rest);
    await_left((int)count);
}

/// What a daemon does: no terminal, no directory, no standard streams.
static void detach(void) {
    setsid();
    if (chdir("/") < 0) err(99, "chdir /");
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 3; fd++) dup2(null, fd);
}

static void be_setsid_daemon(void) {
    detach();
    announce_and_rest();
}

static void setsid_daemon(void) {
    leave(be_setsid_daemon);
    await_left(1);
}

static void be_double_fork_daemon(void) {
    setsid();
    if (fork() > 0) _exit(0);
    detach();
    // The parent is gone, or will be: whoever adopts orphans is the parent now or in a moment.
    announce_and_rest();
}

static void double_fork_daemon(void) {
    leave(be_double_fork_daemon);
    await_left(1);
}

static void be_nohup(void) {
    signal(SIGHUP, SIG_IGN);
    announce_and_rest();
}

static void nohup(void) {
    leave(be_nohup);
    await_left(1);
}

static void be_holder(void) {
    setsid();
    announce_and_rest();
}

/// Keeps the payload's standard output open, as `ssh host 'server &'` does.
static void holds_stdout(void) {
    leave(be_holder);
    await_left(1);
    if (write(1, "payload was here\n", 17) != 17) err(99, "write to stdout");
}

const struct shape daemon_shapes[] = {
    {"plain-child", plain_child}, {"crowd", crowd}, {"setsid-daemon", setsid_daemon},
    {"double-fork-daemon", double_fork_daemon}, {"nohup", nohup}, {"holds-stdout", holds_stdout}, {0},
};
