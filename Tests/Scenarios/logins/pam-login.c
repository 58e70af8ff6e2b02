// SPDX-License-Identifier: Apache-2.0
/// A program that people log in by, one step at a time: what sshd, login and cron have in common, and nothing else.
///
///     pam-login SERVICE USER TOKEN [tty=T] [rhost=H] [ruser=U] [xdisplay=D] [crowd=N]
///
/// Reads lines: `open`, `close`, `leave` (exits), `run COMMAND` (a shell's, as the user), `keep COMMAND` (as whoever runs
/// this program), `wait` (for the last command). Answers each by a line: `opened SESSION`, `closed`, `started PID`,
/// `exited CODE`, or `failed WHY`. It never closes what it was not told to close. TOKEN is not read: a test finds its
/// processes by it.
///
/// crowd=N: N children of it log in instead, `crowded N`, and stay until standard input ends.
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <security/pam_appl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pam_handle_t *handle;
static const char *user;

/// Nobody is asked anything.
static int refuse(int count, const struct pam_message **messages, struct pam_response **responses, void *data) {
    (void)count, (void)messages, (void)responses, (void)data;
    return PAM_CONV_ERR;
}

static void say(const char *what, const char *value) {
    dprintf(1, "%s %s\n", what, value);
}

static void start(char **arguments) {
    static const struct pam_conv conversation = {refuse, NULL};
    if (pam_start(arguments[1], user, &conversation, &handle) != PAM_SUCCESS) errx(99, "pam_start");
    for (char **argument = arguments + 4; *argument; argument++) {
        char *value = strchr(*argument, '=');
        if (!value) errx(2, "what is %s?", *argument);
        value++;
        int item = !strncmp(*argument, "tty=", 4) ? PAM_TTY : !strncmp(*argument, "rhost=", 6) ? PAM_RHOST
            : !strncmp(*argument, "ruser=", 6) ? PAM_RUSER : !strncmp(*argument, "xdisplay=", 9) ? PAM_XDISPLAY : 0;
        if (item && pam_set_item(handle, item, value) != PAM_SUCCESS) errx(99, "pam_set_item %s", *argument);
    }
}

static void open_session(void) {
    int result = pam_open_session(handle, 0);
    const char *session = pam_getenv(handle, "EXEUNT_SESSION");
    if (result == PAM_SUCCESS) say("opened", session ? session : "-");
    else say("failed", pam_strerror(handle, result));
}

static void close_session(void) {
    int result = pam_close_session(handle, 0);
    say(result == PAM_SUCCESS ? "closed" : "failed", pam_strerror(handle, result));
}

static void become_user(void) {
    struct passwd *account = getpwnam(user);
    if (!account || initgroups(user, account->pw_gid) < 0 || setgid(account->pw_gid) < 0 || setuid(account->pw_uid) < 0)
        err(99, "become %s", user);
    if (chdir(account->pw_dir) < 0 && chdir("/") < 0) err(99, "chdir");
}

static pid_t run(const char *command, bool becomes_user) {
    pid_t pid = fork();
    if (pid < 0) say("failed", "fork");
    if (pid != 0) return pid;
    setsid();
    // The test's pipes are not the session's: somebody left over would hold them.
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(null, 1);
    if (becomes_user) become_user();
    for (char **variable = pam_getenvlist(handle); variable && *variable; variable++) putenv(*variable);
    execl("/bin/sh", "sh", "-c", command, NULL);
    _exit(127);
}

static void await(pid_t pid) {
    int status;
    char code[16];
    if (waitpid(pid, &status, 0) < 0) return say("failed", "nobody is waited for");
    snprintf(code, sizeof code, "%d", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    say("exited", code);
}

static void lead_crowd(int count, char **arguments) {
    int opened[2], life[2];
    char byte;
    if (pipe2(opened, O_CLOEXEC) < 0 || pipe2(life, O_CLOEXEC) < 0) err(99, "pipe");
    for (int i = 0; i < count; i++) {
        pid_t pid = fork();
        if (pid < 0) err(99, "fork");
        if (pid > 0) {
            // One at a time: how fast many log in at once is no question here.
            if (read(opened[0], &byte, 1) != 1) errx(99, "a log-in of the crowd has failed");
            continue;
        }
        close(life[1]);
        start(arguments);
        if (pam_open_session(handle, 0) != PAM_SUCCESS) errx(99, "pam_open_session");
        if (write(opened[1], "o", 1) != 1) err(99, "write");
        close(opened[1]);
        _exit(read(life[0], &byte, 1) != 0);
    }
    dprintf(1, "crowded %d\n", count);
    while (read(0, &byte, 1) > 0) continue;
    close(life[1]);
    while (wait(NULL) > 0) continue;
    exit(0);
}

int main(int count, char **arguments) {
    if (count < 4) errx(2, "usage: pam-login SERVICE USER TOKEN [ITEM=VALUE]...");
    user = arguments[2];
    for (char **argument = arguments + 4; *argument; argument++)
        if (!strncmp(*argument, "crowd=", 6)) lead_crowd(atoi(*argument + 6), arguments);
    start(arguments);
    char line[4096];
    pid_t last = 0;
    setvbuf(stdin, NULL, _IONBF, 0);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        if (!strcmp(line, "open")) open_session();
        else if (!strcmp(line, "close")) close_session();
        else if (!strcmp(line, "leave")) exit(0);
        else if (!strcmp(line, "wait")) await(last);
        else if (!strncmp(line, "run ", 4) || !strncmp(line, "keep ", 5)) {
            char number[16];
            bool becomes_user = line[0] == 'r';
            last = run(strchr(line, ' ') + 1, becomes_user);
            snprintf(number, sizeof number, "%d", last);
            if (last > 0) say("started", number);
        } else errx(2, "what is '%s'?", line);
    }
    // Whoever has told it what to do is gone, and so is the test.
    return 0;
}
