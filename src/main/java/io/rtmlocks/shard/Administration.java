// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the operator does to the locks of a shard: ordinary commands of a session that is there for one request, so that clients
 * see what they always see. Confined to the shard's context.
 */
final class Administration {

    /** The publisher of what the operator does. No client has this name: names do not begin with an underscore. */
    static final String USER = "_admin";

    private static final String NO_GATEWAY = "";

    private final Map<String, Promise<Answer>> asked = new HashMap<>();

    /**
     * @param sessionId that nobody has had
     * @param log takes a command, or says that it does not
     * @return fails when it was not taken, or when it may have been lost
     */
    Future<Answer> ask(String sessionId, Function<Caller, Command.Request> request, Predicate<Command> log) {
        Promise<Answer> answer = Promise.promise();
        asked.put(sessionId, answer);
        boolean isTaken = log.test(new Command.SessionOnline(sessionId, 1, USER, NO_GATEWAY))
                && log.test(request.apply(new Caller(sessionId, 1, 1)));
        boolean unused = log.test(new Command.SessionGone(sessionId, 1));
        if (!isTaken) {
            asked.remove(sessionId);
            answer.fail("the shard has too much to do: nothing happened, try again");
        }
        return answer.future();
    }

    /** What was applied may be what was asked. */
    void note(List<Effect> effects) {
        if (asked.isEmpty()) {
            return;
        }
        for (Effect effect : effects) {
            if (effect instanceof Effect.Replied replied) {
                Promise<Answer> answer = asked.remove(replied.sessionId());
                if (answer != null) {
                    answer.complete(replied.reply().answer());
                }
            }
        }
    }

    /** This node does not lead any more. */
    void end() {
        List<Promise<Answer>> lost = List.copyOf(asked.values());
        asked.clear();
        lost.forEach(answer -> answer.fail("the leader changed meanwhile: it may have happened, look at the lock"));
    }
}
