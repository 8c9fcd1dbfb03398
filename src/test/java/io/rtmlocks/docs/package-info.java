// SPDX-License-Identifier: Apache-2.0
/** Holds what is written for users against what the program does. */
@NullMarked
package io.rtmlocks.docs;

import org.jspecify.annotations.NullMarked;
