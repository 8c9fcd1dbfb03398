// SPDX-License-Identifier: Apache-2.0
/** What ends of connections show each other, and whom they trust: PEM files, and what the nodes derive from their secret. */
@NullMarked
package io.rtmlocks.tls;

import org.jspecify.annotations.NullMarked;
