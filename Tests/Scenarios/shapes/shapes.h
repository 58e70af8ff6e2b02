// SPDX-License-Identifier: Apache-2.0
/// What the shapes of left-overs share.
///
/// A shape is the payload's leader: it makes its left-overs, waits until each has said that it is in place, then exits
/// and leaves them. Nothing here waits by time. Environment: SHAPE_DIR, a directory for the files that tests look at.
#ifndef SHAPES_H
#define SHAPES_H

#include <err.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/// A number that no argument gave is `fallback`.
long number_argument(int index, long fallback);
/// The argument at `index` after the shape's name and token, or NULL.
const char *text_argument(int index);
/// The value of an environment variable that the shape cannot do without.
const char *required(const char *variable);

/// Forks a left-over that runs `what`, which must call `announce` when it is in place and never returns of itself.
pid_t leave(void (*what)(void));
/// Says, once for each left-over, that it is in place; also writes its pid to SHAPE_DIR/left.
void announce(void);
/// Says that `pid` is in place, for one that cannot itself.
void announce_for(pid_t pid);
/// Says that one is in place without naming a pid: it will not be there for long, or has none in this namespace.
void announce_nameless(void);
/// Waits in the leader until `count` left-overs are in place; fails if they died before that.
void await_left(int count);
/// Does nothing more, for ever.
_Noreturn void rest(void);
/// `announce`, then `rest`.
void announce_and_rest(void);
/// The end of the pipe that `announce` writes to, for a left-over that executes this program again.
int ready_descriptor(void);
/// Executes this program again as the hidden shape `stage`, with this environment; it announces itself there.
_Noreturn void execute_stage(const char *stage, char **environment);

/// Writes `text` to SHAPE_DIR/`name`, as a whole or not at all.
void write_result(const char *name, const char *text);
/// Writes `text` to a file, complaining unless `optional`. True when written.
bool write_text(const char *path, const char *text, bool optional);
/// The directory of this process's cgroup v2, in the throwaway host's mount.
void own_cgroup(char *path, size_t size);
/// Memory that all left-overs share, zeroed.
void *shared_memory(size_t size);
/// Blocks until the file at `path` exists or is readable: an open of a FIFO.
void await_go(void);

/// A subcommand: its name, and what the leader does. `@` in front marks a stage that the program executes itself.
struct shape {
    const char *name;
    void (*lead)(void);
};

extern const struct shape daemon_shapes[], signal_shapes[], racer_shapes[], disguise_shapes[], burden_shapes[];
extern const struct shape relative_shapes[], cgroup_shapes[], fuse_shapes[], tool_shapes[];

#endif
