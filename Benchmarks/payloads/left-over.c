// SPDX-License-Identifier: Apache-2.0
/// The smallest process worth ending: it waits for a signal and keeps every one's default action.
#include <unistd.h>

int main(void) {
    for (;;) pause();
}
