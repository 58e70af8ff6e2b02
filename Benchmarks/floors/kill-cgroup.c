// SPDX-License-Identifier: Apache-2.0
/// Floor: COMMAND is born in a leaf cgroup below this process's own; when it exits, `cgroup.kill` is written and
/// `populated 0` awaited; then the zombies are reaped and the leaf is removed.
///
///     kill-cgroup CGROUP-MOUNT COMMAND [ARGS]
///
/// Everything that can be opened is opened before the payload exits: no supervisor can have less to do.
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char leaf[8192];

static void make_leaf(const char *mount) {
    char line[4096], path[4096] = "";
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (!file) err(1, "open /proc/self/cgroup");
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, "0::", 3)) snprintf(path, sizeof path, "%.*s", (int)strcspn(line + 3, "\n"), line + 3);
    fclose(file);
    snprintf(leaf, sizeof leaf, "%s%s/floor-%d", mount, path, getpid());
    if (mkdir(leaf, 0755)) err(1, "make %s", leaf);
}

static int open_in_leaf(const char *name, int flags) {
    char path[8300];
    snprintf(path, sizeof path, "%s/%s", leaf, name);
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0) err(1, "open %s", path);
    return fd;
}

static int spawn_in_leaf(char **argv) {
    int pidfd = -1;
    struct clone_args args = {
        .flags = CLONE_PIDFD | CLONE_INTO_CGROUP | CLONE_VFORK,
        .pidfd = (uintptr_t)&pidfd,
        .exit_signal = SIGCHLD,
        .cgroup = open_in_leaf("", O_RDONLY | O_DIRECTORY),
    };
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid < 0) err(1, "clone");
    if (pid == 0) {
        execv(argv[0], argv);
        _exit(127);
    }
    return pidfd;
}

static void await_empty(int events) {
    char text[256];
    for (;;) {
        memset(text, 0, sizeof text);
        if (pread(events, text, sizeof text - 1, 0) < 0) err(1, "read cgroup.events");
        if (strstr(text, "populated 0")) return;
        struct pollfd fd = {events, POLLPRI, 0};
        if (poll(&fd, 1, -1) < 0) err(1, "poll cgroup.events");
    }
}

int main(int argc, char **argv) {
    if (argc < 3) errx(2, "usage: kill-cgroup CGROUP-MOUNT COMMAND [ARGS]");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    make_leaf(argv[1]);
    int events = open_in_leaf("cgroup.events", O_RDONLY), killer = open_in_leaf("cgroup.kill", O_WRONLY);
    int payload = spawn_in_leaf(argv + 2);

    siginfo_t info = {0};
    if (waitid(P_PIDFD, payload, &info, WEXITED)) err(1, "wait for the payload");
    if (write(killer, "1", 1) != 1) err(1, "write cgroup.kill");
    await_empty(events);
    while (waitid(P_ALL, 0, &info, WEXITED) == 0) continue;
    // The last one may be between "no longer counted" and "gone from the cgroup" for a moment.
    while (rmdir(leaf)) if (errno != EBUSY) err(1, "remove %s", leaf);
    return 0;
}
