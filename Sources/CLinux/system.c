// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static long clinux_result(long value) { return value < 0 ? -(long)errno : value; }

int clinux_openat(int directory, const char *path, int flags) {
    return (int)clinux_result(openat(directory, path, flags | O_CLOEXEC));
}

long clinux_read(int fd, void *buffer, size_t size) { return clinux_result(read(fd, buffer, size)); }

long clinux_pread(int fd, void *buffer, size_t size, int64_t offset) {
    return clinux_result(pread(fd, buffer, size, offset));
}

long clinux_write(int fd, const void *bytes, size_t size) {
    return clinux_result(write(fd, bytes, size));
}

int clinux_close(int fd) { return (int)clinux_result(close(fd)); }

int clinux_duplicate(int fd, int lowest) {
    return (int)clinux_result(fcntl(fd, F_DUPFD_CLOEXEC, lowest));
}

int clinux_duplicate_onto(int fd, int target, int close_on_exec) {
    return (int)clinux_result(dup3(fd, target, close_on_exec ? O_CLOEXEC : 0));
}

int clinux_close_range(unsigned first, unsigned last) {
    return (int)clinux_result(syscall(SYS_close_range, first, last, 0));
}

int clinux_descriptor_flags(int fd) { return (int)clinux_result(fcntl(fd, F_GETFD)); }

int clinux_status_flags(int fd) { return (int)clinux_result(fcntl(fd, F_GETFL)); }

int clinux_set_status_flags(int fd, int flags) {
    return (int)clinux_result(fcntl(fd, F_SETFL, flags));
}

int clinux_pipe(int ends[2]) { return (int)clinux_result(pipe2(ends, O_CLOEXEC)); }

int clinux_socketpair(int ends[2]) {
    return (int)clinux_result(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends));
}

long clinux_getdents(int fd, void *buffer, size_t size) {
    return clinux_result(syscall(SYS_getdents64, fd, buffer, size));
}

int clinux_rewind(int fd) { return (int)clinux_result(lseek(fd, 0, SEEK_SET)); }

int clinux_mkdirat(int directory, const char *name, mode_t mode) {
    return (int)clinux_result(mkdirat(directory, name, mode));
}

int clinux_rmdirat(int directory, const char *name) {
    return (int)clinux_result(unlinkat(directory, name, AT_REMOVEDIR));
}

long clinux_readlinkat(int directory, const char *path, char *buffer, size_t size) {
    return clinux_result(readlinkat(directory, path, buffer, size));
}

int clinux_file_facts(int directory, const char *path, int empty_path, struct clinux_file_facts *facts) {
    struct statx found;
    int flags = AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT | (empty_path ? AT_EMPTY_PATH : 0);
    if (statx(directory, path, flags, STATX_INO | STATX_NLINK | STATX_MODE | STATX_TYPE | STATX_UID, &found) < 0)
        return -errno;
    facts->device = makedev(found.stx_dev_major, found.stx_dev_minor);
    facts->inode = found.stx_ino;
    facts->links = found.stx_nlink;
    facts->mode = found.stx_mode;
    facts->owner = found.stx_uid;
    return 0;
}

int clinux_may_execute(const char *path) {
    return (int)clinux_result(faccessat(AT_FDCWD, path, X_OK, AT_EACCESS));
}

int64_t clinux_file_system(int fd) {
    struct statfs found;
    return fstatfs(fd, &found) < 0 ? -(int64_t)errno : (int64_t)(found.f_type & 0xffffffff);
}

const void *clinux_memmem(const void *hay, size_t hay_size, const void *needle, size_t size) {
    return memmem(hay, hay_size, needle, size);
}

void *clinux_map_shared(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void clinux_unmap(void *memory, size_t size) { munmap(memory, size); }

void clinux_store(uint32_t *word, uint32_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }

uint32_t clinux_load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }

int clinux_epoll_create(void) { return (int)clinux_result(epoll_create1(EPOLL_CLOEXEC)); }

int clinux_epoll_add(int epoll, int fd, uint32_t events, uint64_t id) {
    struct epoll_event event = {.events = events, .data.u64 = id};
    return (int)clinux_result(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

int clinux_epoll_remove(int epoll, int fd) {
    return (int)clinux_result(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL));
}

int clinux_epoll_wait(int epoll, struct clinux_event *found, int milliseconds) {
    struct epoll_event events[CLINUX_EPOLL_BATCH];
    int count = epoll_wait(epoll, events, CLINUX_EPOLL_BATCH, milliseconds);
    if (count < 0) return -errno;
    for (int i = 0; i < count; i++) {
        found[i].id = events[i].data.u64;
        found[i].events = events[i].events;
    }
    return count;
}

int clinux_timerfd(void) {
    return (int)clinux_result(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
}

int clinux_timerfd_set(int fd, uint64_t nanoseconds) {
    struct itimerspec when = {.it_value = {nanoseconds / 1000000000, nanoseconds % 1000000000}};
    return (int)clinux_result(timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL));
}

int clinux_poll(int fd, short events, int milliseconds) {
    struct pollfd entry = {.fd = fd, .events = events};
    return (int)clinux_result(poll(&entry, 1, milliseconds));
}

int clinux_set_mask(uint64_t mask, uint64_t *previous) {
    return (int)clinux_result(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, previous, sizeof mask));
}

int clinux_get_mask(uint64_t *mask) {
    return (int)clinux_result(syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, mask, sizeof *mask));
}

int clinux_signalfd(uint64_t mask) {
    return (int)clinux_result(syscall(SYS_signalfd4, -1, &mask, sizeof mask, SFD_CLOEXEC | SFD_NONBLOCK));
}

int clinux_is_ignored(int signal) {
    struct clinux_disposition current;
    long result = syscall(SYS_rt_sigaction, signal, NULL, &current, sizeof(uint64_t));
    return result < 0 ? -errno : current.handler == (uintptr_t)SIG_IGN;
}

int clinux_set_ignored(int signal, int ignored) {
    struct clinux_disposition wanted = {.handler = (uintptr_t)(ignored ? SIG_IGN : SIG_DFL)};
    return (int)clinux_result(syscall(SYS_rt_sigaction, signal, &wanted, NULL, sizeof(uint64_t)));
}

int clinux_next_signal(int fd, struct clinux_received *received) {
    struct signalfd_siginfo found;
    if (read(fd, &found, sizeof found) < 0) return errno == EAGAIN ? 0 : -errno;
    received->signal = (int)found.ssi_signo;
    received->code = found.ssi_code;
    received->sender = (int)found.ssi_pid;
    received->owner = found.ssi_uid;
    return 1;
}

int clinux_fork(void) { return (int)clinux_result(fork()); }

int clinux_pidfd_open(int pid) { return (int)clinux_result(syscall(SYS_pidfd_open, pid, 0)); }

int clinux_pidfd_send_signal(int fd, int signal, unsigned flags) {
    return (int)clinux_result(syscall(SYS_pidfd_send_signal, fd, signal, NULL, flags));
}

int clinux_pidfd_probe_info(int fd) {
    uint64_t information[8] = {1};  // struct pidfd_info, first published size 64: PIDFD_INFO_PID asked for
    return (int)clinux_result(ioctl(fd, _IOWR(0xFF, 11, uint64_t[8]), information));
}

int clinux_peer_pidfd(int socket) {
    int fd = -1;
    socklen_t size = sizeof fd;
    return getsockopt(socket, SOL_SOCKET, 77, &fd, &size) < 0 ? -errno : fd;
}

int clinux_wait(int pid, int options, struct clinux_child *child) {
    siginfo_t found = {0};
    if (waitid(pid == 0 ? P_ALL : P_PID, (id_t)pid, &found, options | WNOHANG | __WALL) < 0) return -errno;
    child->pid = found.si_pid;
    child->code = found.si_code;
    child->status = found.si_status;
    return found.si_pid != 0;
}

int clinux_become_subreaper(void) { return (int)clinux_result(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)); }

int clinux_is_subreaper(void) {
    int value = 0;
    return prctl(PR_GET_CHILD_SUBREAPER, &value, 0, 0, 0) < 0 ? -errno : value;
}

int clinux_set_name(const char *name) { return (int)clinux_result(prctl(PR_SET_NAME, name, 0, 0, 0)); }

int clinux_set_death_signal(int signal) {
    return (int)clinux_result(prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0));
}

int clinux_get_descriptor_limit(struct rlimit *limit) {
    return (int)clinux_result(getrlimit(RLIMIT_NOFILE, limit));
}

int clinux_set_descriptor_limit(const struct rlimit *limit) {
    return (int)clinux_result(setrlimit(RLIMIT_NOFILE, limit));
}

char **clinux_environment(void) {
    return environ;
}

int clinux_get_foreground(int fd) {
    int group = 0;
    return ioctl(fd, TIOCGPGRP, &group) < 0 ? -errno : group;
}

int clinux_set_foreground(int fd, int group) { return (int)clinux_result(ioctl(fd, TIOCSPGRP, &group)); }

int clinux_window_size(int fd, uint16_t *columns, uint16_t *rows) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) < 0) return -errno;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}
