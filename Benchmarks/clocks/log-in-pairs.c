// SPDX-License-Identifier: Apache-2.0
/// What opening and closing a session takes in two PAM services, in alternating runs.
///
///     log-in-pairs PAIRS USER SERVICE-A SERVICE-B LEAVES [PAUSE-MS]
///
/// Each log-in is by a process of its own, which times pam_open_session and pam_close_session. Prints "OPEN-A CLOSE-A
/// OPEN-B CLOSE-B" in nanoseconds for each pair, after a few unprinted ones. LEAVES is the directory of the sessions'
/// cgroups: the next log-in waits until that of the last one is gone, and PAUSE-MS (3) more.
#include "log-in.h"
#include <stdlib.h>
#include <sys/wait.h>

enum { warm_up = 5 };

static int pause_ms = 3;

struct report { long long open, close; char session[64]; };

static void log_in(pam_handle_t *handle, int pipe) {
    struct report report = {0};
    long long start = now();
    if (pam_open_session(handle, 0) != PAM_SUCCESS) errx(1, "pam_open_session");
    long long opened = now();
    if (pam_close_session(handle, 0) != PAM_SUCCESS) errx(1, "pam_close_session");
    report.close = now() - opened;
    report.open = opened - start;
    copy_session(handle, report.session, sizeof report.session);
    if (write(pipe, &report, sizeof report) != sizeof report) err(1, "write");
    _exit(0);
}

static struct report run(pam_handle_t *handle, const char *leaves) {
    struct report report;
    int ends[2], status;
    if (pipe(ends)) err(1, "pipe");
    pid_t pid = fork();
    if (pid < 0) err(1, "fork");
    if (pid == 0) log_in(handle, ends[1]);
    close(ends[1]);
    if (read(ends[0], &report, sizeof report) != sizeof report) errx(1, "a log-in has failed");
    close(ends[0]);
    if (waitpid(pid, &status, 0) < 0 || status) errx(1, "a log-in has failed");
    await_end(leaves, report.session);
    usleep(pause_ms * 1000);
    return report;
}

int main(int argc, char **argv) {
    if (argc < 6) errx(2, "usage: log-in-pairs PAIRS USER SERVICE-A SERVICE-B LEAVES [PAUSE-MS]");
    if (argc > 6) pause_ms = atoi(argv[6]);
    pam_handle_t *a = start_pam(argv[3], argv[2]), *b = start_pam(argv[4], argv[2]);
    for (long pair = -warm_up; pair < atol(argv[1]); pair++) {
        struct report first = run(a, argv[5]), second = run(b, argv[5]);
        // Time only counts if the work was done.
        if (!*first.session || *second.session) errx(1, "the wrong service has opened a session");
        if (pair >= 0) printf("%lld %lld %lld %lld\n", first.open, first.close, second.open, second.close);
    }
}
