// SPDX-License-Identifier: Apache-2.0
/// A crowd to search: COUNT left-overs with an environment of ordinary size, every EVERY-th of which carries MARK.
///
///     crowd COUNT EVERY MARK LEFT-OVER
///
/// Says "ready" on stdout when all run; ends them, its own children only, when stdin reaches its end.
#include <err.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/// About 1.6 kB in 32 variables: what a log-in shell on a desktop hands to its programs.
enum { variables = 32, width = 50 };

static char *make_variable(int number) {
    char *text = malloc(width + 1);
    if (!text) err(1, "allocate");
    int length = snprintf(text, width, "BENCH_VARIABLE_%02d=", number);
    memset(text + length, 'a' + number % 26, width - length);
    text[width] = 0;
    return text;
}

int main(int argc, char **argv) {
    if (argc != 5) errx(2, "usage: crowd COUNT EVERY MARK LEFT-OVER");
    long count = atol(argv[1]), every = atol(argv[2]);
    char *plain[variables + 1], *marked[variables + 2];
    for (int i = 0; i < variables; i++) plain[i] = make_variable(i);
    plain[variables] = NULL;
    // In the middle: neither the first nor the last variable a search comes to.
    memcpy(marked, plain, sizeof(char *) * variables / 2);
    marked[variables / 2] = argv[3];
    memcpy(marked + variables / 2 + 1, plain + variables / 2, sizeof(char *) * (variables / 2 + 1));

    pid_t *pids = calloc(count, sizeof *pids);
    if (!pids) err(1, "allocate");
    char *arguments[] = {argv[4], NULL};
    for (long i = 0; i < count; i++) {
        int error = posix_spawn(&pids[i], argv[4], NULL, NULL, arguments, i % every ? plain : marked);
        if (error) errx(1, "spawn %s: %s", argv[4], strerror(error));
    }
    puts("ready");
    fflush(stdout);
    while (getchar() != EOF) continue;
    // Children not yet waited for: their pids cannot have been given to anybody else.
    for (long i = 0; i < count; i++) kill(pids[i], SIGKILL);
    while (wait(NULL) > 0) continue;
    return 0;
}
