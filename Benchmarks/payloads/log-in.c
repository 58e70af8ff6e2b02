// SPDX-License-Identifier: Apache-2.0
/// A log-in: what sshd, login and cron have in common, and nothing else.
///
///     log-in SERVICE USER COMMAND [ARGS]
///
/// Opens a session, runs COMMAND in it, and closes the session when that has exited.
#include "../clocks/log-in.h"
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv) {
    pid_t pid;
    if (argc < 4) errx(2, "usage: log-in SERVICE USER COMMAND [ARGS]");
    pam_handle_t *handle = start_pam(argv[1], argv[2]);
    if (pam_open_session(handle, 0) != PAM_SUCCESS) errx(1, "pam_open_session");
    if (!pam_getenv(handle, "EXEUNT_SESSION")) errx(1, "no session was opened");
    int error = posix_spawn(&pid, argv[3], NULL, NULL, argv + 3, environ);
    if (error) errx(1, "spawn %s: %s", argv[3], strerror(error));
    if (waitpid(pid, NULL, 0) < 0) err(1, "wait for %s", argv[3]);
    if (pam_close_session(handle, 0) != PAM_SUCCESS) errx(1, "pam_close_session");
    pam_end(handle, PAM_SUCCESS);
    return 0;
}
