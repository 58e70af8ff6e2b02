// SPDX-License-Identifier: Apache-2.0
/// Left-overs to be found and ended, one subcommand for each shape:
///
///     shapes NAME TOKEN [ARGUMENT]...
///
/// TOKEN is not read: it stands in every left-over's arguments, so that a test finds whoever is still there.
#define _GNU_SOURCE
#include "shapes.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int arguments_count;
static char **arguments;
static int ready_pipe[2] = {-1, -1};

static const struct shape *const all_shapes[] = {
    daemon_shapes, signal_shapes, racer_shapes, disguise_shapes, burden_shapes,
    relative_shapes, cgroup_shapes, fuse_shapes, tool_shapes,
};

const char *text_argument(int index) {
    return 3 + index < arguments_count ? arguments[3 + index] : NULL;
}

long number_argument(int index, long fallback) {
    const char *text = text_argument(index);
    return text ? strtol(text, NULL, 10) : fallback;
}

const char *required(const char *variable) {
    const char *value = getenv(variable);
    if (!value) errx(99, "%s is not set", variable);
    return value;
}

pid_t leave(void (*what)(void)) {
    pid_t pid = fork();
    if (pid < 0) err(99, "fork");
    if (pid > 0) return pid;
    what();
    _exit(0);
}

void announce_for(pid_t pid) {
    char path[PATH_MAX], line[32];
    snprintf(path, sizeof path, "%s/left", required("SHAPE_DIR"));
    int length = snprintf(line, sizeof line, "%d\n", pid);
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0 || write(fd, line, length) != length) err(99, "write %s", path);
    close(fd);
    announce_nameless();
}

void announce(void) {
    announce_for(getpid());
}

void announce_nameless(void) {
    if (write(ready_pipe[1], "r", 1) != 1) err(99, "announce");
}

void await_left(int count) {
    // Our own copy would keep the pipe from ending when a left-over dies before it is in place.
    close(ready_pipe[1]);
    char byte;
    for (int i = 0; i < count; i++) {
        ssize_t got = read(ready_pipe[0], &byte, 1);
        if (got < 0 && errno == EINTR) i--;
        else if (got != 1) errx(99, "only %d of %d left-overs came to be", i, count);
    }
    close(ready_pipe[0]);
}

void rest(void) {
    close(ready_pipe[0]);
    close(ready_pipe[1]);
    for (;;) pause();
}

void announce_and_rest(void) {
    announce();
    rest();
}

int ready_descriptor(void) {
    return ready_pipe[1];
}

void execute_stage(const char *stage, char **environment) {
    char descriptor[16];
    snprintf(descriptor, sizeof descriptor, "%d", ready_pipe[1]);
    char *again[] = {arguments[0], (char *)stage, arguments[2], descriptor, NULL};
    close(ready_pipe[0]);
    execve("/proc/self/exe", again, environment);
    err(99, "execute this program again");
}

void write_result(const char *name, const char *text) {
    char path[PATH_MAX], draft[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/%s", required("SHAPE_DIR"), name);
    snprintf(draft, sizeof draft, "%s.%d", path, getpid());
    int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) err(99, "write %s", draft);
    close(fd);
    if (rename(draft, path) < 0) err(99, "rename %s", draft);
}

bool write_text(const char *path, const char *text, bool optional) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (!written && !optional) err(99, "write %s to %s", text, path);
    if (fd >= 0) close(fd);
    return written;
}

void own_cgroup(char *path, size_t size) {
    FILE *file = fopen("/proc/self/cgroup", "re");
    char line[PATH_MAX];
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "0::", 3) != 0) continue;
        line[strcspn(line, "\n")] = 0;
        snprintf(path, size, "/sys/fs/cgroup%s", strcmp(line + 3, "/") ? line + 3 : "");
        fclose(file);
        return;
    }
    errx(99, "no cgroup v2");
}

void *shared_memory(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) err(99, "map shared memory");
    return memory;
}

void await_go(void) {
    char path[PATH_MAX], byte;
    snprintf(path, sizeof path, "%s/go", required("SHAPE_DIR"));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, &byte, 1) < 0) err(99, "wait for %s", path);
    close(fd);
}

/// SHAPE_READY names a FIFO: the test waits there until all left-overs are in place, and the leader stays until told
/// by `SHAPE_DIR/go`, or for ever.
static void stay_if_asked(void) {
    const char *path = getenv("SHAPE_READY");
    if (!path) return;
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || dprintf(fd, "%d\n", getpid()) < 0) err(99, "write %s", path);
    close(fd);
    char go[PATH_MAX];
    snprintf(go, sizeof go, "%s/go", required("SHAPE_DIR"));
    if (access(go, F_OK) == 0) await_go();
    else for (;;) pause();
}

int main(int argc, char **argv) {
    if (argc < 3) errx(2, "usage: shapes NAME TOKEN [ARGUMENT]...");
    arguments_count = argc;
    arguments = argv;
    // A stage that was executed by a left-over inherits the pipe of its leader.
    if (argv[1][0] == '@') ready_pipe[1] = (int)number_argument(0, -1);
    else if (pipe(ready_pipe) < 0) err(99, "pipe");
    for (size_t group = 0; group < sizeof all_shapes / sizeof *all_shapes; group++) {
        for (const struct shape *shape = all_shapes[group]; shape->name; shape++) {
            if (strcmp(shape->name, argv[1]) != 0) continue;
            shape->lead();
            stay_if_asked();
            const char *code = getenv("SHAPE_EXIT");
            return code ? atoi(code) : 0;
        }
    }
    errx(2, "no shape %s", argv[1]);
}
