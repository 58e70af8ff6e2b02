// SPDX-License-Identifier: Apache-2.0

#ifndef CLINUX_SPAWN_H
#define CLINUX_SPAWN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

// struct sigaction as the kernel has it, on x86_64 and aarch64.
struct clinux_disposition {
    uintptr_t handler;
    unsigned long flags;
    uintptr_t restorer;
    uint64_t mask;
};

// Where a spawn failed. The order is the order of the steps.
enum clinux_spawn_stage {
    CLINUX_SPAWN_CLONE, CLINUX_SPAWN_CGROUP, CLINUX_SPAWN_PARENT, CLINUX_SPAWN_GROUP, CLINUX_SPAWN_TERMINAL,
    CLINUX_SPAWN_AUDIT, CLINUX_SPAWN_SIGNALS, CLINUX_SPAWN_DESCRIPTORS, CLINUX_SPAWN_LIMIT, CLINUX_SPAWN_PRIVILEGES,
    CLINUX_SPAWN_GROUPS, CLINUX_SPAWN_GID, CLINUX_SPAWN_UID, CLINUX_SPAWN_VERIFY, CLINUX_SPAWN_DIRECTORY,
    CLINUX_SPAWN_EXECUTE,
};

struct clinux_spawn_failure {
    int stage, error;  // error 0: none
    int index;         // of the candidate or limit that failed
    uint32_t mode;     // what the child saw in the candidate's place; 0: nothing
};

struct clinux_limit {
    int resource;
    struct rlimit value;
};

struct clinux_credentials {
    uint32_t uid, gid;
    const uint32_t *groups;
    size_t group_count;
};

struct clinux_spawn {
    const char *const *candidates;  // NULL-terminated; tried in turn as execvp does. None: the child only exits
    char *const *arguments;
    char *const *environment;
    const char **shell_arguments;   // {"/bin/sh", to be filled in, argv[1]…, NULL}: for a script without "#!"
    const char *login_uid;          // decimal, written to /proc/self/loginuid; NULL: left alone
    const char *directory;          // to begin in; NULL: the parent's
    const struct clinux_credentials *credentials;  // NULL: the parent's
    const struct clinux_limit *limits;
    const int *passed;              // until -1: what stays open beside 0-2; NULL: all that is not close-on-exec
    int limit_count;
    int program;                    // executed instead of candidates; -1: none
    int standard[3];                // what becomes 0, 1 and 2, in this order; -1: the parent's
    int report;                     // end of a pipe that gets `failure` from a child with memory of its own; -1: none
    int cgroup;                     // directory to be born in; -1: the parent's
    int terminal;                   // the child's group becomes its foreground group; -1: left alone
    int new_group, new_session, no_new_privileges;
    int umask;                      // -1: the parent's
    int death_signal;               // 0: none
    uint64_t mask;                  // for the payload
    uint64_t to_default, to_ignore; // dispositions to change

    // Out.
    int pidfd;
    struct clinux_spawn_failure failure;
};

// The pid of the child, or a negated errno. All signals must be blocked: a handler that ran in the child would run in
// the parent's memory. Without `report` the child has exited or runs its program when this returns, and `failure` tells
// which. `old_call`: by clone(2), for container run times whose seccomp profile knows no clone3; the child then joins
// its cgroup by itself.
long clinux_clone(struct clinux_spawn *request, int old_call);

#endif
