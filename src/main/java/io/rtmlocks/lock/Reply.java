// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

/** An answer and when it was given; a repeated request gets the first one again, unchanged. */
public record Reply(long utcMillis, Answer answer) {}
