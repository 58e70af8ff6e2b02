// SPDX-License-Identifier: Apache-2.0
/// Floor: a subreaper runs COMMAND; when it exits, SIGNAL goes to each adopted process by its pidfd, until none is left.
///
///     signal-descendants SIGNAL-NUMBER COMMAND [ARGS]
///
/// It trusts what it reads: no identity is verified, nothing is recorded.
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static char list[1 << 20];

static int open_children(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) err(1, "open %s", path);
    return fd;
}

static void read_children(int fd) {
    size_t used = 0;
    ssize_t length;
    while ((length = pread(fd, list + used, sizeof list - 1 - used, used)) > 0) used += length;
    if (length < 0) err(1, "read children");
    list[used] = 0;
}

static void tell(pid_t pid, int signal) {
    int pidfd = syscall(SYS_pidfd_open, pid, 0);
    if (pidfd < 0) err(1, "open process %d", pid);
    if (syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) && errno != ESRCH) err(1, "signal process %d", pid);
    close(pidfd);
}

int main(int argc, char **argv) {
    if (argc < 3) errx(2, "usage: signal-descendants SIGNAL-NUMBER COMMAND [ARGS]");
    int signal = atoi(argv[1]), children = open_children(), error;
    pid_t payload;
    siginfo_t info;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if ((error = posix_spawn(&payload, argv[2], NULL, NULL, argv + 2, environ)))
        errx(1, "spawn %s: %s", argv[2], strerror(error));
    if (waitid(P_PID, payload, &info, WEXITED)) err(1, "wait for the payload");

    for (;;) {
        read_children(children);
        if (!list[0]) return 0;
        for (char *next = list; *next; next++) tell(strtol(next, &next, 10), signal);
        // Waited for by pid: any other wait walks over all that still live to find one that does not.
        for (char *next = list; *next; next++) waitid(P_PID, strtol(next, &next, 10), &info, WEXITED);
    }
}
