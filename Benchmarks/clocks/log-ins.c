// SPDX-License-Identifier: Apache-2.0
/// Log-ins one after the other, each by a process of its own that stays.
///
///     log-ins SERVICE USER COUNT
///
/// Prints the nanoseconds from the first fork until the last pam_open_session has returned; once standard input ends,
/// all of them are killed, none of which has closed its session. libpam and its modules are loaded once.
#include "log-in.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

int main(int argc, char **argv) {
    if (argc != 4) errx(2, "usage: log-ins SERVICE USER COUNT");
    pam_handle_t *handle = start_pam(argv[1], argv[2]);
    long count = atol(argv[3]);
    pid_t *pids = calloc(count, sizeof *pids);
    int opened[2];
    char byte = 0;
    if (!pids || pipe(opened)) err(1, "prepare");

    long long start = now();
    for (long i = 0; i < count; i++) {
        pids[i] = fork();
        if (pids[i] < 0) err(1, "fork");
        if (pids[i] > 0) {
            if (read(opened[0], &byte, 1) != 1 || byte != 'o') errx(1, "log-in %ld of %ld has failed", i + 1, count);
            continue;
        }
        byte = pam_open_session(handle, 0) == PAM_SUCCESS && pam_getenv(handle, "EXEUNT_SESSION") ? 'o' : 'f';
        if (write(opened[1], &byte, 1) != 1) err(1, "write");
        for (;;) pause();
    }
    printf("%lld\n", now() - start);
    fflush(stdout);
    while (read(0, &byte, 1) > 0) continue;
    // Children not yet waited for: their pids cannot have been given to anybody else.
    for (long i = 0; i < count; i++) kill(pids[i], SIGKILL);
    while (wait(NULL) > 0) continue;
    return 0;
}
