// SPDX-License-Identifier: Apache-2.0
/// Left-overs that are heavy to read.
#define _GNU_SOURCE
#include "shapes.h"
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

extern char **environ;

enum { piece = 100 * 1024, pieces = 24 };

/// The kernel takes arguments up to a quarter of the stack's limit.
static void raise_stack_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_STACK, &limit) < 0) err(99, "read the stack's limit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_STACK, &limit) < 0) err(99, "raise the stack's limit");
}

static char *filler(int number) {
    char *text = malloc(piece);
    if (!text) err(99, "allocate");
    memset(text, 'a' + number, piece - 1);
    memcpy(text, "FILL00=", 7);
    text[4] = (char)('0' + number / 10);
    text[5] = (char)('0' + number % 10);
    text[piece - 1] = 0;
    return text;
}

static void be_burdened_by_environ(void) {
    int own = 0;
    while (environ[own]) own++;
    char **variables = calloc(own + pieces + 1, sizeof *variables);
    if (!variables) err(99, "allocate");
    // What is searched for comes last.
    for (int i = 0; i < pieces; i++) variables[i] = filler(i);
    memcpy(variables + pieces, environ, own * sizeof *variables);
    raise_stack_limit();
    execute_stage("@announce", variables);
}

static void huge_environ(void) {
    leave(be_burdened_by_environ);
    await_left(1);
}

static void be_burdened_by_arguments(void) {
    char *arguments[pieces + 5] = {"shapes", "@announce", (char *)required("EXEUNT_TEST")}, descriptor[16];
    snprintf(descriptor, sizeof descriptor, "%d", ready_descriptor());
    arguments[3] = descriptor;
    for (int i = 0; i < pieces; i++) arguments[4 + i] = filler(i);
    raise_stack_limit();
    execve("/proc/self/exe", arguments, environ);
    err(99, "execute this program again");
}

static void huge_argv(void) {
    leave(be_burdened_by_arguments);
    await_left(1);
}

static void be_in_many_groups(void) {
    enum { count = 65536 };
    gid_t *groups = calloc(count, sizeof *groups);
    if (!groups) err(99, "allocate");
    for (int i = 0; i < count; i++) groups[i] = 100000 + i;
    if (setgroups(count, groups) < 0) err(99, "set groups");
    announce_and_rest();
}

static void many_groups(void) {
    leave(be_in_many_groups);
    await_left(1);
}

const struct shape burden_shapes[] = {
    {"huge-environ", huge_environ}, {"huge-argv", huge_argv}, {"many-groups", many_groups},
    {"@announce", announce_and_rest}, {0},
};
