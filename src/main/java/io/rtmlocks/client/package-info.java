// SPDX-License-Identifier: Apache-2.0
/** A client in Java, with what {@code exec} needs: one lock, asked for, kept and given back. */
@NullMarked
package io.rtmlocks.client;

import org.jspecify.annotations.NullMarked;
