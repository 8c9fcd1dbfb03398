// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

/**
 * Who asks: a session, in which of its lives, and the number of the request.
 *
 * @param epoch grows by one each time the session takes a new connection; a command of an older epoch is refused
 * @param requestId the client's {@code id}: the same session and id name the same request, however often it is sent
 */
public record Caller(String sessionId, long epoch, long requestId) {}
