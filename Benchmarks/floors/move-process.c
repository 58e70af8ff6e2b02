// SPDX-License-Identifier: Apache-2.0
/// Floor: a cgroup is made and a process moved there and back, as whoever tracks a log-in by its cgroup has to.
///
///     move-process TIMES PAUSE-MS DIRECTORY
///
/// Prints nanoseconds of making a cgroup below DIRECTORY and moving a process there, each PAUSE-MS after the last.
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void enter(const char *directory) {
    char path[4200];
    snprintf(path, sizeof path, "%s/cgroup.procs", directory);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, "0", 1) != 1) err(1, "enter %s", directory);
    close(fd);
}

int main(int argc, char **argv) {
    char leaf[4096];
    if (argc != 4) errx(2, "usage: move-process TIMES PAUSE-MS DIRECTORY");
    snprintf(leaf, sizeof leaf, "%s/floor-%d", argv[3], getpid());
    for (long i = 0; i < atol(argv[1]); i++) {
        usleep(atoi(argv[2]) * 1000);
        long long start = now();
        if (mkdir(leaf, 0755)) err(1, "make %s", leaf);
        enter(leaf);
        printf("%lld\n", now() - start);
        enter(argv[3]);
        if (rmdir(leaf)) err(1, "remove %s", leaf);
    }
}
