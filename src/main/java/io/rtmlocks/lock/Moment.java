// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

/**
 * When a command is applied, as its leader saw it.
 *
 * <p>Deadlines count on {@code monotonicMillis} alone, which means nothing on another machine; {@code utcMillis} goes into
 * what people read and into fencing tokens.
 */
public record Moment(long utcMillis, long monotonicMillis) {}
