// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct clone_arguments {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

static const uint64_t into_cgroup = 0x200000000;

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

// From here to the end of run_child everything runs between clone and exec: system calls (async-signal-safe) and stores
// to the request or the stack, nothing else. Without `report` that is the parent's memory, and the parent is suspended.

static _Noreturn void fail(struct clinux_spawn *request, int stage) {
    request->failure.error = errno;  // async-signal-safe: a store
    request->failure.stage = stage;  // async-signal-safe: a store
    if (request->report >= 0)        // a pipe takes this whole, or its reader is gone. async-signal-safe
        (void)!write(request->report, &request->failure, sizeof request->failure);
    _exit(127);  // async-signal-safe
}

// As its own function, so that every step reads alike. async-signal-safe
static inline void must(struct clinux_spawn *request, long result, int stage) {
    if (result < 0) fail(request, stage);
}

static void write_file(struct clinux_spawn *request, int directory, const char *path, const char *text, int stage) {
    int fd = openat(directory, path, O_WRONLY | O_CLOEXEC);               // async-signal-safe
    if (fd < 0 || write(fd, text, strlen(text)) < 0) fail(request, stage);  // async-signal-safe
    close(fd);                                                            // async-signal-safe
}

static void set_dispositions(struct clinux_spawn *request, uint64_t signals, uintptr_t handler) {
    struct clinux_disposition wanted = {.handler = handler};  // async-signal-safe: the stack
    for (int signal = 1; signal <= 64; signal++)
        if (signals >> (signal - 1) & 1)  // async-signal-safe: raw call
            must(request, clinux_disposition(signal, &wanted, NULL), CLINUX_SPAWN_SIGNALS);
}

static void follow_parent(struct clinux_spawn *request, int parent) {
    if (!request->death_signal) return;
    // async-signal-safe: raw call
    must(request, prctl(PR_SET_PDEATHSIG, request->death_signal, 0, 0, 0), CLINUX_SPAWN_PARENT);
    // A parent that died before the line above is not told of: look once more. async-signal-safe
    if (getppid() != parent) _exit(127);
}

static void set_descriptors(struct clinux_spawn *request) {
    for (int number = 0; number < 3; number++)
        if (request->standard[number] >= 0)  // async-signal-safe
            must(request, dup2(request->standard[number], number), CLINUX_SPAWN_DESCRIPTORS);
    if (!request->passed) return;
    // CLOSE_RANGE_CLOEXEC, Linux 5.11, and not a close: `report` is needed until exec. async-signal-safe: raw call
    must(request, syscall(SYS_close_range, 3, ~0u, 4), CLINUX_SPAWN_DESCRIPTORS);
    for (const int *number = request->passed; *number >= 0; number++)
        must(request, fcntl(*number, F_SETFD, 0), CLINUX_SPAWN_DESCRIPTORS);  // async-signal-safe
}

// Raw calls: glibc's would tell this to threads that the child does not have. Groups first, since the right to change
// them goes with the uid. All async-signal-safe.
static void become(struct clinux_spawn *request, const struct clinux_credentials *wanted) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    uid_t uid[3];
    gid_t gid[3];
    // With these bits (keepcaps is one) a change of uid would leave capabilities behind.
    if (prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != 0)
        must(request, prctl(PR_SET_SECUREBITS, 0, 0, 0, 0), CLINUX_SPAWN_PRIVILEGES);
    must(request, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), CLINUX_SPAWN_PRIVILEGES);
    must(request, syscall(SYS_setgroups, wanted->group_count, wanted->groups), CLINUX_SPAWN_GROUPS);
    must(request, syscall(SYS_setresgid, wanted->gid, wanted->gid, wanted->gid), CLINUX_SPAWN_GID);
    must(request, syscall(SYS_setresuid, wanted->uid, wanted->uid, wanted->uid), CLINUX_SPAWN_UID);
    if (wanted->uid != 0) must(request, syscall(SYS_capset, &header, none), CLINUX_SPAWN_PRIVILEGES);
    // Verified: nothing that follows would be safe if one of these had only seemed to work.
    errno = EPERM;
    if (getresuid(&uid[0], &uid[1], &uid[2]) < 0 || getresgid(&gid[0], &gid[1], &gid[2]) < 0 ||
        getgroups(0, NULL) != (long)wanted->group_count)
        fail(request, CLINUX_SPAWN_VERIFY);
    for (int i = 0; i < 3; i++)
        if (uid[i] != wanted->uid || gid[i] != wanted->gid) fail(request, CLINUX_SPAWN_VERIFY);
    if (wanted->uid != 0 && syscall(SYS_setresuid, -1, 0, -1) == 0) fail(request, CLINUX_SPAWN_VERIFY);
}

// What the child itself can see there, since its parent may see more; 0 for nothing. async-signal-safe: raw call
static uint32_t mode_of(const char *path) {
    struct clinux_file_facts facts;
    return clinux_file_facts(AT_FDCWD, path, &facts) < 0 ? 0 : facts.mode;
}

// execvp's rules: a candidate that is not there (or that lies where the child cannot look) lets the next one try, one
// that may not be executed is remembered, and a script without "#!" goes to the shell.
static _Noreturn void execute(struct clinux_spawn *request) {
    struct clinux_spawn_failure refused = {0};
    for (int i = 0; request->candidates[i]; i++) {
        const char *path = request->candidates[i];
        execve(path, request->arguments, request->environment);  // async-signal-safe
        int is_plain = errno == ENOEXEC;
        if (is_plain) {
            request->shell_arguments[1] = path;  // async-signal-safe: a store
            execve("/bin/sh", (char *const *)request->shell_arguments, request->environment);  // async-signal-safe
        }
        int error = errno;
        request->failure.index = i;             // async-signal-safe: a store
        request->failure.mode = mode_of(path);  // async-signal-safe
        errno = error;
        if (is_plain) fail(request, CLINUX_SPAWN_EXECUTE);
        if (errno == EACCES && request->failure.mode && !refused.mode) refused = request->failure;
        if (errno != EACCES && errno != ENOENT && errno != ENOTDIR && errno != ESTALE && errno != ENODEV &&
            errno != ETIMEDOUT)
            fail(request, CLINUX_SPAWN_EXECUTE);
    }
    if (refused.mode) {
        request->failure = refused;  // async-signal-safe: a store
        errno = EACCES;
    }
    fail(request, CLINUX_SPAWN_EXECUTE);
}

// What was opened, whatever has its name by now. A script's interpreter has to open it by /dev/fd: the kernel answers
// ENOENT where it would find it closed. All async-signal-safe.
static _Noreturn void execute_program(struct clinux_spawn *request) {
    do {
        syscall(SYS_execveat, request->program, "", request->arguments, request->environment, 0x1000);  // AT_EMPTY_PATH
    } while (errno == ENOENT && fcntl(request->program, F_GETFD) > 0 && fcntl(request->program, F_SETFD, 0) == 0);
    fail(request, CLINUX_SPAWN_EXECUTE);
}

static _Noreturn __attribute__((noinline)) void run_child(struct clinux_spawn *request, int parent, int join) {
    if (join) write_file(request, request->cgroup, "cgroup.procs", "0", CLINUX_SPAWN_CGROUP);
    follow_parent(request, parent);
    if (request->new_session || request->new_group)  // async-signal-safe
        must(request, request->new_session ? setsid() : setpgid(0, 0), CLINUX_SPAWN_GROUP);
    if (request->terminal >= 0) {
        int group = getpgrp();  // async-signal-safe
        // All signals are blocked here, so that SIGTTOU cannot stop a background group. async-signal-safe: raw call
        must(request, ioctl(request->terminal, TIOCSPGRP, &group), CLINUX_SPAWN_TERMINAL);
    }
    if (request->login_uid)
        write_file(request, AT_FDCWD, "/proc/self/loginuid", request->login_uid, CLINUX_SPAWN_AUDIT);
    set_dispositions(request, request->to_default, (uintptr_t)SIG_DFL);
    set_dispositions(request, request->to_ignore, (uintptr_t)SIG_IGN);
    set_descriptors(request);
    for (request->failure.index = 0; request->failure.index < request->limit_count; request->failure.index++) {
        const struct clinux_limit *limit = &request->limits[request->failure.index];
        must(request, setrlimit(limit->resource, &limit->value), CLINUX_SPAWN_LIMIT);  // async-signal-safe: raw call
    }
    if (request->umask >= 0) umask((mode_t)request->umask);  // async-signal-safe
    if (request->no_new_privileges)                          // async-signal-safe: raw call
        must(request, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), CLINUX_SPAWN_PRIVILEGES);
    if (request->credentials) {
        // Nobody's keys but its own; where keyrings are not to be had (ENOSYS, EPERM) none can leak. async-signal-safe
        syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
        become(request, request->credentials);
        follow_parent(request, parent);  // the change has cleared it
    }
    if (request->directory) must(request, chdir(request->directory), CLINUX_SPAWN_DIRECTORY);  // async-signal-safe
    if (request->program < 0 && !request->candidates[0]) _exit(0);  // async-signal-safe
    // async-signal-safe: raw call
    must(request, clinux_change_mask(SIG_SETMASK, request->mask, NULL), CLINUX_SPAWN_SIGNALS);
    if (request->program >= 0) execute_program(request);
    execute(request);
}

// End of what runs between clone and exec.

__attribute__((noinline)) long clinux_clone(struct clinux_spawn *request, int old_call) {
    uint64_t flags = CLONE_PIDFD | (request->report < 0 ? CLONE_VM | CLONE_VFORK : 0);
    struct clone_arguments arguments = {
        .flags = flags | (request->cgroup >= 0 ? into_cgroup : 0),
        .pidfd = (uint64_t)(uintptr_t)&request->pidfd,
        .exit_signal = SIGCHLD,
        .cgroup = request->cgroup >= 0 ? (uint64_t)request->cgroup : 0,
    };
    int parent = getpid();
    long pid = old_call
        ? clone_here(SYS_clone, (long)(flags | SIGCHLD), 0, (long)&request->pidfd)
        : clone_here(435, (long)&arguments, sizeof arguments, 0);
    if (pid == 0) run_child(request, parent, old_call && request->cgroup >= 0);
    return pid;
}
