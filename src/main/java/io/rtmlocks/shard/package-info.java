// SPDX-License-Identifier: Apache-2.0
/** Hosts of a shard: one context that feeds commands to the log, applies what the log commits and runs the effects. */
@NullMarked
package io.rtmlocks.shard;

import org.jspecify.annotations.NullMarked;
