// SPDX-License-Identifier: Apache-2.0
/** The lock table: a pure state machine that turns commands into effects; no clock, no randomness, no input or output. */
@NullMarked
package io.rtmlocks.lock;

import org.jspecify.annotations.NullMarked;
