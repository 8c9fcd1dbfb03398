// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Every grant and release that was acknowledged was seen as an event, or has its place among the numbers that all subscribers
 * were given a fresh snapshot for: between the grants with a smaller and with a greater token.
 */
final class AcknowledgedIsSeen implements Check {

    @Override
    public List<String> findings(History history) {
        List<String> findings = new ArrayList<>();
        Map<String, List<Sighting>> seen = history.sightingsByChannel();
        Map<String, List<Op>> acknowledged = new TreeMap<>();
        history.ops().stream()
                .filter(op -> op.isGrant()
                        || op.kind() == Op.Kind.RELEASE && op.answer().isSuccess())
                .filter(op -> seen.containsKey(channel(op)))
                .forEach(op -> acknowledged
                        .computeIfAbsent(channel(op), any -> new ArrayList<>())
                        .add(op));
        acknowledged.forEach((channel, ops) -> new Channel(seen.get(channel)).check(ops, findings));
        return findings;
    }

    static String channel(Op op) {
        return op.lock().substring(0, op.lock().indexOf('/'));
    }

    /** What was seen of one channel, by all together. */
    private static final class Channel {
        private final Map<String, Long> events = new HashMap<>();
        private final TreeMap<Long, Long> seqByToken = new TreeMap<>();
        private final TreeSet<Long> unseen = new TreeSet<>();

        Channel(List<Sighting> sightings) {
            Set<Long> seen = new HashSet<>();
            long last = 0;
            for (Sighting each : sightings) {
                last = Math.max(last, each.seq());
                if (!each.isSnapshot()) {
                    seen.add(each.seq());
                    events.put(key(each.type(), each.lock(), each.token()), each.seq());
                    if (each.type().equals("ACQUIRED")) {
                        seqByToken.put(each.token(), each.seq());
                    }
                }
            }
            for (long seq = 1; seq <= last; seq++) {
                if (!seen.contains(seq)) {
                    unseen.add(seq);
                }
            }
        }

        void check(List<Op> ops, List<String> findings) {
            Set<String> told = new HashSet<>();
            for (Op op : ops) {
                String name = op.lock().substring(op.lock().indexOf('/') + 1);
                long token = op.isGrant() ? op.answer().token() : op.token();
                String key = key(op.isGrant() ? "ACQUIRED" : "RELEASED", name, token);
                if (told.add(key) && !events.containsKey(key) && !fitsUnseen(token, op.isGrant(), name)) {
                    findings.add("nobody saw " + op);
                }
            }
        }

        private boolean fitsUnseen(long token, boolean grant, String lock) {
            Map.Entry<Long, Long> before = grant ? seqByToken.lowerEntry(token) : seqByToken.floorEntry(token);
            Map.Entry<Long, Long> after = seqByToken.higherEntry(token);
            Long released = grant ? events.get(key("RELEASED", lock, token)) : null;
            long from = before == null ? 0 : before.getValue();
            long bound = !grant || after == null ? Long.MAX_VALUE : after.getValue();
            Long place = unseen.higher(from);
            if (place == null || place >= bound || released != null && place >= released) {
                return false;
            }
            return unseen.remove(place);
        }

        private static String key(String type, String lock, long token) {
            return type + " " + lock + " " + token;
        }
    }
}
