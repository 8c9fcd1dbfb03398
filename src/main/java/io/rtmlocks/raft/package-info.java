// SPDX-License-Identifier: Apache-2.0
/** The replicated log of a shard: the only code that knows MicroRaft. */
@NullMarked
package io.rtmlocks.raft;

import org.jspecify.annotations.NullMarked;
