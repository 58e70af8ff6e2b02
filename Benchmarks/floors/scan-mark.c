// SPDX-License-Identifier: Apache-2.0
/// Floor: the pids of all processes whose environment holds NAME=VALUE, one per line.
///
///     scan-mark NAME=VALUE
///
/// One pass over /proc: per process `environ`, and for one that carries the mark `stat`, which holds the start time
/// that makes the pid an identity, followed by `environ` again (the pid may have been recycled between the two).
#define _GNU_SOURCE  // memmem
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char environment[1 << 21];

static ssize_t read_file(int proc, const char *pid, const char *name, char *text, size_t size) {
    char path[300];
    snprintf(path, sizeof path, "%s/%s", pid, name);
    int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    // One read is enough: the kernel fills the buffer unless the file ends first.
    ssize_t length = read(fd, text, size);
    close(fd);
    return length;
}

static int carries(int proc, const char *pid, const char *mark, size_t size) {
    ssize_t length = read_file(proc, pid, "environ", environment, sizeof environment - 1);
    if (length < (ssize_t)size) return 0;
    // A variable starts where the one before it ended; `size` includes the mark's own final NUL.
    for (char *at = environment, *end = environment + length; (at = memmem(at, end - at, mark, size)); at++)
        if (at == environment || !at[-1]) return 1;
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 2) errx(2, "usage: scan-mark NAME=VALUE");
    size_t size = strlen(argv[1]) + 1;
    char status[4096];
    DIR *directory = opendir("/proc");
    if (!directory) err(1, "open /proc");
    int proc = dirfd(directory);
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
        if (!carries(proc, entry->d_name, argv[1], size)) continue;
        if (read_file(proc, entry->d_name, "stat", status, sizeof status) <= 0) continue;
        if (carries(proc, entry->d_name, argv[1], size)) puts(entry->d_name);
    }
    return 0;
}
