// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.telemetry.LogEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members that have the same name, by mistake: the one that has been there longest takes part, the others do not until it is gone.
 * All nodes see the members in the same order. Confined to one context.
 */
final class Namesakes {

    private static final Logger LOG = LoggerFactory.getLogger(Namesakes.class);

    private final Function<Member, String> addresses;
    private Set<Member> said = Set.of();

    /** @param addresses where a member is, for people to read */
    Namesakes(Function<Member, String> addresses) {
        this.addresses = addresses;
    }

    /**
     * Says so once when one has the name of another.
     *
     * @param members that are there, the one that has been there longest first
     * @return those of them that take part, in this order
     */
    List<Member> takingPart(List<Member> members) {
        Map<String, Member> firsts = new HashMap<>();
        List<Member> takingPart = new ArrayList<>();
        Set<Member> others = new HashSet<>();
        for (Member each : members) {
            Member first = firsts.putIfAbsent(each.name(), each);
            if (first == null) {
                takingPart.add(each);
            } else {
                others.add(each);
                say(first, each);
            }
        }
        said = others;
        return takingPart;
    }

    private void say(Member first, Member other) {
        if (!said.contains(other)) {
            LogEvent.DUPLICATE_NAME
                    .on(LOG)
                    .addKeyValue("node", other.name())
                    .addKeyValue("at", addresses.apply(first))
                    .addKeyValue("ignoredAt", addresses.apply(other))
                    .log();
        }
    }
}
