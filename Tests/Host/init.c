// SPDX-License-Identifier: Apache-2.0
/// Pid 1 of a throwaway host: starts COMMAND, reaps every orphan at once, ends as COMMAND did (128+n for a signal).
///
///     init COMMAND [ARGS]
///
/// Reaping at once is the point: the zombies of double-forked processes otherwise look like left-overs.
#include <err.h>
#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/// Brings the loopback up: here, because `ip` is not part of every installation.
static void raise_loopback(void) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0) warn("bring loopback up");
    if (fd >= 0) close(fd);
}

/// Whatever the caller ignores or blocks must not change what is tested: a shell's background jobs ignore INT and QUIT.
static void reset_signals(void) {
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

int main(int argc, char **argv) {
    if (argc < 2) errx(2, "usage: init COMMAND [ARGS]");
    prctl(PR_SET_NAME, "throwaway-init");
    if (sethostname("throwaway", strlen("throwaway")) < 0) warn("set host name");
    raise_loopback();
    reset_signals();
    pid_t command = fork();
    if (command < 0) err(125, "fork");
    if (command == 0) {
        execvp(argv[1], argv + 1);
        warn("execute %s", argv[1]);
        _exit(errno == ENOENT ? 127 : 126);
    }
    // COMMAND alone owns the standard streams: a reader of theirs must not have to wait for this process.
    for (int fd = 0; fd < 3; fd++) close(fd);
    for (;;) {
        int status;
        pid_t gone = wait(&status);
        if (gone == command && WIFEXITED(status)) return WEXITSTATUS(status);
        if (gone == command) return 128 + WTERMSIG(status);
    }
}
