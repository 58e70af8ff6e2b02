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
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

static inline long clinux_result(long value) { return value < 0 ? -(long)errno : value; }

// Files. Every descriptor made here is close-on-exec.

static inline int clinux_openat(int directory, const char *path, int flags) {
    return (int)clinux_result(openat(directory, path, flags | O_CLOEXEC));
}
static inline long clinux_read(int fd, void *buffer, size_t size) { return clinux_result(read(fd, buffer, size)); }
static inline long clinux_pread(int fd, void *buffer, size_t size, int64_t offset) {
    return clinux_result(pread(fd, buffer, size, offset));
}
static inline long clinux_write(int fd, const void *data, size_t size) { return clinux_result(write(fd, data, size)); }
static inline int clinux_close(int fd) { return (int)clinux_result(close(fd)); }
static inline int clinux_close_range(unsigned first, unsigned last) {
    return (int)clinux_result(syscall(SYS_close_range, first, last, 0));
}
static inline int clinux_fcntl(int fd, int command, int value) { return (int)clinux_result(fcntl(fd, command, value)); }
static inline int clinux_pipe(int ends[2]) { return (int)clinux_result(syscall(SYS_pipe2, ends, O_CLOEXEC)); }
static inline long clinux_getdents(int fd, void *buffer, size_t size) {
    return clinux_result(syscall(SYS_getdents64, fd, buffer, size));
}

struct clinux_file_facts {
    uint64_t device, inode;
    uint32_t links, mode, owner;
};

// AT_STATX_DONT_SYNC: a network or FUSE file system answers from its cache and is not waited for.
static inline int clinux_file_facts(int directory, const char *path, struct clinux_file_facts *facts) {
    struct statx found;
    int flags = 0x4000 | 0x1000 | 0x800;  // AT_STATX_DONT_SYNC | AT_EMPTY_PATH | AT_NO_AUTOMOUNT
    unsigned wanted = STATX_INO | STATX_NLINK | STATX_MODE | STATX_TYPE | STATX_UID;
    if (syscall(SYS_statx, directory, path, flags, wanted, &found) < 0) return -errno;
    *facts = (struct clinux_file_facts){
        makedev(found.stx_dev_major, found.stx_dev_minor), found.stx_ino, found.stx_nlink, found.stx_mode,
        found.stx_uid};
    return 0;
}

// The file system's magic number.
static inline int64_t clinux_file_system(int fd) {
    struct statfs found;
    return fstatfs(fd, &found) < 0 ? -(int64_t)errno : (int64_t)(found.f_type & 0xffffffff);
}

void *memmem(const void *hay, size_t hay_size, const void *needle, size_t needle_size);

// Words of memory shared with a forked child: one writer, one reader.
static inline void clinux_store(uint32_t *word, uint32_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }
static inline uint32_t clinux_load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }

// Events.

enum {
    CLINUX_EPOLLIN = EPOLLIN, CLINUX_EPOLLPRI = EPOLLPRI, CLINUX_EPOLLOUT = EPOLLOUT, CLINUX_EPOLLERR = EPOLLERR,
    CLINUX_EPOLLHUP = EPOLLHUP, CLINUX_EPOLLRDHUP = EPOLLRDHUP, CLINUX_EPOLL_BATCH = 128,
};

struct clinux_event {
    uint64_t id;
    uint32_t events;
};

static inline int clinux_epoll_create(void) { return (int)clinux_result(epoll_create1(EPOLL_CLOEXEC)); }
static inline int clinux_epoll_add(int epoll, int fd, uint32_t events, uint64_t id) {
    struct epoll_event event = {.events = events, .data.u64 = id};
    return (int)clinux_result(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}
static inline int clinux_epoll_remove(int epoll, int fd) {
    return (int)clinux_result(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL));
}
// `found` has room for CLINUX_EPOLL_BATCH. struct epoll_event is packed on x86_64 only, so it does not leave here.
static inline int clinux_epoll_wait(int epoll, struct clinux_event *found, int milliseconds) {
    struct epoll_event events[CLINUX_EPOLL_BATCH];
    int count = epoll_wait(epoll, events, CLINUX_EPOLL_BATCH, milliseconds);
    for (int i = 0; i < count; i++) found[i] = (struct clinux_event){events[i].data.u64, events[i].events};
    return (int)clinux_result(count);
}
static inline int clinux_timerfd(void) {
    return (int)clinux_result(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
}
// `nanoseconds` on CLOCK_MONOTONIC; 0 disarms.
static inline int clinux_timerfd_set(int fd, uint64_t nanoseconds) {
    struct itimerspec when = {.it_value = {(time_t)(nanoseconds / 1000000000), (long)(nanoseconds % 1000000000)}};
    return (int)clinux_result(timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL));
}

// Signals. Sets are the kernel's own 64 bits: bit n-1 is signal n.

static inline int clinux_change_mask(int how, uint64_t mask, uint64_t *previous) {
    return (int)clinux_result(syscall(SYS_rt_sigprocmask, how, &mask, previous, sizeof mask));
}
static inline int clinux_signalfd(uint64_t mask) {
    return (int)clinux_result(syscall(SYS_signalfd4, -1, &mask, sizeof mask, SFD_CLOEXEC | SFD_NONBLOCK));
}
static inline int clinux_disposition(int signal, const struct clinux_disposition *wanted, struct clinux_disposition *old) {
    return (int)clinux_result(syscall(SYS_rt_sigaction, signal, wanted, old, sizeof(uint64_t)));
}

enum { CLINUX_SIG_IGN = 1, CLINUX_SI_KERNEL = SI_KERNEL };

// Processes.

static inline int clinux_fork(void) { return (int)clinux_result(fork()); }
static inline int clinux_pidfd_open(int pid) { return (int)clinux_result(syscall(SYS_pidfd_open, pid, 0)); }
static inline int clinux_pidfd_send_signal(int fd, int signal, unsigned flags) {
    return (int)clinux_result(syscall(SYS_pidfd_send_signal, fd, signal, NULL, flags));
}
// By number, to see whether a call is there at all.
static inline long clinux_call(long number, long first, long second, long third, long fourth, long fifth) {
    return clinux_result(syscall(number, first, second, third, fourth, fifth));
}
static inline int clinux_prctl(int option, unsigned long value, unsigned long more) {
    return (int)clinux_result(prctl(option, value, more, 0, 0));
}

struct clinux_child {
    int pid, code, status;
};

// pid 0 means any child. 1 and a child, 0 when no child has such news, -ECHILD when there is no such child.
// __WALL: a child made by clone() with an exit signal of its own is a child too.
static inline int clinux_wait(int pid, int options, struct clinux_child *child) {
    siginfo_t found = {0};
    if (waitid(pid == 0 ? P_ALL : P_PID, (id_t)pid, &found, options | WNOHANG | 0x40000000) < 0) return -errno;
    *child = (struct clinux_child){found.si_pid, found.si_code, found.si_status};
    return found.si_pid != 0;
}

enum { CLINUX_CHILD_EXITED = CLD_EXITED, CLINUX_CHILD_DUMPED = CLD_DUMPED };

static inline int clinux_descriptor_limit(const struct rlimit *wanted, struct rlimit *old) {
    return (int)clinux_result(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, wanted, old));
}
static inline char **clinux_environment(void) {
    extern char **environ;
    return environ;
}

#endif
