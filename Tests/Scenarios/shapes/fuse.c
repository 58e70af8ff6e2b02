// SPDX-License-Identifier: Apache-2.0
/// Left-overs that wait for a file system that never answers. SHAPE_FUSE is where `fuse-server` has mounted it.
#define _GNU_SOURCE
#include "shapes.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static int open_hanging(const char *name, int flags) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", required("SHAPE_FUSE"), name);
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0) err(99, "open %s", path);
    return fd;
}

/// Returns once the server holds one more request unanswered than when it was last asked: then nothing but the
/// server's answer, or its end, brings the left-over back.
static void await_parked(void) {
    char path[PATH_MAX];
    struct stat status;
    snprintf(path, sizeof path, "%s/parked", required("SHAPE_FUSE"));
    if (stat(path, &status) < 0) err(99, "stat %s", path);
}

static void be_uninterruptible(void) {
    char byte;
    int fd = open_hanging("hang", O_RDONLY);
    announce();
    // A read that goes straight to the server: once it has been fetched there, no signal ends the wait, not even KILL.
    if (read(fd, &byte, 1) < 0) err(98, "read");
    _exit(98);
}

static void uninterruptible(void) {
    leave(be_uninterruptible);
    await_left(1);
    await_parked();
}

static void be_locked(void) {
    int fd = open_hanging("launder", O_RDWR);
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED) err(99, "map launder");
    page[0] = 'x';
    int uncached = open_hanging("launder", O_RDONLY);
    announce();
    // The kernel writes the dirty page back first, and holds the lock of this process's memory while it waits: whoever
    // reads /proc/PID/cmdline or environ waits with it.
    mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, uncached, 0);
    _exit(98);
}

static void locked_memory(void) {
    leave(be_locked);
    await_left(1);
    await_parked();
}

/// Field `wanted` (50 and 51 are where the environment starts and ends) of /proc/self/stat.
static unsigned long stat_field(int wanted) {
    char text[4096];
    int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    ssize_t length = read(fd, text, sizeof text - 1);
    if (length < 0) err(99, "read /proc/self/stat");
    close(fd);
    text[length] = 0;
    char *field = strrchr(text, ')') + 2;
    for (int i = 3; i < wanted; i++) field = strchr(field, ' ') + 1;
    return strtoul(field, NULL, 10);
}

static void be_mapped(void) {
    enum { size = 100 * 1024 };
    int own = 0;
    while (environ[own]) own++;
    char **variables = calloc(own + 2, sizeof *variables), *first = malloc(size);
    if (!variables || !first) err(99, "allocate");
    memset(first, 'a', size - 1);
    memcpy(first, "A=", 2);
    first[size - 1] = 0;
    variables[0] = first;
    memcpy(variables + 1, environ, own * sizeof *variables);
    execute_stage("@map-environ", variables);
}

static void stage_map_environ(void) {
    unsigned long page = 4096, start = stat_field(50), end = stat_field(51);
    // Inside the first variable: the others are still wanted.
    unsigned long from = (start + page) & -page, until = (start + 90 * 1024) & -page;
    if (until > end) errx(99, "the environment is too small");
    int fd = open_hanging("page", O_RDONLY);
    announce_for(getpid());
    void *mapped = mmap((void *)from, until - from, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
    if (mapped == MAP_FAILED) err(99, "map over the environment");
    announce_nameless();
    rest();
}

/// Pages of its environment are pages of a file whose server never answers.
static void fuse_environ(void) {
    leave(be_mapped);
    await_left(2);
}

const struct shape fuse_shapes[] = {
    {"uninterruptible", uninterruptible}, {"locked-memory", locked_memory}, {"fuse-environ", fuse_environ},
    {"@map-environ", stage_map_environ}, {0},
};
