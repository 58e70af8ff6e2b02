// SPDX-License-Identifier: Apache-2.0
//
// System calls and constants that Swift's Glibc module lacks. No policy: every function is one call, and gives what
// the kernel does, or the negated errno, so that no Swift code stands between a call and its errno. Everything is
// inline, and raw where glibc declares a call only for _GNU_SOURCE, which Swift's importer does not know.

#ifndef CLINUX_H
#define CLINUX_H

#include "CLinuxSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <shadow.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static inline long clinux_result(long value) { return value < 0 ? -(long)errno : value; }

// Files. Every descriptor made here is close-on-exec.

static inline int clinux_openat(int directory, const char *path, int flags) {
    return (int)clinux_result(openat(directory, path, flags | O_CLOEXEC));
}
static inline long clinux_read(int fd, void *buffer, size_t size) { return clinux_result(read(fd, buffer, size)); }
static inline long clinux_write(int fd, const void *data, size_t size) { return clinux_result(write(fd, data, size)); }
static inline int clinux_close(int fd) { return (int)clinux_result(close(fd)); }
static inline int clinux_fcntl(int fd, int command, int value) { return (int)clinux_result(fcntl(fd, command, value)); }

struct clinux_file_facts {
    uint64_t device, inode, mount;
    uint32_t links, mode, owner, group;
};

// AT_STATX_DONT_SYNC: a network or FUSE file system answers from its cache and is not waited for.
static inline int clinux_file_facts(int directory, const char *path, struct clinux_file_facts *facts) {
    struct statx found;
    int flags = 0x4000 | 0x1000 | 0x800;  // AT_STATX_DONT_SYNC | AT_EMPTY_PATH | AT_NO_AUTOMOUNT
    unsigned wanted = STATX_INO | STATX_NLINK | STATX_MODE | STATX_TYPE | STATX_UID | STATX_GID | STATX_MNT_ID;
    if (syscall(SYS_statx, directory, path, flags, wanted, &found) < 0) return -errno;
    *facts = (struct clinux_file_facts){
        makedev(found.stx_dev_major, found.stx_dev_minor), found.stx_ino, found.stx_mnt_id, found.stx_nlink,
        found.stx_mode, found.stx_uid, found.stx_gid};
    return 0;
}

void *memmem(const void *hay, size_t hay_size, const void *needle, size_t needle_size);

// Words of memory shared with a forked child: one writer, one reader.
static inline void clinux_store(uint32_t *word, uint32_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }
static inline uint32_t clinux_load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }

// Events.

enum { CLINUX_EPOLL_BATCH = 128 };

struct clinux_event {
    uint64_t id;
    uint32_t events;
};

static inline int clinux_epoll_add(int epoll, int fd, uint32_t events, uint64_t id) {
    struct epoll_event event = {.events = events, .data.u64 = id};
    return (int)clinux_result(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}
// `found` has room for CLINUX_EPOLL_BATCH. struct epoll_event is packed on x86_64 only, so it does not leave here.
static inline int clinux_epoll_wait(int epoll, struct clinux_event *found, int milliseconds) {
    struct epoll_event events[CLINUX_EPOLL_BATCH];
    int count = epoll_wait(epoll, events, CLINUX_EPOLL_BATCH, milliseconds);
    for (int i = 0; i < count; i++) found[i] = (struct clinux_event){events[i].data.u64, events[i].events};
    return (int)clinux_result(count);
}

// Signals. Sets are the kernel's own 64 bits: bit n-1 is signal n.

static inline int clinux_change_mask(int how, uint64_t mask, uint64_t *previous) {
    return (int)clinux_result(syscall(SYS_rt_sigprocmask, how, &mask, previous, sizeof mask));
}
static inline int clinux_disposition(int signal, const struct clinux_disposition *new, struct clinux_disposition *old) {
    return (int)clinux_result(syscall(SYS_rt_sigaction, signal, new, old, sizeof(uint64_t)));
}

// Processes.

static inline int clinux_fork(void) { return (int)clinux_result(fork()); }
// By number, where glibc has no function, or one that Swift cannot see.
static inline long clinux_call(long number, long first, long second, long third, long fourth, long fifth) {
    return clinux_result(syscall(number, first, second, third, fourth, fifth));
}

static inline char **clinux_environment(void) {
    extern char **environ;
    return environ;
}

#endif
