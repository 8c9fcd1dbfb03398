// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** On one connection a subscriber first sees a snapshot, then every number once and in order, or a fresh snapshot that is no older. */
final class EventsWithoutGaps implements Check {

    @Override
    public List<String> findings(History history) {
        List<String> findings = new ArrayList<>();
        history.sightingsByChannel().values().forEach(sightings -> {
            Map<String, Sighting> last = new HashMap<>();
            for (Sighting next : sightings) {
                Sighting before = last.put(next.subscription(), next);
                if (before == null ? !next.isSnapshot() : !mayFollow(before, next)) {
                    findings.add("after " + before + " came " + next);
                }
            }
        });
        return findings;
    }

    private static boolean mayFollow(Sighting before, Sighting next) {
        return next.isSnapshot() ? next.seq() >= before.seq() : next.seq() == before.seq() + 1;
    }
}
