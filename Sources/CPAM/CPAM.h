// SPDX-License-Identifier: Apache-2.0
// What pam_exeunt needs of libc and libpam: there is no Glibc module in Embedded Swift. Below the headers is only what
// Swift cannot call: variadic functions, macros that are no constants, an address that is a union.
#pragma once

// For struct ucred, GRND_INSECURE and the names of errors.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>

static inline int exeunt_errno(void)
{
    return errno;
}

static inline void exeunt_syslog(pam_handle_t *handle, int priority, const char *text)
{
    pam_syslog(handle, priority, "%s", text);
}

// Always O_CLOEXEC: the caller may have threads that fork.
static inline int exeunt_openat(int directory, const char *name, int flags, mode_t mode)
{
    return openat(directory, name, flags | O_CLOEXEC, mode);
}

static inline int exeunt_stream_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static inline int exeunt_datagram_socket(void)
{
    return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static inline int exeunt_connect(int descriptor, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    return connect(descriptor, (const struct sockaddr *)&address, sizeof address);
}

// Neither waits, and no SIGPIPE comes: whether to wait, and for how long, is for poll(2) alone.
static inline ssize_t exeunt_send(int descriptor, const void *bytes, size_t count)
{
    return send(descriptor, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static inline ssize_t exeunt_receive(int descriptor, void *bytes, size_t count)
{
    return recv(descriptor, bytes, count, MSG_DONTWAIT);
}

// The uid that the server had when it began to listen.
static inline int exeunt_peer_uid(int descriptor, uid_t *uid)
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return -1;
    *uid = peer.uid;
    return 0;
}

static inline int exeunt_limit_sending(int descriptor, long milliseconds)
{
    struct timeval time = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
    return setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

// The owner and the permission bits of an open directory.
static inline int exeunt_owner_and_mode(int descriptor, uid_t *uid, mode_t *mode)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return -1;
    *uid = status.st_uid;
    *mode = status.st_mode & 07777;
    return 0;
}

// How much may be written to a file without SIGXFSZ, which would end the caller.
static inline unsigned long long exeunt_file_size_limit(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) == 0 ? limit.rlim_cur : 0;
}
