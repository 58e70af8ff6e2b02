// SPDX-License-Identifier: Apache-2.0
/// Left-overs that look like something, or somebody, else.
#define _GNU_SOURCE
#include "shapes.h"
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void be_bare(void) {
    setsid();
    char *nothing[] = {NULL};
    // Without SHAPE_DIR the stage cannot write down its pid: it has this one's.
    announce_for(getpid());
    execute_stage("@rest", nothing);
}

static void stage_rest(void) {
    announce_nameless();
    rest();
}

/// Executes itself with an empty environment: nothing marks it any more.
static void clears_environ(void) {
    leave(be_bare);
    await_left(2);
}

static void be_forger(void) {
    setsid();
    setenv("EXEUNT_SESSION", required("SHAPE_FORGED"), 1);
    announce_for(getpid());
    execute_stage("@rest", environ);
}

/// Carries the mark of another session, SHAPE_FORGED.
static void forges_mark(void) {
    leave(be_forger);
    await_left(2);
}

static void be_root(void) {
    announce_for(getpid());
    char descriptor[16];
    snprintf(descriptor, sizeof descriptor, "%d", ready_descriptor());
    const char *program = required("SHAPE_SETUID");
    execl(program, program, "@become-root", required("EXEUNT_TEST"), descriptor, NULL);
    err(99, "execute %s", program);
}

static void stage_become_root(void) {
    // All three: the kernel lets a user signal whoever has kept that user as its real or saved id.
    if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0) err(99, "become root");
    stage_rest();
}

/// A user's session starts a program that is set-uid root, SHAPE_SETUID.
static void setuid_child(void) {
    leave(be_root);
    await_left(2);
}

static void be_other(void) {
    uid_t uid = (uid_t)strtoul(required("SHAPE_UID"), NULL, 10);
    setsid();
    announce_for(getpid());
    if (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0) err(99, "change uid");
    stage_rest();
}

/// A service of root's that drops to another user, SHAPE_UID.
static void uid_changer(void) {
    leave(be_other);
    await_left(2);
}

static const char *const names[] = {
    "x) S 1 (", "(sd-pam)", "a b", "two\nlines", "", "exeuntd", "session-keeper", "back\\slash",
    "\xff\xfe not utf-8", "\033[31mred",
};
static const char *name;

static void be_named(void) {
    if (prctl(PR_SET_NAME, name) < 0) err(99, "set name");
    announce_and_rest();
}

/// One left-over for each name that a careless reader stumbles over or a trusting one spares.
static void evil_comm(void) {
    int count = sizeof names / sizeof *names;
    for (int i = 0; i < count; i++) {
        name = names[i];
        leave(be_named);
    }
    await_left(count);
}

const struct shape disguise_shapes[] = {
    {"clears-environ", clears_environ}, {"forges-mark", forges_mark}, {"setuid-child", setuid_child},
    {"uid-changer", uid_changer}, {"evil-comm", evil_comm}, {"@rest", stage_rest},
    {"@become-root", stage_become_root}, {0},
};
