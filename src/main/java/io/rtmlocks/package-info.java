// SPDX-License-Identifier: Apache-2.0
/** The program: its command line and its configuration, and the wiring of the parts below. */
@NullMarked
package io.rtmlocks;

import org.jspecify.annotations.NullMarked;
