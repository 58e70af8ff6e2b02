// SPDX-License-Identifier: Apache-2.0
//
// System calls and constants that glibc or Swift's importer lack. No policy: every function is one call, and
// returns what the kernel does, or the negated errno, so that no Swift code stands between a call and its errno.

#ifndef CLINUX_H
#define CLINUX_H

#include "CLinuxSpawn.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/types.h>
#include <sys/wait.h>

// Files. Every descriptor made here is close-on-exec.

int clinux_openat(int directory, const char *path, int flags);
long clinux_read(int fd, void *buffer, size_t size);
long clinux_pread(int fd, void *buffer, size_t size, int64_t offset);
long clinux_write(int fd, const void *bytes, size_t size);
int clinux_close(int fd);
int clinux_duplicate(int fd, int lowest);
int clinux_duplicate_onto(int fd, int target, int close_on_exec);
int clinux_close_range(unsigned first, unsigned last);
int clinux_descriptor_flags(int fd);
int clinux_status_flags(int fd);
int clinux_set_status_flags(int fd, int flags);
int clinux_pipe(int ends[2]);
int clinux_socketpair(int ends[2]);
long clinux_getdents(int fd, void *buffer, size_t size);
int clinux_rewind(int fd);
int clinux_mkdirat(int directory, const char *name, mode_t mode);
int clinux_rmdirat(int directory, const char *name);
long clinux_readlinkat(int directory, const char *path, char *buffer, size_t size);

struct clinux_file_facts {
    uint64_t device, inode;
    uint32_t links, mode, owner;
};

// AT_STATX_DONT_SYNC: a network or FUSE file system answers from its cache and is not waited for.
int clinux_file_facts(int directory, const char *path, int empty_path, struct clinux_file_facts *facts);

// Checked with the effective identity, as execve will.
int clinux_may_execute(const char *path);

// The file system's magic number, or a negated errno.
int64_t clinux_file_system(int fd);

enum { CLINUX_CGROUP2_MAGIC = 0x63677270, CLINUX_PIDFS_MAGIC = 0x50494446 };
const void *clinux_memmem(const void *hay, size_t hay_size, const void *needle, size_t size);

// Zeroed memory shared with children forked later; NULL when there is none.
void *clinux_map_shared(size_t size);
void clinux_unmap(void *memory, size_t size);

// Words of memory shared with a forked child: one writer, one reader.
void clinux_store(uint32_t *word, uint32_t value);
uint32_t clinux_load(const uint32_t *word);

// Events.

enum {
    CLINUX_EPOLLIN = EPOLLIN,
    CLINUX_EPOLLPRI = EPOLLPRI,
    CLINUX_EPOLLOUT = EPOLLOUT,
    CLINUX_EPOLLERR = EPOLLERR,
    CLINUX_EPOLLHUP = EPOLLHUP,
    CLINUX_EPOLLRDHUP = EPOLLRDHUP,
    CLINUX_EPOLL_BATCH = 128,
};

struct clinux_event {
    uint64_t id;
    uint32_t events;
};
int clinux_epoll_create(void);
int clinux_epoll_add(int epoll, int fd, uint32_t events, uint64_t id);
int clinux_epoll_remove(int epoll, int fd);

// `found` has room for CLINUX_EPOLL_BATCH. struct epoll_event is packed on x86_64 only, so it does not leave here.
int clinux_epoll_wait(int epoll, struct clinux_event *found, int milliseconds);
int clinux_timerfd(void);

// `nanoseconds` on CLOCK_MONOTONIC; 0 disarms.
int clinux_timerfd_set(int fd, uint64_t nanoseconds);

// More than 0 when one of `events` (or an error, or a hang-up) is there, 0 after the time-out.
int clinux_poll(int fd, short events, int milliseconds);

// Signals. Sets are the kernel's own 64 bits: bit n-1 is signal n.

int clinux_set_mask(uint64_t mask, uint64_t *previous);
int clinux_get_mask(uint64_t *mask);
int clinux_signalfd(uint64_t mask);
int clinux_is_ignored(int signal);
int clinux_set_ignored(int signal, int ignored);

struct clinux_received {
    int signal, code, sender;
    uint32_t owner;
};

// 1 and a signal, 0 when none waits.
int clinux_next_signal(int fd, struct clinux_received *received);

enum { CLINUX_SI_KERNEL = SI_KERNEL };

// Processes.

int clinux_fork(void);
int clinux_pidfd_open(int pid);
int clinux_pidfd_send_signal(int fd, int signal, unsigned flags);

enum { CLINUX_SIGNAL_PROCESS_GROUP = 1 << 2 };  // Linux 6.9

// PIDFD_GET_INFO (Linux 6.13): 0 when the kernel answers for this pidfd.
int clinux_pidfd_probe_info(int fd);

// SO_PEERPIDFD (Linux 6.5): a pidfd of the other end of a UNIX socket.
int clinux_peer_pidfd(int socket);

struct clinux_child {
    int pid, code, status;
};

enum {
    CLINUX_WAIT_EXITED = WEXITED,
    CLINUX_WAIT_STOPPED = WSTOPPED,
    CLINUX_WAIT_CONTINUED = WCONTINUED,
    CLINUX_WAIT_KEEP = WNOWAIT,
    CLINUX_CHILD_EXITED = CLD_EXITED,
    CLINUX_CHILD_DUMPED = CLD_DUMPED,
};

// pid 0 means any child. 1 and a child, 0 when no child has such news, -ECHILD when there is no such child.
// __WALL: a child made by clone() with an exit signal of its own is a child too.
int clinux_wait(int pid, int options, struct clinux_child *child);
int clinux_become_subreaper(void);
int clinux_is_subreaper(void);
int clinux_set_name(const char *name);
int clinux_set_death_signal(int signal);
int clinux_get_descriptor_limit(struct rlimit *limit);
int clinux_set_descriptor_limit(const struct rlimit *limit);
char **clinux_environment(void);

// Terminals.

int clinux_get_foreground(int fd);
int clinux_set_foreground(int fd, int group);
int clinux_window_size(int fd, uint16_t *columns, uint16_t *rows);

#endif
