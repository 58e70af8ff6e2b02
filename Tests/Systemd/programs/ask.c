// SPDX-License-Identifier: Apache-2.0
/// Asks the daemon one thing, writes what it answers, and becomes COMMAND, if there is one:
///
///     ask METHOD PARAMETERS [COMMAND [ARGUMENT]...]
///
/// PARAMETERS is JSON. It is asked from inside the container, where the daemon can see who asks.
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 3) errx(2, "usage: ask METHOD PARAMETERS [COMMAND [ARGUMENT]...]");
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/exeunt/io.exeunt"};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) err(1, "connect");
    // The NUL at the end is the end of the message.
    int length = dprintf(fd, "{\"method\":\"io.exeunt.Sessions.%s\",\"parameters\":%s}%c", argv[1], argv[2], 0);
    if (length < 0) err(1, "ask");
    char part[65536];
    ssize_t size;
    while ((size = read(fd, part, sizeof part)) > 0) {
        char *end = memchr(part, 0, size);
        fwrite(part, 1, end ? (size_t)(end - part) : (size_t)size, stdout);
        if (!end) continue;
        fflush(stdout);
        if (argc == 3) return 0;
        execvp(argv[3], argv + 3);
        err(127, "execute %s", argv[3]);
    }
    errx(1, "no answer");
}
