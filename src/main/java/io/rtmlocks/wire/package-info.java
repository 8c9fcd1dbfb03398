// SPDX-License-Identifier: Apache-2.0
/** What crosses the wire: frames between client and node, messages between nodes, and every error code. */
@NullMarked
package io.rtmlocks.wire;

import org.jspecify.annotations.NullMarked;
