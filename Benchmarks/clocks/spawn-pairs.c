// SPDX-License-Identifier: Apache-2.0
/// Whole life of two programs, from posix_spawn to the end of waitpid, in alternating runs.
///
///     spawn-pairs PAIRS A [ARGS] --- B [ARGS] [--- C [ARGS]]...
///
/// Prints "NANOSECONDS-OF-A NANOSECONDS-OF-B" for each pair, after a few unprinted ones; where there are more than two,
/// the second number is the sum of all but the first, which run one after the other. All get this process's
/// descriptors, and /dev/null to write to; a run that does not exit with 0 ends everything with an error.
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
enum { warm_up = 5, most = 8 };

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long run(char **argv) {
    pid_t pid;
    int status;
    long long start = now();
    int error = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
    if (error) errx(1, "spawn %s: %s", argv[0], strerror(error));
    if (waitpid(pid, &status, 0) < 0) err(1, "wait for %s", argv[0]);
    long long elapsed = now() - start;
    if (status) errx(1, "%s ended with wait status %#x", argv[0], status);
    return elapsed;
}

int main(int argc, char **argv) {
    char **commands[most] = {argv + 2};
    int count = 1;
    for (int i = 2; i < argc && count < most; i++) {
        if (strcmp(argv[i], "---")) continue;
        argv[i] = NULL;
        commands[count++] = argv + i + 1;
    }
    for (int i = 0; i < count; i++) {
        if (argc < 3 || count < 2 || !commands[i][0]) errx(2, "usage: spawn-pairs PAIRS A [ARGS] --- B [ARGS] [--- C]...");
    }
    FILE *results = fdopen(fcntl(1, F_DUPFD_CLOEXEC, 3), "w");
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (!results || null < 0 || dup2(null, 1) < 0) err(1, "prepare");
    for (long pair = -warm_up; pair < atol(argv[1]); pair++) {
        long long a = run(commands[0]), b = 0;
        for (int i = 1; i < count; i++) b += run(commands[i]);
        if (pair >= 0) fprintf(results, "%lld %lld\n", a, b);
    }
}
