// SPDX-License-Identifier: Apache-2.0
/// How long one ending takes, seen from outside, in the same way whoever does it.
///
///     time-ending DIRECTORY CGROUP-MOUNT SETTLE-MS SUPERVISOR [ARGS]
///
/// SUPERVISOR runs the payload `leader` with the same DIRECTORY. Prints one JSON object: nanoseconds from the moment
/// the leader wrote just before its _exit until
///   eof        no left-over holds the FIFO `hold` any more
///   populated  cgroup.events of the payload's cgroup says `populated 0` (null if CGROUP-MOUNT is "-")
///   returned   the supervisor itself has exited (record written, zombies reaped, cgroup removed)
/// and the supervisor's wait `status` and largest resident set `maxrss` (KiB, of the largest of its processes).
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
enum { patience_ms = 120000 };

struct moments { long long payload, eof, populated, returned; };
struct watch { int report, go, hold, events, supervisor; };

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int make_fifo(const char *directory, const char *name, int flags) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    if (mkfifo(path, 0600) && errno != EEXIST) err(1, "make %s", path);
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0) err(1, "open %s", path);
    return fd;
}

/// One line of `report`; fails when the supervisor exits first or nothing comes.
static void read_report(const struct watch *watch, char *line, size_t size) {
    struct pollfd fds[] = {{watch->report, POLLIN, 0}, {watch->supervisor, POLLIN, 0}};
    if (poll(fds, 2, patience_ms) < 1) errx(1, "the leader does not report");
    if (!(fds[0].revents & POLLIN)) errx(1, "the supervisor ended before the leader was ready");
    ssize_t length = read(watch->report, line, size - 1);
    if (length < 1 || line[length - 1] != '\n') errx(1, "broken report");
    line[length - 1] = 0;
}

static int open_events(const char *mount, const char *path) {
    char name[8192];
    if (!strcmp(mount, "-")) return -1;
    snprintf(name, sizeof name, "%s%s/cgroup.events", mount, path);
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) err(1, "open %s", name);
    return fd;
}

/// A cgroup that cannot be read any more has been removed, which only an empty one can be.
static int is_populated(int events) {
    char text[256] = "";
    if (pread(events, text, sizeof text - 1, 0) < 0) return 0;
    return strstr(text, "populated 1") != NULL;
}

static void await_end(struct watch *watch, struct moments *moments) {
    while (!moments->returned || !moments->eof || (watch->events >= 0 && !moments->populated)) {
        struct pollfd fds[] = {
            {moments->eof ? -1 : watch->hold, POLLIN, 0},
            {moments->populated ? -1 : watch->events, POLLPRI, 0},
            {moments->returned ? -1 : watch->supervisor, POLLIN, 0},
        };
        // Once the supervisor has returned nobody ends anything any more.
        int ready = poll(fds, 3, moments->returned ? 1000 : patience_ms);
        long long time = now();
        if (ready < 1) errx(1, moments->returned ? "left-overs are still alive" : "the ending takes too long");
        if (fds[0].revents & POLLHUP) moments->eof = time;
        if (fds[1].revents && !is_populated(watch->events)) moments->populated = time;
        if (fds[2].revents) moments->returned = time;
    }
}

int main(int argc, char **argv) {
    if (argc < 5) errx(2, "usage: time-ending DIRECTORY CGROUP-MOUNT SETTLE-MS SUPERVISOR [ARGS]");
    struct watch watch = {
        .report = make_fifo(argv[1], "report", O_RDWR),
        .go = make_fifo(argv[1], "go", O_RDWR),
        .hold = make_fifo(argv[1], "hold", O_RDONLY | O_NONBLOCK),
    };
    pid_t pid;
    int error = posix_spawn(&pid, argv[4], NULL, NULL, argv + 4, environ);
    if (error) errx(1, "spawn %s: %s", argv[4], strerror(error));
    watch.supervisor = syscall(SYS_pidfd_open, pid, 0);
    if (watch.supervisor < 0) err(1, "open process %d", pid);

    char line[4096];
    read_report(&watch, line, sizeof line);
    watch.events = open_events(argv[2], line + strlen("ready "));
    // Also lets the kernel's 10 ms limit on notifications of one cgroup.events pass.
    usleep(atoi(argv[3]) * 1000);
    struct moments moments = {0};
    if (write(watch.go, "g", 1) != 1) err(1, "write go");
    await_end(&watch, &moments);
    read_report(&watch, line, sizeof line);
    moments.payload = atoll(line);

    int status;
    struct rusage usage;
    if (wait4(pid, &status, 0, &usage) < 0) err(1, "wait for the supervisor");
    printf("{\"eof\":%lld,", moments.eof - moments.payload);
    if (watch.events < 0) printf("\"populated\":null,");
    else printf("\"populated\":%lld,", moments.populated - moments.payload);
    printf("\"returned\":%lld,\"status\":%d,\"maxrss\":%ld}\n", moments.returned - moments.payload, status,
           usage.ru_maxrss);
}
