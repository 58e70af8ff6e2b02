// SPDX-License-Identifier: Apache-2.0
/// Payload of a session: leaves COUNT left-overs behind, and says when it ends.
///
///     leader COUNT LEFT-OVER DIRECTORY
///
/// DIRECTORY holds three FIFOs. `hold` is opened here and inherited by every left-over, so its reader sees end-of-file
/// when the last one is gone. `report` gets one line, "ready PATH" with this process's cgroup path, once all left-overs
/// run; then a byte is awaited on `go`; the last thing before _exit is CLOCK_MONOTONIC in nanoseconds as a second line.
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int open_fifo(const char *directory, const char *name, int flags) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    int fd = open(path, flags);
    if (fd < 0) err(1, "open %s", path);
    return fd;
}

static void leave_behind(long count, char *program) {
    char *argv[] = {program, NULL};
    for (long i = 0; i < count; i++) {
        pid_t pid;
        int error = posix_spawn(&pid, program, NULL, NULL, argv, environ);
        if (error) errx(1, "spawn %s (%ld of %ld): %s", program, i + 1, count, strerror(error));
    }
}

/// Line of the unified hierarchy ("0::/…") without its prefix and newline; "-" where there is none.
static void read_cgroup_path(char *path, size_t size) {
    char line[4096];
    snprintf(path, size, "-");
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (!file) return;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "0::", 3)) continue;
        line[strcspn(line, "\n")] = 0;
        snprintf(path, size, "%s", line + 3);
    }
    fclose(file);
}

int main(int argc, char **argv) {
    if (argc != 4) errx(2, "usage: leader COUNT LEFT-OVER DIRECTORY");
    int report = open_fifo(argv[3], "report", O_WRONLY | O_CLOEXEC);
    int go = open_fifo(argv[3], "go", O_RDONLY | O_CLOEXEC);
    open_fifo(argv[3], "hold", O_WRONLY);
    leave_behind(atol(argv[1]), argv[2]);

    char path[4096], byte;
    read_cgroup_path(path, sizeof path);
    dprintf(report, "ready %s\n", path);
    if (read(go, &byte, 1) != 1) err(1, "read go");

    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    dprintf(report, "%lld\n", now.tv_sec * 1000000000LL + now.tv_nsec);
    _exit(0);
}
