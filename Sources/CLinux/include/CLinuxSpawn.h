// SPDX-License-Identifier: Apache-2.0

#ifndef CLINUX_SPAWN_H
#define CLINUX_SPAWN_H

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
    CLINUX_SPAWN_CLONE,
    CLINUX_SPAWN_CGROUP,
    CLINUX_SPAWN_PARENT,
    CLINUX_SPAWN_GROUP,
    CLINUX_SPAWN_TERMINAL,
    CLINUX_SPAWN_AUDIT,
    CLINUX_SPAWN_SIGNALS,
    CLINUX_SPAWN_LIMIT,
    CLINUX_SPAWN_EXECUTE,
};

struct clinux_spawn {
    const char *const *candidates;  // NULL-terminated; tried in turn as execvp does. None: the child only exits
    char *const *arguments;
    char *const *environment;
    const char **shell_arguments;   // {"/bin/sh", to be filled in, argv[1]…, NULL}: for a script without "#!"
    const char *login_uid;          // decimal, written to /proc/self/loginuid; NULL: left alone
    int cgroup;                     // directory to be born in; -1: the parent's
    int terminal;                   // the child's group becomes its foreground group; -1: left alone
    int new_group;
    int death_signal;               // 0: none
    uint64_t mask;                  // for the payload
    uint64_t to_default, to_ignore; // dispositions to change
    int set_limit;
    struct rlimit descriptor_limit;

    // Out.
    int pidfd;
    int stage, error;               // error 0: the payload runs
    int failed_candidate;
};

// The pid of the child, or 0 with `stage` and `error` set; a child that failed has already been reaped.
int clinux_spawn(struct clinux_spawn *request);

#endif
