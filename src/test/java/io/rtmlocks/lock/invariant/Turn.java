// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock.invariant;

import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.Moment;
import java.util.List;
import java.util.stream.Stream;

/** One command and all that came of it. */
public record Turn(Moment moment, Command command, List<Effect> effects) {

    <T extends Effect> Stream<T> effects(Class<T> kind) {
        return effects.stream().filter(kind::isInstance).map(kind::cast);
    }

    /** The replies to this request of this session. */
    long replies(String sessionId, long requestId) {
        return effects(Effect.Replied.class)
                .filter(reply -> reply.sessionId().equals(sessionId) && reply.requestId() == requestId)
                .count();
    }
}
