// SPDX-License-Identifier: Apache-2.0
/// Whole life of two programs, from posix_spawn to the end of waitpid, in alternating runs.
///
///     spawn-pairs PAIRS A [ARGS] --- B [ARGS]
///
/// Prints "NANOSECONDS-OF-A NANOSECONDS-OF-B" for each pair, after a few unprinted ones. Both get this process's
/// descriptors; a run that does not exit with 0 ends everything with an error.
#include <err.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;
enum { warm_up = 5 };

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
    char **first = argv + 2, **second = NULL;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "---")) continue;
        argv[i] = NULL;
        second = argv + i + 1;
        break;
    }
    if (!second || !first[0] || !second[0]) errx(2, "usage: spawn-pairs PAIRS A [ARGS] --- B [ARGS]");
    for (long pair = -warm_up; pair < atol(argv[1]); pair++) {
        long long a = run(first), b = run(second);
        if (pair >= 0) printf("%lld %lld\n", a, b);
    }
}
