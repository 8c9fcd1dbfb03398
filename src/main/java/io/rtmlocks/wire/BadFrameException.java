// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import io.rtmlocks.lock.Operation;
import org.jspecify.annotations.Nullable;

/**
 * A frame that asks for nothing the service could do. It changed nothing.
 *
 * <p>{@code isNoise} tells a client that does not speak the protocol (not JSON, a wrong type, an unknown word; counted, and
 * too many end the connection) from one that named something illegal or left something out.
 */
public final class BadFrameException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient ErrorCode code;
    private final boolean noise;
    private final long id;
    private final transient @Nullable Operation operation;

    /** @param id the id of the request, 0 when there was none that could be read */
    BadFrameException(ErrorCode code, String reason, boolean isNoise, long id, @Nullable Operation operation) {
        super(reason, null, false, false);
        this.code = code;
        this.noise = isNoise;
        this.id = id;
        this.operation = operation;
    }

    public ErrorCode code() {
        return code;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }

    public boolean isNoise() {
        return noise;
    }

    public long id() {
        return id;
    }

    public @Nullable Operation operation() {
        return operation;
    }
}
