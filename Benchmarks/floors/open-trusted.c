// SPDX-License-Identifier: Apache-2.0
/// Floor: how long it takes to open a path component by component, and to ask of each what a check of trust must know.
///
///     open-trusted PATH TIMES        prints nanoseconds for each time
///
/// The calls are those of exeunt: for each component one openat with O_PATH, one statx, one getxattr for the access
/// control list through /proc/self/fd, and one close.
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static int judge(int directory, const char *name, int flags, int is_program) {
    int fd = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC | flags);
    if (fd < 0) err(1, "%s", name);
    struct statx facts;
    unsigned wanted = STATX_INO | STATX_NLINK | STATX_MODE | STATX_TYPE | STATX_UID | STATX_GID | STATX_MNT_ID;
    if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, wanted, &facts) < 0) err(1, "look at %s", name);
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (getxattr(path, "system.posix_acl_access", NULL, 0) >= 0) errx(1, "%s has an access control list", name);
    if (errno != ENODATA && errno != EOPNOTSUPP) err(1, "list of %s", name);
    unsigned forbidden = is_program ? S_ISUID | S_ISGID | 022 : S_ISVTX | 022;
    if (facts.stx_uid != 0 || facts.stx_mode & forbidden) errx(1, "%s is not trusted", name);
    return fd;
}

static void open_trusted(const char *path) {
    char copy[4096], *rest = copy;
    if (strlen(path) >= sizeof copy) errx(1, "too long");
    strcpy(copy, path + 1);
    int directory = judge(AT_FDCWD, "/", O_DIRECTORY, 0);
    for (char *name; (name = strsep(&rest, "/"));) {
        int fd = judge(directory, name, rest ? O_DIRECTORY : 0, !rest);
        close(directory);
        directory = fd;
    }
    close(directory);
}

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc != 3) errx(2, "usage: open-trusted PATH TIMES");
    long times = atol(argv[2]);
    long long start = now();
    for (long turn = 0; turn < times; turn++) open_trusted(argv[1]);
    printf("%lld\n", (now() - start) / times);
    return 0;
}
