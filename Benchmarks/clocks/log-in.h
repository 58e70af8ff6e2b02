// SPDX-License-Identifier: Apache-2.0
/// What programs that log in have in common.
#pragma once
#include <err.h>
#include <security/pam_appl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static inline long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/// Nobody is asked anything.
static inline int refuse(
    int count, const struct pam_message **messages, struct pam_response **responses, void *data) {
    (void)count, (void)messages, (void)responses, (void)data;
    return PAM_CONV_ERR;
}

/// Loads the modules of the service: once, also for children.
static inline pam_handle_t *start_pam(const char *service, const char *user) {
    static const struct pam_conv conversation = {refuse, NULL};
    pam_handle_t *handle;
    if (pam_start(service, user, &conversation, &handle) != PAM_SUCCESS) errx(1, "pam_start %s", service);
    return handle;
}

/// The session that exeunt has opened; empty if there is none.
static inline void copy_session(pam_handle_t *handle, char *text, size_t size) {
    const char *session = pam_getenv(handle, "EXEUNT_SESSION");
    snprintf(text, size, "%s", session ? session : "");
}

/// Waits until the cgroup of a session is gone, which is the last thing that its ending does on the host.
static inline void await_end(const char *leaves, const char *session) {
    enum { patience_ms = 30000 };
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", leaves, session);
    for (int i = 0; *session && access(path, F_OK) == 0; i++) {
        if (i == patience_ms) errx(1, "%s does not go", path);
        usleep(1000);
    }
}
