// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct clone_arguments {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

static const uint64_t into_cgroup = 0x200000000;
static const uint64_t as_vfork = CLONE_PIDFD | CLONE_VM | CLONE_VFORK;

// Inline and without a stack of its own, so that the child goes on in the frame of the function that asks, below
// which the suspended parent has nothing: a call through syscall(2) would return in the child first and overwrite
// the parent's return address.
static inline __attribute__((always_inline)) long clone_here(long number, long first, long second, long third) {
#if defined(__x86_64__)
    register long fourth __asm__("r10") = 0;
    register long fifth __asm__("r8") = 0;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(first), "S"(second), "d"(third), "r"(fourth), "r"(fifth)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = first;
    register long x1 __asm__("x1") = second;
    register long x2 __asm__("x2") = third;
    register long x3 __asm__("x3") = 0;
    register long x4 __asm__("x4") = 0;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
    return x0;
#else
#error "only x86_64 and aarch64"
#endif
}

// From here to the end of run_child everything runs between clone and exec, in the parent's memory while the parent
// is suspended: system calls (async-signal-safe) and stores to the request or the stack, nothing else. What fails
// is left in the request, which the parent reads when it goes on.

static _Noreturn void fail(struct clinux_spawn *request, int stage) {
    request->error = errno;  // async-signal-safe: a store
    request->stage = stage;  // async-signal-safe: a store
    _exit(127);              // async-signal-safe
}

static void write_file(struct clinux_spawn *request, int directory, const char *path, const char *text, int stage) {
    int fd = openat(directory, path, O_WRONLY | O_CLOEXEC);               // async-signal-safe
    if (fd < 0 || write(fd, text, strlen(text)) < 0) fail(request, stage);  // async-signal-safe
    close(fd);                                                            // async-signal-safe
}

static void set_dispositions(struct clinux_spawn *request, uint64_t signals, uintptr_t handler) {
    struct clinux_disposition wanted = {.handler = handler};  // async-signal-safe: the stack
    for (int signal = 1; signal <= 64; signal++) {
        if (!(signals >> (signal - 1) & 1)) continue;
        if (clinux_disposition(signal, &wanted, NULL) < 0)  // async-signal-safe: raw call
            fail(request, CLINUX_SPAWN_SIGNALS);
    }
}

// execvp's rules: a candidate that is not there lets the next one try, one that may not be executed is remembered,
// and a script without "#!" goes to the shell.
static _Noreturn void execute(struct clinux_spawn *request) {
    int refused = -1;
    for (int i = 0; request->candidates[i]; i++) {
        request->failed_candidate = i;  // async-signal-safe: a store
        execve(request->candidates[i], request->arguments, request->environment);  // async-signal-safe
        if (errno == ENOEXEC) {
            request->shell_arguments[1] = request->candidates[i];  // async-signal-safe: a store
            execve("/bin/sh", (char *const *)request->shell_arguments, request->environment);  // async-signal-safe
            fail(request, CLINUX_SPAWN_EXECUTE);
        }
        if (errno == EACCES && refused < 0) refused = i;
        if (errno != EACCES && errno != ENOENT && errno != ENOTDIR && errno != ESTALE && errno != ENODEV &&
            errno != ETIMEDOUT)
            fail(request, CLINUX_SPAWN_EXECUTE);
    }
    if (refused >= 0) {
        request->failed_candidate = refused;  // async-signal-safe: a store
        errno = EACCES;
    }
    fail(request, CLINUX_SPAWN_EXECUTE);
}

static _Noreturn __attribute__((noinline)) void run_child(struct clinux_spawn *request, int parent, int join) {
    if (join) write_file(request, request->cgroup, "cgroup.procs", "0", CLINUX_SPAWN_CGROUP);
    if (request->death_signal) {
        if (prctl(PR_SET_PDEATHSIG, request->death_signal, 0, 0, 0) < 0)  // async-signal-safe: raw call
            fail(request, CLINUX_SPAWN_PARENT);
        // A parent that died before the line above is not told of: look once more. async-signal-safe
        if (getppid() != parent) _exit(127);
    }
    if (request->new_group && setpgid(0, 0) < 0) fail(request, CLINUX_SPAWN_GROUP);  // async-signal-safe
    if (request->terminal >= 0) {
        int group = getpgrp();  // async-signal-safe
        // All signals are blocked here, so that SIGTTOU cannot stop a background group. async-signal-safe: raw call
        if (ioctl(request->terminal, TIOCSPGRP, &group) < 0) fail(request, CLINUX_SPAWN_TERMINAL);
    }
    if (request->login_uid)
        write_file(request, AT_FDCWD, "/proc/self/loginuid", request->login_uid, CLINUX_SPAWN_AUDIT);
    set_dispositions(request, request->to_default, (uintptr_t)SIG_DFL);
    set_dispositions(request, request->to_ignore, (uintptr_t)SIG_IGN);
    if (request->set_limit && setrlimit(RLIMIT_NOFILE, &request->descriptor_limit) < 0)  // async-signal-safe: raw call
        fail(request, CLINUX_SPAWN_LIMIT);
    if (!request->candidates[0]) _exit(0);  // async-signal-safe
    if (clinux_change_mask(SIG_SETMASK, request->mask, NULL) < 0) fail(request, CLINUX_SPAWN_SIGNALS);  // async-signal-safe: raw call
    execute(request);
}

// End of what runs between clone and exec.

static __attribute__((noinline)) long clone_and_run(struct clinux_spawn *request, int parent, int old_call) {
    struct clone_arguments arguments = {
        .flags = as_vfork | (request->cgroup >= 0 ? into_cgroup : 0),
        .pidfd = (uint64_t)(uintptr_t)&request->pidfd,
        .exit_signal = SIGCHLD,
        .cgroup = request->cgroup >= 0 ? (uint64_t)request->cgroup : 0,
    };
    long pid = old_call
        ? clone_here(SYS_clone, (long)(as_vfork | SIGCHLD), 0, (long)&request->pidfd)
        : clone_here(435, (long)&arguments, sizeof arguments, 0);
    if (pid == 0) run_child(request, parent, old_call && request->cgroup >= 0);
    return pid;
}

// What clone3 answers when the cgroup, and not the fork, was refused.
static int is_of_cgroup(long error) {
    return error == EACCES || error == EPERM || error == EBUSY || error == EOPNOTSUPP || error == ENODEV ||
           error == EBADF || error == ENOENT;
}

int clinux_spawn(struct clinux_spawn *request) {
    uint64_t previous;
    request->error = 0;
    request->pidfd = -1;
    request->stage = CLINUX_SPAWN_CLONE;
    // A handler that ran in the child would run in the parent's memory.
    int blocked = clinux_change_mask(SIG_SETMASK, UINT64_MAX, &previous);
    if (blocked < 0) {
        request->error = -blocked;
        return 0;
    }
    int parent = getpid();
    long pid = clone_and_run(request, parent, 0);
    // Container run times with an old seccomp profile know no clone3; the child then joins its cgroup by itself.
    if (pid == -ENOSYS) pid = clone_and_run(request, parent, 1);
    clinux_change_mask(SIG_SETMASK, previous, NULL);
    if (pid < 0) {
        request->error = (int)-pid;
        if (request->cgroup >= 0 && is_of_cgroup(-pid)) request->stage = CLINUX_SPAWN_CGROUP;
        return 0;
    }
    if (request->error == 0) return (int)pid;
    while (waitpid((pid_t)pid, NULL, 0) < 0 && errno == EINTR) {
    }
    close(request->pidfd);
    request->pidfd = -1;
    return 0;
}
