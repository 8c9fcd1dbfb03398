// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A snapshot shows what the events up to its number have made of the one before it. */
final class SnapshotsMatchEvents implements Check {

    @Override
    public List<String> findings(History history) {
        List<String> findings = new ArrayList<>();
        history.sightingsByChannel().values().forEach(sightings -> check(sightings, findings));
        return findings;
    }

    private static void check(List<Sighting> sightings, List<String> findings) {
        TreeMap<Long, Sighting> events = new TreeMap<>();
        sightings.stream().filter(each -> !each.isSnapshot()).forEach(each -> events.put(each.seq(), each));
        List<Sighting> snapshots = sightings.stream()
                .filter(Sighting::isSnapshot)
                .sorted(Comparator.comparingLong(Sighting::seq))
                .toList();
        Sighting former = null;
        for (Sighting snapshot : snapshots) {
            Map<String, Sighting.Held> expected = former == null ? null : replay(former, events, snapshot.seq());
            if (expected != null && !expected.equals(snapshot.snapshot())) {
                findings.add(snapshot + ", and the events made " + expected);
            }
            former = snapshot;
        }
    }

    private static Map<String, Sighting.Held> replay(Sighting from, TreeMap<Long, Sighting> events, long untilSeq) {
        Map<String, Sighting.Held> locks = new HashMap<>(from.snapshot());
        for (long seq = from.seq() + 1; seq <= untilSeq; seq++) {
            Sighting event = events.get(seq);
            if (event == null) {
                return null;
            }
            switch (event.type()) {
                case "REMOVED" -> locks.remove(event.lock());
                case "ACQUIRED" -> locks.put(event.lock(), new Sighting.Held(event.owner(), event.token()));
                default -> locks.put(event.lock(), new Sighting.Held("", 0));
            }
        }
        return locks;
    }
}
